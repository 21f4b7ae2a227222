use crate::world::{CLIENT_SECRET, World, form};
use crate::zendesk::{grant, ok, status};
use serde_json::{Value, json};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn body(profile: &str, changes: Value) -> Value {
    let mut body = json!({
        "profile": profile, "code": "the-code", "codeVerifier": VERIFIER, "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn exchange(world: &World, changes: Value) -> crate::world::Reply {
    let session = world.admin();
    let profile = world.profile(&session);
    world.post("/oauth/exchange", &session, body(&profile, changes))
}

#[test]
fn a_hand_off_ends_with_a_connection_and_no_token() {
    let world = World::new();
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.status, 201, "{}", reply.text);
    let json = reply.json();
    let expected = json!({
        "id": json["id"], "tenant": "default", "subject": "integration", "subdomain": "acme",
        "authorization": "oauth-custom", "profile": json["profile"], "mechanism": "oauth2",
        "grant": "authorization-code", "status": "active", "trouble": null,
        "user": { "id": 77, "name": "Jane <b>Doe</b>", "email": "jane@acme.example", "role": "admin" },
        "scopes": { "requested": ["read", "write"], "granted": ["read"], "missing": ["write"] },
        "expiresAt": "2026-11-23T12:30:00.000Z", "refreshTokenExpiresAt": "2026-12-23T12:00:00.000Z",
        "stopsOn": null, "migratedAt": null, "createdAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z",
    });
    assert_eq!(json, expected);
    let sent = &world.zendesk.sent_to("/oauth/tokens")[0];
    assert_eq!(sent.method, "POST");
    assert_eq!(sent.headers["content-type"], "application/json");
    let token_request = sent.json();
    assert_eq!(token_request["grant_type"], "authorization_code");
    assert_eq!(token_request["client_secret"], CLIENT_SECRET);
    assert_eq!(token_request["code_verifier"], VERIFIER);
    assert_eq!(token_request["redirect_uri"], "https://app.example/callback");
    for path in ["/api/v2/users/me.json", "/api/v2/oauth/tokens/current.json"] {
        let asked = &world.zendesk.sent_to(path)[0];
        assert_eq!(asked.headers["authorization"], format!("Bearer {}", crate::zendesk::ACCESS_TOKEN));
        assert!(asked.body.is_empty());
    }
}

#[test]
fn an_authorization_begun_for_another_tenant_or_user_is_not_finished() {
    let world = World::new();
    for (changes, code) in [
        (json!({ "tenant": "other" }), "callback_other_tenant"),
        (json!({ "tenant": "" }), "callback_other_tenant"),
        (json!({ "tenant": "default", "subject": "jane" }), "callback_other_subject"),
    ] {
        let reply = exchange(&world, changes);
        assert_eq!((reply.status, reply.json()["code"].as_str()), (422, Some(code)), "{}", reply.text);
    }
    assert!(world.zendesk.sent_to("/oauth/tokens").is_empty());
    assert_eq!(exchange(&world, json!({ "tenant": "default", "subject": "" })).status, 201);
}

#[test]
fn a_public_client_sends_no_secret() {
    let world = World::new();
    let session = world.admin();
    let mut public = form();
    public["clientKind"] = json!("public");
    let profile = world.post("/profiles", &session, public).text_of("id");
    assert_eq!(world.post("/oauth/exchange", &session, body(&profile, json!({}))).status, 201);
    let sent = world.zendesk.sent_to("/oauth/tokens")[0].json();
    assert_eq!(sent.get("client_secret"), None);
    assert_eq!(sent["code_verifier"], VERIFIER);
}

#[test]
fn everything_the_browser_says_is_judged_again() {
    for (changes, expected) in [
        (json!({ "redirectUri": "https://app.example/callback/" }), "redirect_uri_not_allowed"),
        (json!({ "redirectUri": "https://evil.example/callback" }), "redirect_uri_not_allowed"),
        (json!({ "subdomain": "globex" }), "subdomain_mismatch"),
        (json!({ "subdomain": "acme@evil.example" }), "subdomain_user_info"),
        (json!({ "subdomain": "acme.evil.example" }), "subdomain_custom_domain"),
        (json!({ "codeVerifier": "short" }), "code_verifier_invalid"),
        (json!({ "code": "a\nb" }), "callback_malformed"),
        (json!({ "code": "" }), "body_fields_invalid"),
        (json!({ "code": 5 }), "body_fields_invalid"),
        (json!({ "code_verifier": VERIFIER }), "body_fields_invalid"),
        (json!({ "profile": "unknown" }), "profile_not_found"),
    ] {
        let world = World::new();
        let reply = exchange(&world, changes.clone());
        assert!((400..500).contains(&reply.status), "{changes}: {}", reply.text);
        assert_eq!(reply.code(), expected, "{changes}");
        assert!(world.zendesk.sent.borrow().is_empty(), "{changes}");
    }
}

#[test]
fn no_redirect_uri_is_allowed_by_default() {
    let mut options = crate::world::options();
    options.as_object_mut().unwrap().remove("redirectUris");
    let world = World::with(&options);
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.problem(), (422, "redirect_uri_not_allowed".into()));
    assert_eq!(reply.fields()[0].0, "redirectUri");
}

#[test]
fn refusals_carry_what_zendesk_said() {
    let world = World::new();
    let refusal = r#"{"error":"invalid_grant","error_description":"The code was used already"}"#;
    world.zendesk.token.set([status(400, refusal)]);
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.problem(), (422, "invalid_grant".into()));
    assert_eq!(reply.json()["error"], "invalid_grant");
    assert_eq!(reply.json()["errorDescription"], "The code was used already");
    assert_eq!(world.events_of("connection.failed")[0]["code"], "invalid_grant");

    let limited = Ok((429, vec![("retry-after", "17")], "slow down".to_string()));
    world.zendesk.token.set([limited]);
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.problem(), (503, "rate_limited".into()));
    assert_eq!((reply.header("retry-after"), &reply.json()["retryAfter"]), ("17", &json!(17)));

    world.zendesk.token.set([status(400, r#"{"error":"brand_new_error"}"#)]);
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.problem(), (422, "token_refused".into()));
    assert_eq!(reply.json()["error"], "brand_new_error");
}

#[test]
fn a_stranger_is_not_a_user() {
    let world = World::new();
    world.zendesk.user.set([ok(r#"{"user":{"id":null,"name":"Anonymous user"}}"#)]);
    let reply = exchange(&world, json!({}));
    assert_eq!(reply.problem(), (422, "identity_anonymous".into()));
    assert!(world.keys().iter().all(|key| !key.starts_with("connections/")));
}

#[test]
fn expiry_and_scopes_where_zendesk_says_little() {
    let mut grant = grant();
    for field in ["expires_in", "scope", "refresh_token", "refresh_token_expires_in"] {
        grant.as_object_mut().unwrap().remove(field);
    }
    let connect = |current| {
        let world = World::new();
        world.zendesk.token.set([ok(grant.to_string())]);
        world.zendesk.current.set([current]);
        let reply = exchange(&world, json!({}));
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()
    };
    let told = connect(ok(r#"{"token":{"id":5,"scopes":["write"],"expires_at":"2026-11-23T12:07:00Z"}}"#));
    assert_eq!(told["expiresAt"], "2026-11-23T12:07:00.000Z");
    assert_eq!(told["scopes"], json!({ "requested": ["read", "write"], "granted": ["write"], "missing": ["read"] }));
    assert_eq!(told["refreshTokenExpiresAt"], Value::Null);

    for silent in
        [status(403, "{}"), status(404, ""), status(503, ""), Err(zendesk_auth::edge::platform::FetchError::TimedOut)]
    {
        let json = connect(silent);
        assert_eq!(json["expiresAt"], "2026-11-23T12:30:00.000Z");
        assert_eq!(json["scopes"]["granted"], json!(["read", "write"]));
    }
    let forever = connect(ok(r#"{"token":{"id":5,"scopes":["read","write"],"expires_at":null}}"#));
    assert_eq!(forever["expiresAt"], "2026-11-23T12:30:00.000Z", "no date is neither never nor now");
}

#[test]
fn a_token_that_zendesk_refuses_at_once_does_not_count() {
    let world = World::new();
    world.zendesk.current.set([status(401, r#"{"error":"invalid_token"}"#)]);
    assert_eq!(exchange(&world, json!({})).problem(), (422, "access_token_refused".into()));
    let world = World::new();
    world.zendesk.user.set([status(403, r#"{"error":"Forbidden"}"#)]);
    assert_eq!(exchange(&world, json!({})).problem(), (422, "access_token_missing_scope".into()));
}

#[test]
fn a_passing_fault_after_the_exchange_does_not_cost_a_second_consent() {
    let world = World::new();
    world.zendesk.user.set([status(502, ""), ok(crate::zendesk::user())]);
    assert_eq!(exchange(&world, json!({})).status, 201);
    let world = World::new();
    world.zendesk.user.set([status(502, "")]);
    assert_eq!(exchange(&world, json!({})).problem(), (503, "zendesk_unavailable".into()));
    assert_eq!(world.zendesk.sent_to("me.json").len(), 2);
}
