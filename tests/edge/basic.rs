use crate::world::{API_TOKEN, World, basic_body};
use crate::zendesk::{ok, status};
use serde_json::{Value, json};

/// The last day of API tokens, 30 April 2027, ends here.
const RETIREMENT: u64 = 1_809_129_600_000;

fn with(changes: Value) -> Value {
    let mut body = basic_body();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn an_api_token_counts_once_zendesk_has_named_its_user() {
    let world = World::new();
    let admin = world.admin();
    let typed = with(json!({ "subdomain": "https://ACME.zendesk.com/agent", "email": " jane@acme.example/token " }));
    let reply = world.post("/connections", &admin, typed);
    assert_eq!(reply.status, 201, "{}", reply.text);
    let json = reply.json();
    assert_eq!(
        json,
        json!({
            "id": json["id"], "tenant": "default", "subject": "integration", "subdomain": "acme",
            "authorization": "basic", "profile": null, "mechanism": "basic", "grant": null, "status": "active", "trouble": null,
            "user": { "id": 77, "name": "Jane <b>Doe</b>", "email": "jane@acme.example", "role": "admin" },
            "scopes": { "requested": [], "granted": [], "missing": [] },
            "expiresAt": null, "refreshTokenExpiresAt": null,
            "stopsOn": "2027-04-30", "migratedAt": null, "createdAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z",
        })
    );
    let sent = world.zendesk.sent.borrow();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].method.as_str(), sent[0].body.as_str()), ("GET", ""));
    assert_eq!(sent[0].url, "https://acme.zendesk.com/api/v2/users/me.json");
    let header = &sent[0].headers["authorization"];
    // base64 of `jane@acme.example/token:api-token-of-the-test`, made with another tool.
    assert_eq!(header, "Basic amFuZUBhY21lLmV4YW1wbGUvdG9rZW46YXBpLXRva2VuLW9mLXRoZS10ZXN0");

    let id = json["id"].as_str().unwrap();
    assert_eq!(world.get(&format!("/connections/{id}"), &admin).json(), json);
    let event = &world.events_of("connection.created")[0];
    assert_eq!((&event["connection"], &event["authorization"]), (&json["id"], &json!("basic")));
    assert_eq!(event.get("profile"), None);
    for entry in world.entries.borrow().values() {
        assert!(!entry.value.contains(API_TOKEN));
    }
}

#[test]
fn whoever_zendesk_does_not_vouch_for_is_not_connected() {
    for (answer, expected) in [
        (status(401, r#"{"error":"Couldn't authenticate you"}"#), (422, "basic_refused")),
        (ok(r#"{"user":{"id":null,"name":"Anonymous user"}}"#), (422, "identity_anonymous")),
        (ok(r#"{"user":{"id":5,"name":"Sid","suspended":true}}"#), (422, "user_suspended")),
        (ok(r#"{"user":{"id":5,"name":"Una","verified":false}}"#), (422, "user_unverified")),
        (status(429, "slow down"), (503, "rate_limited")),
        (status(503, ""), (503, "zendesk_unavailable")),
        (ok("<html>"), (502, "identity_malformed")),
        (Ok((302, vec![("location", "https://evil.example/")], String::new())), (502, "unexpected_redirect")),
    ] {
        let world = World::new();
        world.zendesk.user.set([answer]);
        let reply = world.post("/connections", &world.admin(), basic_body());
        assert_eq!(reply.problem(), (expected.0, expected.1.into()));
        assert!(world.keys().is_empty(), "{expected:?}");
        assert_eq!(world.events_of("connection.failed")[0]["code"], expected.1);
        assert!(!reply.text.contains(API_TOKEN));
    }
}

#[test]
fn a_passing_fault_is_tried_again_once() {
    let world = World::new();
    world.zendesk.user.set([status(502, ""), ok(crate::zendesk::user())]);
    assert_eq!(world.post("/connections", &world.admin(), basic_body()).status, 201);
}

#[test]
fn the_form_is_judged_before_anything_is_sent() {
    let world = World::new();
    let admin = world.admin();
    let reply = world.post("/connections", &admin, json!({ "authorization": "basic", "subdomain": "help.acme.com" }));
    assert_eq!(reply.problem(), (422, "form_invalid".into()));
    let mut fields: Vec<String> = reply.fields().into_iter().map(|(field, _)| field).collect();
    fields.sort();
    assert_eq!(fields, ["apiToken", "email", "subdomain"]);
    let colon = world.post("/connections", &admin, with(json!({ "email": "jane:x@acme.example" })));
    assert_eq!(colon.fields(), [("email".to_string(), "email_invalid".to_string())]);
    for misplaced in [json!({ "mode": "popup" }), json!({ "authorization": "magic" }), json!({ "apiToken": 5 })] {
        let reply = world.post("/connections", &admin, with(misplaced));
        assert_eq!(reply.problem(), (422, "body_fields_invalid".into()));
    }
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn api_tokens_work_to_the_end_of_their_last_day_and_no_longer() {
    for (now, expected) in [(RETIREMENT - 1, 201), (RETIREMENT, 410), (RETIREMENT + 86_400_000, 410)] {
        let world = World::new();
        world.now.set(now);
        let reply = world.post("/connections", &world.admin(), basic_body());
        assert_eq!(reply.status, expected, "{}", reply.text);
        if expected == 410 {
            assert_eq!(reply.code(), "api_tokens_retired");
            assert!(world.zendesk.sent.borrow().is_empty(), "the token is sent to nobody any more");
        }
    }
}

#[test]
fn a_basic_profile_may_fix_the_account() {
    let world = World::new();
    let admin = world.admin();
    let save = |subdomain: &str| {
        let body = json!({ "mechanism": "basic", "name": "By token", "subdomain": subdomain });
        world.post("/profiles", &admin, body).text_of("id")
    };
    let (open, fixed, oauth) = (save(""), save("globex"), world.profile(&admin));
    let connect = |changes: Value| world.post("/connections", &admin, with(changes));

    let any = connect(json!({ "profile": open }));
    assert_eq!((any.text_of("subdomain"), any.text_of("profile")), ("acme".into(), open));
    let implied = connect(json!({ "profile": fixed, "subdomain": null }));
    assert_eq!(implied.text_of("subdomain"), "globex");
    assert_eq!(connect(json!({ "profile": fixed, "subdomain": "globex.zendesk.com" })).status, 201);
    let other = connect(json!({ "profile": fixed }));
    assert_eq!(other.problem(), (422, "subdomain_mismatch".into()));
    assert_eq!(connect(json!({ "profile": oauth })).problem(), (409, "integration_profile_mechanism".into()));
    assert_eq!(connect(json!({ "profile": "unknown" })).problem(), (404, "profile_not_found".into()));
}

#[test]
fn a_basic_profile_is_no_oauth_client() {
    let world = World::new();
    let admin = world.admin();
    let basic = world.post("/profiles", &admin, json!({ "mechanism": "basic", "name": "By token" })).text_of("id");
    let mechanism = (409, "integration_profile_mechanism".to_string());
    assert_eq!(world.post("/connections", &admin, json!({ "profile": basic })).problem(), mechanism);
    let hand_off = json!({
        "profile": basic, "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    });
    assert_eq!(world.post("/oauth/exchange", &admin, hand_off).problem(), mechanism);
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn oauth_replaces_basic_under_the_same_id() {
    let world = World::new();
    let admin = world.admin();
    let by_token = world.post("/connections", &admin, basic_body()).text_of("id");
    let profile = world.profile(&admin);
    let begun = world.begin(&admin, json!({ "profile": profile }));
    world.come_back(&begun, "code=x");
    let json = world.get(&format!("/connections/{by_token}"), &admin).json();
    assert_eq!((&json["mechanism"], &json["authorization"]), (&json!("oauth2"), &json!("oauth-custom")));
}
