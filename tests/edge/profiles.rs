use crate::world::{CLIENT_SECRET, World, form};
use serde_json::{Value, json};

fn with(changes: Value) -> Value {
    let mut form = form();
    for (name, value) in changes.as_object().unwrap() {
        form[name] = value.clone();
    }
    form
}

#[test]
fn a_profile_shows_everything_but_the_secret() {
    let world = World::new();
    let admin = world.admin();
    let reply = world.post("/profiles", &admin, with(json!({ "subdomain": " https://ACME.zendesk.com/agent/ " })));
    assert_eq!(reply.status, 201);
    let created = reply.json();
    let id = created["id"].as_str().unwrap();
    assert_eq!(id.len(), 22);
    let expected = json!({
        "id": id, "mechanism": "oauth2", "name": "Support", "subdomain": "acme", "clientId": "acme_client",
        "clientKind": "confidential", "clientSecretSet": true,
        "authorizationUrl": "https://{subdomain}.zendesk.com/oauth/authorizations/new",
        "tokenUrl": "https://{subdomain}.zendesk.com/oauth/tokens", "scope": "read write",
        "createdAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z", "version": 1,
    });
    assert_eq!(created, expected);
    assert_eq!(world.get(&format!("/profiles/{id}"), &admin).json(), expected);
    assert_eq!(world.get("/profiles", &admin).json(), json!({ "profiles": [expected] }));
    assert_eq!(world.keys(), [format!("profiles/default/{id}")]);
    assert_eq!(world.events_of("profile.saved")[0]["profile"], id);
}

#[test]
fn the_form_is_judged_again() {
    let world = World::new();
    let admin = world.admin();
    let reply =
        world.post("/profiles", &admin, json!({ "subdomain": "help.acme.com", "clientKind": "secret", "scope": "" }));
    assert_eq!(reply.problem(), (422, "form_invalid".into()));
    let mut fields: Vec<String> = reply.fields().into_iter().map(|(field, _)| field).collect();
    fields.sort();
    assert_eq!(fields, ["clientId", "clientKind", "clientSecret", "name", "scope", "subdomain"]);
    let elsewhere = with(json!({ "tokenUrl": "https://evil.example/oauth/tokens" }));
    let reply = world.post("/profiles", &admin, elsewhere);
    assert_eq!(reply.fields(), [("tokenUrl".to_string(), "endpoint_other_host".to_string())]);
    assert!(!reply.text.contains(CLIENT_SECRET));
    assert!(world.keys().is_empty());
}

#[test]
fn a_claim_that_the_secret_is_known_does_not_replace_it() {
    let world = World::new();
    let admin = world.admin();
    let reply = world.post("/profiles", &admin, with(json!({ "clientSecret": "", "clientSecretSet": "true" })));
    assert_eq!(reply.fields(), [("clientSecret".to_string(), "field_required".to_string())]);
}

#[test]
fn a_misspelt_field_is_an_error() {
    let world = World::new();
    let reply = world.post("/profiles", &world.admin(), with(json!({ "client_secret": "x", "scope": 1 })));
    assert_eq!(reply.problem(), (422, "body_fields_invalid".into()));
    let mut fields = reply.fields();
    fields.sort();
    assert_eq!(fields[0], ("client_secret".to_string(), "field_unknown".to_string()));
    assert_eq!(fields[1], ("scope".to_string(), "field_invalid".to_string()));
}

#[test]
fn editing_keeps_the_secret_of_the_same_client_only() {
    let world = World::new();
    let admin = world.admin();
    let id = world.profile(&admin);
    let edit = |changes: Value| {
        let mut body = with(changes);
        body.as_object_mut().unwrap().remove("clientSecret");
        world.put_profile(&id, &admin, body)
    };
    world.pass(5);
    let renamed = edit(json!({ "name": "Sales" }));
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let json = renamed.json();
    assert_eq!((&json["name"], &json["version"], &json["clientSecretSet"]), (&json!("Sales"), &json!(2), &json!(true)));
    assert_eq!(json["createdAt"], "2026-11-23T12:00:00.000Z");
    assert_eq!(json["updatedAt"], "2026-11-23T12:00:05.000Z");

    let required = [("clientSecret".to_string(), "field_required".to_string())];
    assert_eq!(edit(json!({ "subdomain": "globex" })).fields(), required);
    assert_eq!(edit(json!({ "clientId": "another" })).fields(), required);
    assert_eq!(edit(json!({ "subdomain": "ACME.zendesk.com" })).status, 200);

    let public = edit(json!({ "clientKind": "public" }));
    assert_eq!(public.json()["clientSecretSet"], false);
    assert_eq!(edit(json!({})).fields(), required, "a public client's secret was not kept");
    let other = world.put_profile(&id, &admin, with(json!({ "subdomain": "globex", "clientSecret": "new-secret" })));
    assert_eq!(other.json()["subdomain"], "globex");
}

#[test]
fn a_basic_profile_has_a_name_and_perhaps_an_account() {
    let world = World::new();
    let admin = world.admin();
    let save = |body: Value| world.post("/profiles", &admin, body);
    let reply = save(json!({ "mechanism": "basic", "name": "By token", "subdomain": " Acme.zendesk.com " }));
    assert_eq!(reply.status, 201, "{}", reply.text);
    let id = reply.text_of("id");
    let expected = json!({
        "id": id, "mechanism": "basic", "name": "By token", "subdomain": "acme",
        "createdAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z", "version": 1,
    });
    assert_eq!(reply.json(), expected);
    assert_eq!(world.get(&format!("/profiles/{id}"), &admin).json(), expected);
    assert_eq!(save(json!({ "mechanism": "basic", "name": "Any account" })).text_of("subdomain"), "");
    assert_eq!(save(json!({ "mechanism": "basic" })).fields(), [("name".to_string(), "field_required".to_string())]);
    let client = save(json!({ "mechanism": "basic", "name": "x", "clientId": "y" }));
    assert_eq!(client.fields(), [("clientId".to_string(), "field_unknown".to_string())]);
    assert_eq!(save(json!({ "mechanism": "saml", "name": "x" })).problem().1, "body_fields_invalid");

    let renamed = world.put_profile(&id, &admin, json!({ "name": "Renamed" }));
    assert_eq!(
        (renamed.status, renamed.text_of("name"), renamed.text_of("subdomain")),
        (200, "Renamed".into(), "".into())
    );
    let other = world.put_profile(&id, &admin, with(json!({ "mechanism": "oauth2" })));
    assert!(other.fields().contains(&("mechanism".to_string(), "field_invalid".to_string())), "{}", other.text);
}

#[test]
fn a_duplicate_has_the_secret_without_showing_it() {
    let world = World::new();
    let admin = world.admin();
    let id = world.profile(&admin);
    world.pass(5);
    let reply = world.post(&format!("/profiles/{id}/duplicate"), &admin, json!({ "name": " Support, again " }));
    assert_eq!(reply.status, 201, "{}", reply.text);
    let mut expected = world.get(&format!("/profiles/{id}"), &admin).json();
    let copy = reply.json();
    expected["id"] = copy["id"].clone();
    expected["name"] = json!("Support, again");
    expected["createdAt"] = json!("2026-11-23T12:00:05.000Z");
    expected["updatedAt"] = json!("2026-11-23T12:00:05.000Z");
    assert_eq!(copy, expected);
    assert_ne!(copy["id"], json!(id));
    assert!(copy["clientSecretSet"] == true && !reply.text.contains(CLIENT_SECRET));
    let begun = world.begin(&admin, json!({ "profile": copy["id"] }));
    world.come_back(&begun, "code=x");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens")[0].json()["client_secret"], CLIENT_SECRET);

    let again = |name: Value| world.post(&format!("/profiles/{id}/duplicate"), &admin, json!({ "name": name }));
    assert_eq!(again(json!("")).fields(), [("name".to_string(), "field_required".to_string())]);
    assert_eq!(again(json!("x".repeat(101))).fields()[0].1, "field_too_long");
    let stranger = world.session(json!({ "role": "admin", "tenant": "other" }));
    let reply = world.post(&format!("/profiles/{id}/duplicate"), &stranger, json!({ "name": "Mine" }));
    assert_eq!(reply.problem(), (404, "profile_not_found".into()));
}

#[test]
fn two_people_editing_at_once_do_not_overwrite_each_other() {
    let world = World::new();
    let admin = world.admin();
    let id = world.profile(&admin);
    assert_eq!(world.put_profile(&id, &admin, with(json!({ "version": 1 }))).status, 200);
    assert_eq!(
        world.put_profile(&id, &admin, with(json!({ "version": 1 }))).problem(),
        (409, "profile_changed".into())
    );

    let put = |name: &str| {
        let body = with(json!({ "name": name }));
        world.send_later(crate::world::request("PUT", &format!("/profiles/{id}"), &admin, Some(body)))
    };
    let (one, two) = futures::executor::block_on(futures::future::join(put("one"), put("two")));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [200, 409]);
}

#[test]
fn profiles_of_another_tenant_do_not_exist() {
    let world = World::new();
    let id = world.profile(&world.admin());
    let stranger = world.session(json!({ "role": "admin", "tenant": "other" }));
    let not_found = (404, "profile_not_found".to_string());
    assert_eq!(world.get(&format!("/profiles/{id}"), &stranger).problem(), not_found);
    assert_eq!(world.put_profile(&id, &stranger, form()).problem(), not_found);
    assert_eq!(world.post("/connections", &stranger, json!({ "profile": id })).problem(), not_found);
    assert_eq!(world.get("/profiles", &stranger).json(), json!({ "profiles": [] }));
    for odd in ["..", "%2e%2e", "a%2Fb", "x".repeat(65).as_str()] {
        assert_eq!(world.get(&format!("/profiles/{odd}"), &stranger).problem(), not_found, "{odd}");
    }
}

#[test]
fn long_lists_come_in_pages() {
    let world = World::new();
    let admin = world.admin();
    let mut made: Vec<String> = (0..5).map(|_| world.profile(&admin)).collect();
    made.sort();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.get(&format!("/profiles?limit=2{cursor}"), &admin).json();
        seen.extend(
            page["profiles"].as_array().unwrap().iter().map(|profile| profile["id"].as_str().unwrap().to_string()),
        );
        match page["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    for _ in 0..300 {
        made.push(world.profile(&admin));
    }
    let whole = world.get("/profiles", &admin).json();
    assert_eq!(whole["profiles"].as_array().unwrap().len(), made.len(), "whole unless pages are asked for");
    assert_eq!(whole.get("cursor"), None);
    for query in ["limit=0", "limit=201", "limit=x", "page=2"] {
        assert_eq!(world.get(&format!("/profiles?{query}"), &admin).status, 422, "{query}");
    }
}
