use crate::world::{ADMIN_KEY, API_TOKEN, CALLBACK, CLIENT_SECRET, SEALING_KEY, World, basic_body, form, options};
use crate::zendesk::{ACCESS_TOKEN, REFRESH_TOKEN, ok, status};
use serde_json::{Value, json};
use zendesk_auth::edge::Edge;
use zendesk_auth::edge::message::Request;
use zendesk_auth::secret::Secret;

const CODE: &str = "authorization-code-of-the-test";

/// Every way an authorization can end, and what the two flows' secrets were.
fn everything(world: &World) -> Vec<String> {
    let mut states = Vec::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    world.put_profile(&profile, &admin, form());
    world.put_profile(&profile, &admin, json!({ "clientSecret": CLIENT_SECRET, "subdomain": "!" }));
    world.put_profile(&profile, &admin, json!({ "clientSecret": [CLIENT_SECRET] }));
    world.put_profile(&profile, &admin, json!({ CLIENT_SECRET: "x", "name": 1 }));
    world.post("/sessions", ADMIN_KEY, json!({ "role": ADMIN_KEY, "tenant": ADMIN_KEY }));
    let refusal = r#"{"error":"invalid_grant","error_description":"no"}"#;
    for (token, user) in [
        (ok(crate::zendesk::grant().to_string()), ok(crate::zendesk::user())),
        (status(400, refusal), ok("")),
        (status(500, format!("{{\"access_token\":\"{ACCESS_TOKEN}\"}}")), ok("")),
        (ok(format!("{{\"access_token\":\"{ACCESS_TOKEN}\",\"token_type\":\"mac\"}}")), ok("")),
        (ok(crate::zendesk::grant().to_string()), status(401, ACCESS_TOKEN)),
        (ok(crate::zendesk::grant().to_string()), ok(r#"{"user":{"id":null}}"#)),
    ] {
        world.zendesk.token.set([token]);
        world.zendesk.user.set([user]);
        for mode in [json!({}), json!({ "mode": "redirect", "returnTo": "https://app.example/settings" })] {
            let mut body = json!({ "profile": profile });
            body.as_object_mut().unwrap().extend(mode.as_object().unwrap().clone());
            let begun = world.begin(&admin, body);
            world.come_back(&begun, &format!("code={CODE}"));
            world.come_back(&begun, &format!("code={CODE}"));
            world.get(&format!("/transactions/{}", begun.id), &admin);
            states.push(begun.state);
        }
        world.post(
            "/oauth/exchange",
            &admin,
            json!({
                "profile": profile, "code": CODE, "codeVerifier": "v".repeat(43), "subdomain": "acme",
                "redirectUri": "https://app.example/callback",
            }),
        );
    }
    world.post("/oauth/exchange", &admin, json!({ "profile": profile, "code": CODE, "codeVerifier": CODE, "x": CODE }));
    world.get("/connections", &admin);
    states
}

#[test]
fn no_secret_is_in_any_answer_event_or_stored_value() {
    let world = World::new();
    let states = everything(&world);
    let mut secrets: Vec<String> =
        [ADMIN_KEY, SEALING_KEY, CLIENT_SECRET, ACCESS_TOKEN, REFRESH_TOKEN, CODE].map(String::from).to_vec();
    let sent = world.zendesk.sent.borrow();
    secrets.extend(
        sent.iter()
            .filter(|sent| !sent.body.is_empty())
            .map(|sent| sent.json()["code_verifier"].as_str().unwrap().into()),
    );
    assert!(secrets.len() > 15);
    let answers = world.answers.borrow();
    assert!(answers.len() > 60);
    let events = world.events.borrow().iter().map(Value::to_string).collect::<Vec<_>>();
    assert!(events.iter().any(|event| event.contains("connection.created")));
    assert!(events.iter().any(|event| event.contains("connection.failed")));
    let stored: Vec<String> =
        world.entries.borrow().iter().map(|(key, entry)| format!("{key} {}", entry.value)).collect();
    assert!(stored.iter().any(|entry| entry.starts_with("connections/")));
    for secret in &secrets {
        for text in answers.iter().chain(&events).chain(&stored) {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
    }
    for state in &states {
        for text in events.iter().chain(&stored) {
            assert!(!text.contains(state.as_str()), "{state} in {text}");
        }
        let shown = answers.iter().filter(|answer| answer.contains(state.as_str())).count();
        assert_eq!(shown, 1, "the state is in the authorization URL and nowhere else");
    }
    for sent in sent.iter() {
        assert!(secrets.iter().all(|secret| !sent.url.contains(secret.as_str())), "{}", sent.url);
    }
}

#[test]
fn debug_shows_no_secret() {
    let edge = Edge::new(&options().to_string()).unwrap();
    let shown = format!("{edge:?}");
    assert!(shown.contains(CALLBACK) && shown.contains("k1"), "{shown}");
    for secret in [ADMIN_KEY, SEALING_KEY, "7, 7, 7"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let world = World::new();
    let (_, begun) = world.popup();
    world.come_back(&begun, "code=x");
    for sent in world.zendesk.sent.borrow().iter() {
        assert!(sent.shown.contains(&sent.url), "{}", sent.shown);
        for secret in [ACCESS_TOKEN, CLIENT_SECRET] {
            assert!(!sent.shown.contains(secret), "{}", sent.shown);
        }
    }
    assert_eq!(
        format!("{:?}", Request::new(http::Method::POST, "https://acme.zendesk.com/", Secret::new("body-text")))
            .matches("body-text")
            .count(),
        0
    );
}

#[test]
fn a_refusal_that_repeats_the_requests_secrets_is_not_passed_on() {
    let verifier = "verifier-0123456789".repeat(3);
    let percent: String = CODE.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hidden = CLIENT_SECRET.replace("secret", "sec\u{1}ret");
    let far = format!("{}{CLIENT_SECRET}", "-".repeat(490));
    let nested = json!({ "client_secret": CLIENT_SECRET }).to_string();
    for said in [CLIENT_SECRET, CODE, &verifier, &percent, &hidden, &far, &nested] {
        for shape in [
            json!({ "error": "invalid_client", "error_description": said }),
            json!({ "error": { "title": said, "message": "no" } }),
        ] {
            let world = World::new();
            let admin = world.admin();
            let profile = world.profile(&admin);
            world.zendesk.token.set([status(401, shape.to_string())]);
            let body = json!({
                "profile": profile, "code": CODE, "codeVerifier": verifier, "subdomain": "acme",
                "redirectUri": "https://app.example/callback",
            });
            let reply = world.post("/oauth/exchange", &admin, body);
            let refused = if shape["error"] == "invalid_client" { "invalid_client" } else { "token_refused" };
            assert_eq!(reply.problem(), (422, refused.into()), "the code stays");
            let json = reply.json();
            assert_eq!((json.get("error"), json.get("errorDescription")), (None, None), "{json}");
            let begun = world.begin(&admin, json!({ "profile": profile }));
            let page = world.come_back(&begun, &format!("code={CODE}"));
            let own_verifier = world.zendesk.sent_to("/oauth/tokens")[1].json()["code_verifier"].clone();
            assert_ne!(own_verifier, verifier.as_str());
            assert!(said == verifier || !page.text.contains("Zendesk said"), "{}", page.text);
        }
    }
}

#[test]
fn a_refusal_that_repeats_a_credential_is_not_passed_on() {
    // base64 of `jane@acme.example/token:api-token-of-the-test`, made with another tool.
    let encoded = "amFuZUBhY21lLmV4YW1wbGUvdG9rZW46YXBpLXRva2VuLW9mLXRoZS10ZXN0";
    for said in [API_TOKEN, encoded, &API_TOKEN[..10]] {
        let world = World::new();
        world.zendesk.user.set([status(401, json!({ "error": "no", "description": said }).to_string())]);
        let reply = world.post("/connections", &world.admin(), basic_body());
        assert_eq!(reply.problem(), (422, "basic_refused".into()));
        assert_eq!((reply.json().get("error"), reply.json().get("errorDescription")), (None, None), "{}", reply.text);
    }
    for path in ["user", "current"] {
        let world = World::new();
        let script = if path == "user" { &world.zendesk.user } else { &world.zendesk.current };
        script.set([status(401, json!({ "error": format!("Bearer {ACCESS_TOKEN}") }).to_string())]);
        let (_, begun) = world.popup();
        let page = world.come_back(&begun, "code=x").text;
        assert!(page.contains("access_token_refused") && !page.contains(ACCESS_TOKEN), "{page}");
    }
}
