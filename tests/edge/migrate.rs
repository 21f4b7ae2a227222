//! From an API token to OAuth, under the same id; and which connections will stop.

use crate::refresh::{credentials, grants};
use crate::world::{World, basic_body, form, request};
use crate::zendesk::{ok, status};
use serde_json::{Value, json};

/// A pre-authorized integration in use, with an API token.
fn in_use() -> (World, String, String, String) {
    let world = World::new();
    let admin = world.admin();
    world.put("/integration", &admin, json!({ "authorization": "basic", "access": "pre-authorize" }));
    let id = world.post("/connections", &admin, basic_body()).text_of("id");
    assert_eq!(world.send(request("POST", "/integration/enable", &admin, None)).text_of("state"), "enabled");
    let profile = world.profile(&admin);
    (world, admin, id, profile)
}

fn shown(world: &World, id: &str) -> Value {
    world.get(&format!("/connections/{id}"), &world.admin()).json()
}

#[test]
fn an_integration_goes_over_to_oauth_without_a_moment_out_of_use() {
    let (world, admin, id, profile) = in_use();
    let before = shown(&world, &id);
    assert_eq!((&before["stopsOn"], &before["migratedAt"]), (&json!("2027-04-30"), &Value::Null));
    let begun = world.begin_at(&format!("/connections/{id}/migrate"), &admin, json!({ "profile": profile }));
    assert_eq!(begun.url.host_str(), Some("acme.zendesk.com"));
    let is_basic = |world: &World| credentials(world, &id).text_of("authorization").starts_with("Basic ");
    assert!(is_basic(&world) && world.get("/integration", &admin).text_of("state") == "enabled");
    world.zendesk.token.set([grants(1)]);
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("API tokens"), "the person is told to delete it: {}", page.text);
    assert_eq!(credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
    let after = shown(&world, &id);
    assert_eq!((&after["id"], &after["mechanism"], &after["stopsOn"]), (&json!(id), &json!("oauth2"), &Value::Null));
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert_eq!(after["migratedAt"], after["updatedAt"]);
    let integration = world.get("/integration", &admin).json();
    assert_eq!(
        (&integration["authorization"], &integration["state"], &integration["connection"], &integration["profile"]),
        (&json!("oauth-custom"), &json!("enabled"), &json!(id), &json!(profile))
    );
    assert_eq!(world.events_of("connection.migrated")[0]["connection"], json!(id));
    assert!(world.events_of("integration.disabled").is_empty());
    assert!(!world.entries.borrow().values().any(|entry| entry.value.contains(crate::world::API_TOKEN)));

    world.pass(60);
    let again = world.begin(&admin, json!({ "profile": profile }));
    world.zendesk.token.set([grants(2)]);
    assert!(!world.come_back(&again, "code=y").text.contains("API tokens"), "that was another day");
    assert_eq!(world.events_of("connection.migrated").len(), 1);
    assert_eq!(shown(&world, &id)["migratedAt"], after["migratedAt"]);
}

#[test]
fn a_migration_that_the_integration_did_not_hear_of_is_made_up_for() {
    let (world, admin, id, profile) = in_use();
    let begun = world.begin_at(&format!("/connections/{id}/migrate"), &admin, json!({ "profile": profile }));
    *world.store_fault.borrow_mut() = Box::new(|_, key| key.starts_with("integrations/"));
    world.zendesk.token.set([grants(1)]);
    world.come_back(&begun, "code=x");
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!(shown(&world, &id)["mechanism"], "oauth2", "the connection has gone over");
    assert_eq!(world.get("/integration", &admin).text_of("authorization"), "basic", "and the integration has not");

    world.pass(60);
    let again = world.begin(&admin, json!({ "profile": profile }));
    world.zendesk.token.set([grants(2)]);
    world.come_back(&again, "code=y");
    let integration = world.get("/integration", &admin).json();
    assert_eq!(
        (&integration["authorization"], &integration["state"], &integration["connection"]),
        (&json!("oauth-custom"), &json!("enabled"), &json!(id))
    );
}

#[test]
fn a_migration_is_told_once_also_where_clocks_differ() {
    let (world, admin, id, profile) = in_use();
    let migrate = world.begin_at(&format!("/connections/{id}/migrate"), &admin, json!({ "profile": profile }));
    let again = world.begin(&admin, json!({ "profile": profile }));
    world.pass(120);
    world.zendesk.token.set([grants(1)]);
    world.come_back(&migrate, "code=x");
    world.now.set(world.now.get() - 120_000);
    world.zendesk.token.set([grants(2)]);
    world.come_back(&again, "code=y");
    assert_eq!(world.events_of("connection.migrated").len(), 1);
}

#[test]
fn an_api_token_stays_until_another_credential_is_verified() {
    let refused = [
        ("error=access_denied", None, None),
        ("code=x", Some(status(400, r#"{"error":"invalid_grant"}"#)), None),
        ("code=x", None, Some(ok(r#"{"user":{"id":null}}"#))),
        ("code=x", None, Some(status(401, r#"{"error":"invalid_token"}"#))),
    ];
    for (query, token, user) in refused {
        let (world, admin, id, profile) = in_use();
        let before = world.entries.borrow()[&format!("connections/default/{id}")].value.clone();
        let begun = world.begin_at(&format!("/connections/{id}/migrate"), &admin, json!({ "profile": profile }));
        if let Some(token) = token {
            world.zendesk.token.set([token]);
        }
        if let Some(user) = user {
            world.zendesk.user.set([user]);
        }
        assert!(!world.come_back(&begun, query).text.contains("<h1>Connected</h1>"));
        assert_eq!(world.entries.borrow()[&format!("connections/default/{id}")].value, before);
        assert_eq!(world.get("/integration", &admin).text_of("state"), "enabled");
        assert!(world.events_of("connection.migrated").is_empty());
    }
}

#[test]
fn users_migrate_their_own_once_the_integration_has_gone_over() {
    let world = World::with(&crate::world::system_options());
    let (admin, jane) = (world.admin(), world.user("jane"));
    let basic = world.post("/profiles", &admin, json!({ "mechanism": "basic", "name": "Basic" })).text_of("id");
    world.allow_users("basic", Some(&basic));
    let id = world.post("/connections", &jane, basic_body()).text_of("id");
    let path = format!("/connections/{id}/migrate");
    let system = json!({ "authorization": "oauth-system" });
    assert_eq!(world.post(&path, &jane, system.clone()).problem(), (403, "integration_other_choice".into()));
    world.allow_users("oauth-system", None);
    assert!(credentials(&world, &id).text_of("authorization").starts_with("Basic "), "the token goes on working");
    assert_eq!(world.post(&path, &admin, system.clone()).problem(), (403, "migration_other_owner".into()));
    let begun = world.begin_at(&path, &jane, system.clone());
    world.zendesk.token.set([grants(1)]);
    world.come_back(&begun, "code=x");
    assert_eq!(credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
    assert_eq!(world.post(&path, &jane, system).problem(), (409, "connection_not_basic".into()));
}

#[test]
fn a_migration_is_to_the_same_account_and_to_oauth() {
    let (world, admin, id, _) = in_use();
    let path = format!("/connections/{id}/migrate");
    let mut other = form();
    other["subdomain"] = json!("globex");
    let other = world.post("/profiles", &admin, other).text_of("id");
    assert_eq!(world.post(&path, &admin, json!({ "profile": other })).problem(), (422, "subdomain_mismatch".into()));
    let basic = world.post(&path, &admin, json!({ "authorization": "basic" }));
    assert_eq!(basic.problem(), (422, "body_fields_invalid".into()));
    assert_eq!(basic.fields()[0], ("authorization".into(), "field_invalid".into()));
    assert_eq!(world.post(&path, &admin, json!({})).fields(), [("profile".into(), "field_required".into())]);
    let typed = json!({ "profile": other, "subdomain": "globex" });
    assert_eq!(world.post(&path, &admin, typed).fields(), [("subdomain".into(), "field_unknown".into())]);
    let missing = world.post("/connections/nothing/migrate", &admin, json!({ "profile": other }));
    assert_eq!(missing.problem(), (404, "connection_not_found".into()));
}

#[test]
fn an_admin_sees_what_will_stop_and_when() {
    let (world, admin, basic, _) = in_use();
    let connect = |account: &str, answer: Value| {
        let mut form = form();
        form["subdomain"] = json!(account);
        let profile = world.post("/profiles", &admin, form).text_of("id");
        world.zendesk.token.set([ok(answer.to_string())]);
        let begun = world.begin(&admin, json!({ "profile": profile }));
        world.come_back(&begun, "code=x");
        world.get(&format!("/transactions/{}", begun.id), &admin).text_of("connection")
    };
    let old = connect("globex", json!({ "access_token": "a", "scope": "read" }));
    let new = connect("initech", json!({ "access_token": "a", "refresh_token": "r", "scope": "read" }));
    let stops = |query: &str| {
        let json = world.get(&format!("/connections{query}"), &admin).json();
        let mut stops: Vec<(String, Value)> = json["connections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| (each["id"].as_str().unwrap().into(), each["stopsOn"].clone()))
            .collect();
        stops.sort_by_key(|(id, _)| id.clone());
        stops
    };
    let mut expected = vec![(basic, json!("2027-04-30")), (old, json!("2027-04-01"))];
    expected.sort_by_key(|(id, _)| id.clone());
    assert_eq!(stops("?stopping=true"), expected);
    expected.push((new, Value::Null));
    expected.sort_by_key(|(id, _)| id.clone());
    assert_eq!(stops(""), expected);
    for odd in ["?stopping=false", "?stopping=", "?stops=true"] {
        assert_eq!(world.get(&format!("/connections{odd}"), &admin).problem().0, 422, "{odd}");
    }
    assert_eq!(world.get("/profiles?stopping=true", &admin).problem().0, 422);
}
