use crate::visitor::Visitor;
use crate::world::{ADMIN_KEY, World, system_options};
use crate::zendesk::{ACCESS_TOKEN, status};
use serde_json::{Value, json};

pub fn system_world() -> World {
    let world = World::with(&system_options());
    world.allow_users("oauth-system", None);
    world
}

#[test]
fn a_link_is_made_for_one_end_user() {
    let world = system_world();
    let made = world.post(
        "/links",
        ADMIN_KEY,
        json!({
            "subject": "jane", "name": "Jane Doe", "tenantName": "Support bot", "email": "jane@acme.example",
            "language": "de-CH", "expiresIn": 600,
        }),
    );
    assert_eq!(made.status, 201);
    let link = made.json();
    let (id, url) = (link["id"].as_str().unwrap(), link["url"].as_str().unwrap());
    assert_eq!(
        link,
        json!({
            "id": id, "url": url, "tenant": "default", "tenantName": "Support bot", "subject": "jane",
            "name": "Jane Doe", "email": "jane@acme.example", "language": "de", "status": "open", "connection": null,
            "createdAt": "2026-11-23T12:00:00.000Z", "expiresAt": "2026-11-23T12:10:00.000Z",
        })
    );
    let token = url.strip_prefix("https://app.example/zendesk/authorize/").unwrap();
    assert_eq!((id.len(), token.len()), (22, 43));
    assert!(!token.contains(id), "who knows a link's id cannot follow it");
    assert!(world.keys().iter().all(|key| !key.contains(token)));
    let event = &world.events_of("link.created")[0];
    assert_eq!(
        (&event["link"], &event["subject"], &event["tenant"]),
        (&json!(id), &json!("user:jane"), &json!("default"))
    );
    assert!(!world.events.borrow().iter().any(|event| event.to_string().contains(token)));

    let shown = world.get(&format!("/links/{id}"), ADMIN_KEY);
    let mut expected = link.clone();
    expected.as_object_mut().unwrap().remove("url");
    assert_eq!((shown.status, shown.json()), (200, expected), "the link itself is shown once");
}

#[test]
fn what_is_left_out_has_defaults() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    assert_eq!(link["expiresAt"], "2026-11-23T12:15:00.000Z");
    assert_eq!((&link["name"], &link["email"], &link["language"]), (&json!("jane"), &json!(null), &json!(null)));
    let of_admin = world.post("/links", &world.admin(), json!({ "subject": "jane" }));
    assert_eq!((of_admin.status, of_admin.text_of("tenant")), (201, "default".into()));
}

#[test]
fn every_problem_of_a_link_is_named() {
    let world = system_world();
    let long = "x".repeat(81);
    for (body, field, code) in [
        (json!({}), "subject", "field_required"),
        (json!({ "subject": "a b" }), "subject", "field_invalid"),
        (json!({ "subject": "jane", "expiresIn": 59 }), "expiresIn", "field_invalid"),
        (json!({ "subject": "jane", "expiresIn": 86_401 }), "expiresIn", "field_invalid"),
        (json!({ "subject": "jane", "name": "" }), "name", "field_invalid"),
        (json!({ "subject": "jane", "name": long }), "name", "field_invalid"),
        (json!({ "subject": "jane", "name": "a\nb" }), "name", "field_invalid"),
        (json!({ "subject": "jane", "tenantName": " " }), "tenantName", "field_invalid"),
        (json!({ "subject": "jane", "email": 5 }), "email", "field_invalid"),
        (json!({ "subject": "jane", "language": "fr" }), "language", "field_invalid"),
        (json!({ "subject": "jane", "tenant": "a/b" }), "tenant", "field_invalid"),
        (json!({ "subject": "jane", "lifetime": 5 }), "lifetime", "field_unknown"),
    ] {
        let reply = world.post("/links", ADMIN_KEY, body.clone());
        assert_eq!(reply.problem(), (422, "body_fields_invalid".into()), "{body}");
        let problems = reply.json()["problems"].clone();
        assert_eq!(problems.as_array().unwrap().len(), 1, "{problems}");
        assert_eq!((&problems[0]["field"], &problems[0]["code"]), (&json!(field), &json!(code)), "{body}");
    }
    let of_session = world.post("/links", &world.admin(), json!({ "subject": "jane", "tenant": "other" }));
    assert_eq!(of_session.json()["problems"][0]["field"], "tenant");
}

#[test]
fn there_are_links_only_where_users_may_authorize() {
    let world = World::with(&system_options());
    let ask = || world.post("/links", ADMIN_KEY, json!({ "subject": "jane" })).problem();
    assert_eq!(ask(), (403, "integration_not_enabled".into()));
    let admin = world.admin();
    let choose = |access: &str| {
        world.put("/integration", &admin, json!({ "authorization": "oauth-system", "access": access }));
    };
    choose("pre-authorize");
    assert_eq!(ask(), (403, "integration_not_for_users".into()));
    choose("allow-users");
    assert_eq!(ask(), (403, "integration_not_enabled".into()));
}

fn follow(world: &World, link: &Value) -> String {
    let jane = Visitor::new(world, link);
    jane.begin();
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    jane.come_back(&zendesk, "code=x").text
}

#[test]
fn a_link_is_used_once() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let tabs = [1, 2].map(|_| jane.leave(&[("step", "submit"), ("subdomain", "acme")]));
    assert!(jane.come_back(&tabs[0], "code=x").text.contains("You can go back to the conversation."));
    assert_eq!(world.link_status(&link), "used");
    let again = jane.come_back(&tabs[1], "code=y").text;
    assert!(again.contains("This link was used already") && again.contains("data-code=\"link_used\""), "{again}");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1, "the second code is not even exchanged");
    for reply in [jane.open(), jane.submit(&[("step", "begin")])] {
        assert_eq!(reply.status, 410);
        assert!(reply.text.contains("This link was used already"), "{}", reply.text);
        assert!(reply.text.contains("ask to connect Zendesk again"), "how to get a new one: {}", reply.text);
    }
}

#[test]
fn what_a_link_connects_is_its_users() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    follow(&world, &link);
    let jane = world.get("/connections", &world.user("jane")).json();
    let connection = &jane["connections"][0];
    assert_eq!((&connection["subject"], &connection["subdomain"]), (&json!("user:jane"), &json!("acme")));
    assert_eq!(world.get("/connections", &world.user("joe")).json()["connections"], json!([]));
    let shown = world.get(&format!("/links/{}", link["id"].as_str().unwrap()), ADMIN_KEY).json();
    assert_eq!((&shown["status"], &shown["connection"]), (&json!("used"), &connection["id"]));
    let event = &world.events_of("connection.created")[0];
    assert_eq!((&event["link"], &event["connection"]), (&link["id"], &connection["id"]));
    assert!(event["transaction"].is_string());
}

#[test]
fn two_callbacks_at_once_connect_once() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let tabs = [1, 2].map(|_| jane.leave(&[("step", "submit"), ("subdomain", "acme")]));
    let requests = tabs.map(|tab| jane.callback(&tab, "code=x"));
    let pages = futures::executor::block_on(futures::future::join_all(requests.map(|each| world.send_later(each))));
    let connected = pages.iter().filter(|page| page.text.contains("data-status=\"connected\"")).count();
    let used = pages.iter().filter(|page| page.text.contains("data-code=\"link_used\"")).count();
    assert_eq!((connected, used), (1, 1));
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
}

#[test]
fn a_claim_whose_isolate_died_is_free_after_a_while() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane", "expiresIn": 3600 }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    world.zendesk.token.set([status(500, "")]);
    let [first, second, third] = [1, 2, 3].map(|_| jane.leave(&[("step", "submit"), ("subdomain", "acme")]));
    // The first exchange fails, and the store is gone before that can be written down.
    let writes = std::cell::Cell::new(0);
    *world.store_fault.borrow_mut() = Box::new(move |operation, key| {
        writes.set(writes.get() + u32::from(operation == "put" && key.starts_with("links/")));
        operation == "put" && key.starts_with("links/") && writes.get() > 1
    });
    assert!(jane.come_back(&first, "code=x").text.contains("data-code=\"zendesk_unavailable\""));
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    world.zendesk.token.set([status(201, crate::zendesk::grant().to_string())]);
    world.pass(60);
    assert!(jane.come_back(&second, "code=y").text.contains("data-code=\"link_used\""));
    world.pass(61);
    assert!(jane.come_back(&third, "code=z").text.contains("You can go back to the conversation."));
}

#[test]
fn who_denies_can_try_again() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    let page = jane.come_back(&zendesk, "error=access_denied").text;
    assert!(page.contains("Access was not granted"), "{page}");
    assert!(page.contains(&format!("href=\"{}\">Try again</a>", jane.url)), "{page}");
    assert!(!page.contains("data-transaction"), "it stays open: {page}");
    assert_eq!(world.link_status(&link), "opened");
    let event = &world.events_of("connection.failed")[0];
    assert_eq!((&event["link"], &event["code"]), (&link["id"], &json!("access_denied")));
    assert!(follow(&world, &world.link(json!({ "subject": "jane" }))).contains("You can go back to the conversation."));
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    assert!(jane.come_back(&zendesk, "code=x").text.contains("You can go back to the conversation."));
}

#[test]
fn only_the_named_zendesk_user_is_connected() {
    let world = system_world();
    let joe = json!({ "subject": "joe", "email": "joe@acme.example" });
    let page = follow(&world, &world.link(joe));
    assert!(page.contains("data-code=\"link_other_user\""), "{page}");
    assert!(!world.keys().iter().any(|key| key.starts_with("connections/")));
    let revoked = world.zendesk.sent_to("/api/v2/oauth/tokens/5.json");
    assert_eq!((revoked.len(), revoked[0].method.as_str()), (1, "DELETE"), "nobody meant to grant this");
    assert_eq!(revoked[0].headers["authorization"], format!("Bearer {ACCESS_TOKEN}"));
    let jane = json!({ "subject": "jane", "email": "JANE@acme.example" });
    assert!(follow(&world, &world.link(jane)).contains("You can go back to the conversation."));
}

#[test]
fn a_link_expires_and_that_is_told_once() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    assert_eq!(sweep(&world), 0);
    world.pass(899);
    assert_eq!(sweep(&world), 0);
    assert_eq!(jane.open().status, 200);
    world.pass(1);
    assert_eq!(world.link_status(&link), "expired");
    let page = jane.open();
    assert_eq!(page.status, 410);
    assert!(page.text.contains("This link has expired") && page.text.contains("ask to connect Zendesk again"));
    assert_eq!(jane.submit(&[("step", "submit"), ("subdomain", "acme")]).status, 410);
    assert_eq!(sweep(&world), 0, "told already, when it was looked at");
    let events = world.events_of("link.expired");
    assert_eq!((events.len(), &events[0]["link"]), (1, &link["id"]));
    assert!(!world.keys().iter().any(|key| key.starts_with("expiring/")));
    // The transaction that was begun 900 s ago is too old by now.
    assert!(jane.come_back(&zendesk, "code=x").text.contains("That took too long"));
}

#[test]
fn nobody_has_to_look_for_a_link_to_be_told_of_as_expired() {
    let world = system_world();
    let expired = world.link(json!({ "subject": "jane", "expiresIn": 60 }));
    let used = world.link(json!({ "subject": "joe", "expiresIn": 60 }));
    let later = world.link(json!({ "subject": "jim", "expiresIn": 3600 }));
    follow(&world, &used);
    world.pass(60);
    assert_eq!(sweep(&world), 1);
    assert_eq!(sweep(&world), 0);
    let events = world.events_of("link.expired");
    assert_eq!((events.len(), &events[0]["link"]), (1, &expired["id"]));
    let waiting: Vec<String> = world.keys().into_iter().filter(|key| key.starts_with("expiring/")).collect();
    assert_eq!(waiting, [format!("expiring/{}", later["id"].as_str().unwrap())]);
}

#[test]
fn what_was_begun_in_time_may_end_a_little_later() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane", "expiresIn": 60 }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    world.pass(120);
    assert!(jane.come_back(&zendesk, "code=x").text.contains("You can go back to the conversation."));
    assert_eq!(world.link_status(&link), "used");
    sweep(&world);
    assert_eq!(world.events_of("link.expired").len(), 0);
}

#[test]
fn a_link_can_be_taken_back() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    let path = format!("/links/{}", link["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(world.delete(&path, ADMIN_KEY).status, 204);
    }
    assert_eq!(world.link_status(&link), "revoked");
    let events = world.events_of("link.revoked");
    assert_eq!((events.len(), &events[0]["by"]), (1, &json!("sender")));
    let page = jane.open();
    assert_eq!(page.status, 410);
    assert!(page.text.contains("This link was withdrawn") && page.text.contains("ask to connect Zendesk again"));
    assert!(jane.come_back(&zendesk, "code=x").text.contains("data-code=\"link_revoked\""));
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 0);
    world.pass(900);
    assert_eq!((sweep(&world), world.link_status(&link)), (0, "revoked".into()));
}

#[test]
fn links_that_are_used_or_unknown_cannot_be_taken_back() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    follow(&world, &link);
    assert_eq!(world.delete(&format!("/links/{}", link["id"].as_str().unwrap()), ADMIN_KEY).status, 204);
    assert_eq!((world.link_status(&link), world.events_of("link.revoked").len()), ("used".into(), 0));
    for id in ["0123456789012345678901", "a.b", "%2e%2e"] {
        assert_eq!(world.get(&format!("/links/{id}"), ADMIN_KEY).problem(), (404, "link_not_found".into()));
        assert_eq!(world.delete(&format!("/links/{id}"), ADMIN_KEY).problem(), (404, "link_not_found".into()));
    }
}

pub fn sweep(world: &World) -> u32 {
    futures::executor::block_on(world.edge.sweep(world)).unwrap().expired
}
