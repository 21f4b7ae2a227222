//! A pre-authorized integration from the choice to its use, and what brings it out of use again.

use crate::world::{World, basic_body, form, request, system_options};
use serde_json::{Value, json};

fn choose(world: &World, admin: &str, authorization: &str, profile: Option<&str>) -> Value {
    let body = json!({ "authorization": authorization, "access": "pre-authorize", "profile": profile });
    let reply = world.put("/integration", admin, body);
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

fn state(world: &World, admin: &str) -> (String, bool) {
    let json = world.get("/integration", admin).json();
    (json["state"].as_str().unwrap().into(), json["connection"].is_string())
}

fn enable(world: &World, admin: &str) -> crate::world::Reply {
    world.send(request("POST", "/integration/enable", admin, None))
}

fn connect(world: &World, admin: &str, body: Value) {
    let begun = world.begin(admin, body);
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("<h1>Connected</h1>"), "{}", page.text);
}

/// A custom integration in use, and its profile.
fn enabled(world: &World) -> (String, String) {
    let admin = world.admin();
    let profile = world.profile(&admin);
    choose(world, &admin, "oauth-custom", Some(&profile));
    connect(world, &admin, json!({ "profile": profile }));
    assert_eq!(enable(world, &admin).text_of("state"), "enabled");
    (admin, profile)
}

#[test]
fn each_of_the_three_ways_leads_to_an_enabled_integration() {
    let world = World::with(&system_options());
    let admin = world.admin();
    let profile = world.profile(&admin);
    for (authorization, profile, body) in [
        ("basic", None, basic_body()),
        ("oauth-system", None, json!({ "authorization": "oauth-system", "subdomain": "acme" })),
        ("oauth-custom", Some(profile.as_str()), json!({ "profile": profile })),
    ] {
        assert_eq!(choose(&world, &admin, authorization, profile)["state"], "unverified", "{authorization}");
        assert_eq!(enable(&world, &admin).code(), "integration_unverified");
        if authorization == "basic" {
            assert_eq!(world.post("/connections", &admin, body).status, 201);
        } else {
            connect(&world, &admin, body);
        }
        assert_eq!(state(&world, &admin), ("ready".into(), true), "{authorization}");
        assert_eq!(enable(&world, &admin).text_of("state"), "enabled");
        assert_eq!(enable(&world, &admin).text_of("state"), "enabled", "twice does no harm");
        let disabled = world.send(request("POST", "/integration/disable", &admin, None));
        assert_eq!(disabled.text_of("state"), "ready", "still verified");
    }
    assert_eq!(world.events_of("integration.enabled").len(), 3);
    assert_eq!(world.events_of("integration.disabled").len(), 3);
}

#[test]
fn the_hand_off_verifies_too() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    choose(&world, &admin, "oauth-custom", Some(&profile));
    let hand_off = json!({
        "profile": profile, "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    });
    let connection = world.post("/oauth/exchange", &admin, hand_off).text_of("id");
    assert_eq!(world.get("/integration", &admin).text_of("connection"), connection);
}

#[test]
fn a_connection_in_another_way_verifies_nothing() {
    let world = World::with(&system_options());
    let admin = world.admin();
    let (selected, other) = (world.profile(&admin), world.profile(&admin));
    choose(&world, &admin, "oauth-custom", Some(&selected));
    connect(&world, &admin, json!({ "profile": other }));
    connect(&world, &admin, json!({ "authorization": "oauth-system", "subdomain": "acme" }));
    assert_eq!(world.post("/connections", &admin, basic_body()).status, 201);
    assert_eq!(state(&world, &admin), ("unverified".into(), false));
    world.zendesk.user.set([crate::zendesk::ok(r#"{"user":{"id":null}}"#)]);
    let begun = world.begin(&admin, json!({ "profile": selected }));
    world.come_back(&begun, "code=x");
    assert_eq!(state(&world, &admin), ("unverified".into(), false), "nor does one that failed");
}

#[test]
fn a_new_name_or_secret_of_the_profile_disturbs_nothing() {
    let world = World::new();
    let (admin, profile) = enabled(&world);
    for (field, value) in [("name", "Renamed"), ("clientSecret", "rotated-secret")] {
        let mut body = form();
        body[field] = json!(value);
        assert_eq!(world.put_profile(&profile, &admin, body).status, 200);
        assert_eq!(state(&world, &admin), ("enabled".into(), true), "{field}");
    }
}

#[test]
fn another_client_account_address_or_scope_asks_for_authorization_again() {
    for (field, value) in [
        ("subdomain", "globex"),
        ("clientId", "another"),
        ("clientKind", "public"),
        ("scope", "read"),
        ("authorizationUrl", "https://acme.zendesk.com/oauth/authorizations/new?locale=de"),
        ("tokenUrl", "https://acme.zendesk.com/oauth/tokens?via=profile"),
    ] {
        let world = World::new();
        let (admin, profile) = enabled(&world);
        let mut body = form();
        body[field] = json!(value);
        let saved = world.put_profile(&profile, &admin, body);
        assert_eq!(saved.status, 200, "{field}: {}", saved.text);
        assert_eq!(state(&world, &admin), ("unverified".into(), false), "{field}");
        assert_eq!(world.events_of("integration.disabled").len(), 1);
    }
}

#[test]
fn a_refused_save_of_the_profile_disturbs_nothing() {
    let world = World::new();
    let (admin, profile) = enabled(&world);
    let mut body = form();
    body["scope"] = json!("");
    assert_eq!(world.put_profile(&profile, &admin, body).status, 422);
    let mut stale = form();
    stale["scope"] = json!("read");
    stale["version"] = json!(7);
    assert_eq!(world.put_profile(&profile, &admin, stale).status, 409);
    assert_eq!(state(&world, &admin), ("enabled".into(), true));
}

#[test]
fn another_choice_puts_it_out_of_use() {
    let world = World::new();
    let (admin, profile) = enabled(&world);
    let copy = world.post(&format!("/profiles/{profile}/duplicate"), &admin, json!({ "name": "Copy" })).text_of("id");
    let changed = choose(&world, &admin, "oauth-custom", Some(&copy));
    assert_eq!((&changed["state"], &changed["enabled"]), (&json!("unverified"), &json!(false)));
    let (admin, _) = enabled(&world);
    assert_eq!(choose(&world, &admin, "basic", None)["enabled"], false);
}

#[test]
fn a_store_that_fails_in_between_leaves_nothing_enabled_that_is_not_verified() {
    let world = World::new();
    let (admin, profile) = enabled(&world);
    *world.store_fault.borrow_mut() = Box::new(|operation, key| operation == "put" && key.starts_with("profiles/"));
    let mut body = form();
    body["scope"] = json!("read");
    assert_eq!(world.put_profile(&profile, &admin, body).problem().1, "store_unavailable");
    *world.store_fault.borrow_mut() = Box::new(|operation, key| operation == "put" && key.starts_with("integrations/"));
    let begun = world.begin(&admin, json!({ "profile": profile }));
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("data-code=\"store_unavailable\""), "not verified, so not said to be: {}", page.text);
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!(state(&world, &admin), ("unverified".into(), false));
    connect(&world, &admin, json!({ "profile": profile }));
    assert_eq!(state(&world, &admin), ("ready".into(), true), "authorizing again mends it");
}
