//! What an end user may do: what the tenant's enabled integration allows, and no more.

use crate::world::{World, basic_body, request, system_options};
use serde_json::{Value, json};

fn begin_system() -> Value {
    json!({ "authorization": "oauth-system", "subdomain": "acme" })
}

fn hand_off(profile: &str) -> Value {
    json!({
        "profile": profile, "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    })
}

/// An admin's profiles of both mechanisms.
fn profiles(world: &World) -> (String, String) {
    let admin = world.admin();
    let basic = world.post("/profiles", &admin, json!({ "mechanism": "basic", "name": "By token" }));
    (world.profile(&admin), basic.text_of("id"))
}

#[test]
fn without_an_enabled_integration_there_is_nothing_for_users() {
    let world = World::with(&system_options());
    let (oauth, basic) = profiles(&world);
    let jane = world.user("jane");
    let all = [json!({ "profile": oauth }), begin_system(), basic_body(), json!({})];
    let expect = |code: &str| {
        for body in &all {
            assert_eq!(world.post("/connections", &jane, body.clone()).problem(), (403, code.into()), "{body}");
        }
        for profile in [oauth.as_str(), "system"] {
            assert_eq!(world.post("/oauth/exchange", &jane, hand_off(profile)).problem(), (403, code.into()));
        }
    };
    expect("integration_not_enabled");
    for authorization in ["basic", "oauth-system", "oauth-custom"] {
        let choice = json!({ "authorization": authorization, "access": "pre-authorize" });
        assert_eq!(world.put("/integration", &world.admin(), choice).status, 200);
        expect("integration_not_for_users");
    }
    let choice = json!({ "authorization": "basic", "access": "allow-users", "profile": basic });
    world.put("/integration", &world.admin(), choice);
    assert_eq!(world.post("/connections", &jane, basic_body()).problem(), (403, "integration_not_enabled".into()));
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn users_authorize_in_the_integrations_way_only() {
    let world = World::with(&system_options());
    let (oauth, basic) = profiles(&world);
    let other = world.profile(&world.admin());
    let jane = world.user("jane");
    let try_all = || {
        let tries = [
            json!({ "profile": oauth }),
            json!({ "profile": other }),
            begin_system(),
            basic_body(),
            json!({ "subdomain": "acme", "email": "j@acme.example", "apiToken": "x", "profile": basic }),
        ];
        tries.map(|body| world.post("/connections", &jane, body).status)
    };
    world.allow_users("oauth-custom", Some(&oauth));
    assert_eq!(try_all(), [200, 403, 403, 403, 403]);
    assert_eq!(world.post("/oauth/exchange", &jane, hand_off(&oauth)).status, 201);
    assert_eq!(world.post("/oauth/exchange", &jane, hand_off(&other)).code(), "integration_other_choice");
    assert_eq!(world.post("/oauth/exchange", &jane, hand_off("system")).code(), "integration_other_choice");
    world.allow_users("oauth-system", None);
    assert_eq!(try_all(), [403, 403, 200, 403, 403]);
    assert_eq!(world.post("/oauth/exchange", &jane, hand_off("system")).status, 201);
    world.allow_users("basic", Some(&basic));
    assert_eq!(try_all(), [403, 403, 403, 201, 201], "the integration's profile is meant where none is named");
}

#[test]
fn the_integrations_profile_is_meant_where_none_is_named() {
    let world = World::new();
    let (oauth, _) = profiles(&world);
    world.allow_users("oauth-custom", Some(&oauth));
    let jane = world.user("jane");
    let begun = world.begin(&jane, json!({}));
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    let list = world.get("/connections", &jane).json();
    assert_eq!(
        (&list["connections"][0]["profile"], &list["connections"][0]["subject"]),
        (&json!(oauth), &json!("user:jane"))
    );
}

#[test]
fn what_one_user_began_another_does_not_finish() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let choice = json!({ "authorization": "oauth-custom", "access": "allow-users", "profile": profile });
    assert_eq!(world.put("/integration", &admin, choice).status, 200);
    assert_eq!(world.post("/integration/enable", &admin, json!({})).status, 200);
    let begun_by = |subject: &str| {
        let mut body = hand_off(&profile);
        body["tenant"] = "default".into();
        body["subject"] = subject.into();
        body
    };
    let mallory = world.user("mallory");
    for subject in ["jane", "", "user:mallory"] {
        let reply = world.post("/oauth/exchange", &mallory, begun_by(subject));
        assert_eq!(reply.problem(), (422, "callback_other_subject".into()), "{subject}");
    }
    assert!(world.zendesk.sent.borrow().is_empty());
    assert_eq!(world.post("/oauth/exchange", &world.user("jane"), begun_by("jane")).status, 201);
}

#[test]
fn users_stand_side_by_side_and_verify_nothing() {
    let world = World::new();
    let (oauth, _) = profiles(&world);
    world.allow_users("oauth-custom", Some(&oauth));
    let before = world.get("/integration", &world.admin()).json();
    let mut ids = Vec::new();
    for subject in ["jane", "joe"] {
        let session = world.user(subject);
        let begun = world.begin(&session, json!({ "profile": oauth }));
        world.come_back(&begun, "code=x");
        let list = world.get("/connections", &session).json();
        assert_eq!(list["connections"].as_array().unwrap().len(), 1);
        ids.push(list["connections"][0]["id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(world.get("/integration", &world.admin()).json(), before);
}

#[test]
fn an_integration_disabled_meanwhile_ends_a_users_flow() {
    let world = World::new();
    let (oauth, _) = profiles(&world);
    world.allow_users("oauth-custom", Some(&oauth));
    let jane = world.user("jane");
    let begun = world.begin(&jane, json!({ "profile": oauth }));
    world.send(request("POST", "/integration/disable", &world.admin(), None));
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("data-code=\"integration_not_enabled\""), "{}", page.text);
    assert!(world.zendesk.sent.borrow().is_empty(), "the code is not exchanged");
    assert_eq!(world.get(&format!("/transactions/{}", begun.id), &jane).text_of("code"), "integration_not_enabled");
}

#[test]
fn basic_ends_for_users_too() {
    let world = World::new();
    let (_, basic) = profiles(&world);
    world.allow_users("basic", Some(&basic));
    for (now, expected) in [(1_809_129_599_999, 201), (1_809_129_600_000, 410)] {
        world.now.set(now);
        assert_eq!(world.post("/connections", &world.user("jane"), basic_body()).status, expected);
    }
}

#[test]
fn users_see_what_the_integration_asks_of_them() {
    let world = World::new();
    let admin = world.admin();
    let (oauth, _) = profiles(&world);
    let (jane, spare) = (world.user("jane"), world.profile(&admin));
    let show = |id: &str| world.get(&format!("/profiles/{id}"), &jane);
    let forbidden = (403, "role_insufficient".to_string());
    assert_eq!(show(&oauth).problem(), forbidden);
    world.allow_users("oauth-custom", Some(&oauth));
    assert_eq!(show(&oauth).json(), world.get(&format!("/profiles/{oauth}"), &admin).json());
    for hidden in [spare.as_str(), "unknown"] {
        assert_eq!(show(hidden).problem(), forbidden, "whether it exists is not told");
    }
    let choice = json!({ "authorization": "oauth-custom", "access": "pre-authorize", "profile": oauth });
    world.put("/integration", &admin, choice);
    assert_eq!(show(&oauth).problem(), forbidden);
    let begun = world.begin(&admin, json!({ "profile": oauth }));
    world.come_back(&begun, "code=x");
    assert!(world.get("/integration", &admin).json()["connection"].is_string());
    assert_eq!(world.get("/integration", &jane).json()["connection"], Value::Null);
    assert_eq!(world.get("/integration", &jane).text_of("state"), "ready");
}
