use crate::world::{ADMIN_KEY, World, edge, options, request};
use http::Request;
use serde_json::json;

#[test]
fn a_backend_mints_sessions() {
    let world = World::new();
    let reply = world.post(
        "/sessions",
        ADMIN_KEY,
        json!({ "role": "user", "subject": "jane@acme.example", "tenant": "bot-1" }),
    );
    assert_eq!(reply.status, 201);
    let json = reply.json();
    assert_eq!(json["tenant"], "bot-1");
    assert_eq!(json["subject"], "jane@acme.example");
    assert_eq!(json["role"], "user");
    assert_eq!(json["expiresAt"], "2026-11-23T12:15:00.000Z");
    let event = &world.events_of("session.created")[0];
    assert_eq!(
        *event,
        json!({
            "type": "session.created", "at": "2026-11-23T12:00:00.000Z", "tenant": "bot-1",
            "subject": "jane@acme.example", "role": "user",
        })
    );
}

#[test]
fn sessions_end_when_they_say() {
    let world = World::new();
    let session = world.session(json!({ "role": "admin", "expiresIn": 60 }));
    world.pass(59);
    assert_eq!(world.get("/profiles", &session).status, 200);
    world.pass(1);
    let late = world.get("/profiles", &session);
    assert_eq!(late.problem(), (401, "session_expired".into()));
    assert_eq!(late.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[test]
fn nothing_but_the_admin_key_mints() {
    let world = World::new();
    let ask = |bearer: &str| world.post("/sessions", bearer, json!({ "role": "admin" })).problem();
    assert_eq!(ask(""), (401, "authentication_missing".into()));
    assert_eq!(ask("wrong"), (401, "session_invalid".into()));
    assert_eq!(ask(&ADMIN_KEY[1..]), (401, "session_invalid".into()));
    assert_eq!(ask(&ADMIN_KEY.to_uppercase()), (401, "session_invalid".into()));
    assert_eq!(ask(&format!("{ADMIN_KEY}x")), (401, "session_invalid".into()));
    assert_eq!(ask(&world.admin()), (403, "admin_key_required".into()));
    let missing = world.post("/sessions", "", json!({}));
    assert_eq!(missing.header("www-authenticate"), "Bearer");
}

#[test]
fn the_scheme_must_be_bearer() {
    let world = World::new();
    for header in ["Basic x", "Bearer", "Bearer ", ADMIN_KEY, "", "Bearer\tx"] {
        let request = Request::builder().uri("https://app.example/zendesk/profiles").header("authorization", header);
        let reply = world.send(request.body(Vec::new()).unwrap());
        assert_eq!(reply.status, 401, "{header}");
    }
    let mut request = request("GET", "/profiles", &world.admin(), None);
    let lower = request.headers()["authorization"].to_str().unwrap().replace("Bearer", "bearer");
    request.headers_mut().insert("authorization", lower.parse().unwrap());
    assert_eq!(world.send(request).status, 200);
}

#[test]
fn every_wrong_field_is_named_and_no_value_repeated() {
    let world = World::new();
    let reply = world.post(
        "/sessions",
        ADMIN_KEY,
        json!({
            "tenant": "a/b", "subject": "secret value", "role": "owner", "expiresIn": 59, "expires_in": 900,
        }),
    );
    assert_eq!(reply.problem(), (422, "body_fields_invalid".into()));
    let mut fields: Vec<String> = reply.fields().into_iter().map(|(field, _)| field).collect();
    fields.sort();
    assert_eq!(fields, ["expiresIn", "expires_in", "role", "subject", "tenant"]);
    assert!(!reply.text.contains("secret value") && !reply.text.contains("owner"));

    let wrong = |body| world.post("/sessions", ADMIN_KEY, body).fields();
    let field = |name: &str, code: &str| vec![(name.to_string(), code.to_string())];
    assert_eq!(wrong(json!({})), field("role", "field_required"));
    assert_eq!(wrong(json!({ "role": "user" })), field("subject", "field_required"));
    assert_eq!(wrong(json!({ "role": "user", "subject": "" })), field("subject", "field_invalid"));
    assert_eq!(wrong(json!({ "role": "admin", "expiresIn": 86_401 })), field("expiresIn", "field_invalid"));
    assert_eq!(wrong(json!({ "role": "admin", "expiresIn": "900" })), field("expiresIn", "field_invalid"));
    assert_eq!(wrong(json!({ "role": "admin", "expiresIn": 60.5 })), field("expiresIn", "field_invalid"));
    assert_eq!(wrong(json!({ "role": 1 })), field("role", "field_invalid"));
    assert_eq!(wrong(json!({ "role": "admin", "tenant": "x".repeat(65) })), field("tenant", "field_invalid"));
    assert_eq!(wrong(json!({ "role": "admin", "tenant": null })), field("tenant", "field_invalid"));
    assert_eq!(
        wrong(json!({ "role": "admin", "a secret pasted here": 1 })),
        field("(unreadable name)", "field_unknown")
    );
}

#[test]
fn a_session_is_worth_nothing_where_it_was_not_sealed() {
    let world = World::new();
    let session = world.admin();
    let mut other = options();
    other["sealingKeys"][0]["key"] = json!("CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg");
    assert_eq!(World::with(&other).get("/profiles", &session).problem(), (401, "session_invalid".into()));
    other["sealingKeys"][0]["kid"] = json!("k2");
    assert_eq!(World::with(&other).get("/profiles", &session).problem(), (401, "session_invalid".into()));

    // With the old key behind the new one it stays good.
    let mut rotated = options();
    rotated["sealingKeys"] = json!([other["sealingKeys"][0], options()["sealingKeys"][0]]);
    let mut world = world;
    world.edge = edge(&rotated);
    assert_eq!(world.get("/profiles", &session).status, 200);
}

#[test]
fn no_other_sealed_value_passes_for_a_session() {
    let world = World::new();
    let (_, begun) = world.popup();
    let cookie = begun.cookie.split_once('=').unwrap().1;
    assert_eq!(world.get("/profiles", cookie).problem(), (401, "session_invalid".into()));
    for key in world.keys() {
        let value = world.entries.borrow()[&key].value.clone();
        assert_eq!(world.get("/profiles", &value).problem(), (401, "session_invalid".into()), "{key}");
    }
    let session = world.admin();
    for altered in [&session[1..], &session[..session.len() - 1], &session.replace("..", ".x.")] {
        assert_eq!(world.get("/profiles", altered).problem(), (401, "session_invalid".into()));
    }
}

#[test]
fn a_body_full_of_unknown_fields_is_not_answered_with_all_of_them() {
    let world = World::new();
    let unknown: serde_json::Map<String, serde_json::Value> =
        (0..6000).map(|index| (format!("x{index}"), json!(1))).collect();
    let reply = world.post("/sessions", ADMIN_KEY, unknown.into());
    assert_eq!(reply.problem(), (422, "body_fields_invalid".into()));
    assert_eq!(reply.fields().len(), 51, "the missing role, and the first of the unknown");
}

#[test]
fn a_session_says_who_it_is_for() {
    let world = World::new();
    let jane = world.get("/session", &world.user("jane")).json();
    assert_eq!(
        jane,
        json!({
            "tenant": "default", "subject": "jane", "role": "user", "proxy": null, "product": "Acme Desk",
            "accountTemplate": "https://{subdomain}.zendesk.com", "callbackUrl": "https://app.example/zendesk/oauth/callback",
        })
    );
    let admin = world.get("/session", &world.session(json!({ "role": "admin", "tenant": "bot-1" }))).json();
    assert_eq!((&admin["tenant"], &admin["subject"], &admin["role"]), (&json!("bot-1"), &json!(null), &json!("admin")));
}
