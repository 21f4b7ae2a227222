//! The product's own word on who is asking, in place of sessions and keys.

use crate::world::{ADMIN_KEY, World, basic_body, form, options};
use serde_json::{Value, json};
use zendesk_auth::edge::Edge;
use zendesk_auth::edge::platform::Failure;

fn hooked() -> Value {
    let mut options = options();
    options["authenticate"] = json!(true);
    options.as_object_mut().unwrap().remove("adminKey");
    options
}

fn as_caller(world: &World, caller: Value) -> &World {
    *world.caller.borrow_mut() = Ok(Some(caller.to_string()));
    world
}

#[test]
fn the_hook_takes_the_place_of_sessions_and_keys() {
    // A session of a worker that has the same sealing keys.
    let session = World::new().admin();
    let world = World::with(&hooked());
    for bearer in ["", ADMIN_KEY, &session] {
        let reply = world.get("/profiles", bearer);
        assert_eq!(reply.problem(), (401, "authentication_refused".into()), "{bearer}");
        assert_eq!(world.post("/sessions", bearer, json!({ "role": "admin" })).problem(), (404, "not_found".into()));
    }
    assert_eq!(world.get("/healthz", "").status, 200);
}

#[test]
fn whoever_it_names_may_do_what_their_role_may() {
    let world = World::with(&hooked());
    let admin = json!({ "role": "admin", "tenant": "bot-1", "subject": "boss" });
    let connection = as_caller(&world, admin.clone()).post("/connections", "", basic_body()).json();
    assert_eq!((&connection["tenant"], &connection["subject"]), (&json!("bot-1"), &json!("integration")));
    let profile = world.post("/profiles", "", form()).text_of("id");
    let choice = json!({ "authorization": "oauth-custom", "access": "allow-users", "profile": profile });
    world.put("/integration", "", choice);
    assert_eq!(world.post("/integration/enable", "", json!({})).text_of("state"), "enabled");

    as_caller(&world, json!({ "role": "user", "tenant": "bot-1", "subject": "jane" }));
    assert_eq!(world.get("/profiles", "").problem(), (403, "role_insufficient".into()));
    let begun = world.begin("", json!({}));
    world.come_back(&begun, "code=x");
    assert_eq!(world.get(&format!("/transactions/{}", begun.id), "").text_of("status"), "connected");
    assert_eq!(world.get("/connections", "").json()["connections"][0]["subject"], "user:jane");

    as_caller(&world, json!({ "role": "backend" }));
    assert_eq!(world.get("/connections", "").problem(), (403, "session_required".into()));
    as_caller(&world, json!({ "role": "admin" }));
    assert_eq!(world.get("/connections", "").json()["connections"], json!([]), "another tenant: `default`");
}

#[test]
fn an_answer_that_makes_no_sense_lets_nobody_in_and_is_told_to_the_operator() {
    for (answer, field) in [
        (json!({}), "role"),
        (json!({ "role": "owner" }), "role"),
        (json!({ "role": "user" }), "subject"),
        (json!({ "role": "user", "subject": "a/b" }), "subject"),
        (json!({ "role": "admin", "tenant": "a/b" }), "tenant"),
        (json!({ "role": "admin", "tenant": 5 }), "tenant"),
        (json!({ "role": "admin", "isRoot": true }), "isRoot"),
        // A backend is every tenant's: to one that was meant for one tenant, the credentials of all would be open.
        (json!({ "role": "backend", "tenant": "bot-1" }), "tenant"),
        (json!({ "role": "backend", "tenant": null }), "tenant"),
        (json!("admin"), "role"),
        (json!(true), "role"),
    ] {
        let world = World::with(&hooked());
        let reply = as_caller(&world, answer.clone()).get("/profiles", "");
        assert_eq!(reply.problem(), (500, "internal".into()), "{answer}");
        let event = &world.events_of("platform.failed")[0];
        assert_eq!(event["operation"], "authenticate");
        assert_eq!(event["message"], format!("the hook's answer is not valid: {field}"));
    }
    let world = World::with(&hooked());
    *world.caller.borrow_mut() = Err(Failure("the user database is down".into()));
    let reply = world.get("/profiles", "");
    assert_eq!(reply.problem(), (500, "internal".into()));
    assert!(!reply.text.contains("database"));
    assert_eq!(world.events_of("platform.failed")[0]["message"], "the user database is down");
}

#[test]
fn an_admin_key_beside_it_would_be_a_misunderstanding() {
    let mut options = hooked();
    options["adminKey"] = json!(ADMIN_KEY);
    let problems = Edge::new(&options.to_string()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["adminKey"]);
}
