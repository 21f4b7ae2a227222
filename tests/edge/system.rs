use crate::world::{SYSTEM_SECRET, World, system_options};
use serde_json::{Value, json};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn begin_body() -> Value {
    json!({ "authorization": "oauth-system", "subdomain": "https://globex.zendesk.com/agent" })
}

fn hand_off_body() -> Value {
    json!({
        "profile": "system", "code": "the-code", "codeVerifier": VERIFIER, "subdomain": "globex",
        "redirectUri": "https://app.example/callback",
    })
}

#[test]
fn the_operators_client_needs_the_subdomain_only() {
    let world = World::with(&system_options());
    let admin = world.admin();
    let begun = world.begin(&admin, begin_body());
    assert_eq!(begun.url.host_str(), Some("globex.zendesk.com"));
    let query: std::collections::HashMap<_, _> = begun.url.query_pairs().into_owned().collect();
    assert_eq!((query["client_id"].as_str(), query["scope"].as_str()), ("zdg-desk", "read tickets:write"));
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));

    let sent = &world.zendesk.sent_to("globex.zendesk.com/oauth/tokens")[0].json();
    assert_eq!((&sent["client_id"], &sent["client_secret"]), (&json!("zdg-desk"), &json!(SYSTEM_SECRET)));
    let id = world.get(&format!("/transactions/{}", begun.id), &admin).text_of("connection");
    let json = world.get(&format!("/connections/{id}"), &admin).json();
    assert_eq!((&json["authorization"], &json["profile"]), (&json!("oauth-system"), &Value::Null));
    assert_eq!((&json["mechanism"], &json["subdomain"]), (&json!("oauth2"), &json!("globex")));
    assert_eq!(json["scopes"]["requested"], json!(["read", "tickets:write"]));
    assert_eq!(world.events_of("connection.created")[0]["authorization"], "oauth-system");
    let answers = world.answers.borrow();
    assert!(answers.iter().all(|answer| !answer.contains(SYSTEM_SECRET)));
}

#[test]
fn a_redirect_works_too() {
    let world = World::with(&system_options());
    let mut body = begin_body();
    body["mode"] = json!("redirect");
    assert_eq!(world.post("/connections", &world.admin(), body.clone()).problem().1, "return_to_missing");
    body["returnTo"] = json!("https://app.example/settings");
    let begun = world.begin(&world.admin(), body);
    assert_eq!(world.come_back(&begun, "code=x").status, 303);
}

#[test]
fn the_hand_off_names_it_system() {
    let world = World::with(&system_options());
    let reply = world.post("/oauth/exchange", &world.admin(), hand_off_body());
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.text_of("authorization"), "oauth-system");
    let sent = world.zendesk.sent_to("/oauth/tokens")[0].json();
    assert_eq!((&sent["client_secret"], &sent["scope"]), (&json!(SYSTEM_SECRET), &json!("read tickets:write")));
}

#[test]
fn a_public_client_has_pkce_alone() {
    let mut options = system_options();
    options["systemClient"] = json!({ "clientId": "zdg-desk", "clientKind": "public", "scope": "read" });
    let world = World::with(&options);
    assert_eq!(world.post("/oauth/exchange", &world.admin(), hand_off_body()).status, 201);
    let sent = world.zendesk.sent_to("/oauth/tokens")[0].json();
    assert_eq!((sent.get("client_secret"), &sent["code_verifier"]), (None, &json!(VERIFIER)));
}

#[test]
fn without_such_a_client_there_is_none_to_use() {
    let world = World::new();
    let admin = world.admin();
    let unavailable = (409, "integration_system_unavailable".to_string());
    assert_eq!(world.post("/connections", &admin, begin_body()).problem(), unavailable);
    assert_eq!(world.post("/oauth/exchange", &admin, hand_off_body()).problem(), unavailable);
}

#[test]
fn what_was_typed_is_judged() {
    let world = World::with(&system_options());
    let admin = world.admin();
    let begin = |body: Value| world.post("/connections", &admin, body);
    let missing = begin(json!({ "authorization": "oauth-system" }));
    assert_eq!(missing.fields(), [("subdomain".to_string(), "field_required".to_string())]);
    let wrong = begin(json!({ "authorization": "oauth-system", "subdomain": "acme.evil.example" }));
    assert_eq!(wrong.fields()[0].0, "subdomain");
    let both = begin(json!({ "authorization": "oauth-system", "subdomain": "acme", "profile": "x" }));
    assert_eq!(both.fields(), [("profile".to_string(), "field_unknown".to_string())]);
}

#[test]
fn a_client_that_is_taken_away_meanwhile_ends_the_flow() {
    let mut world = World::with(&system_options());
    let begun = world.begin(&world.admin(), begin_body());
    world.edge = crate::world::edge(&crate::world::options());
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("data-code=\"integration_system_unavailable\""), "{}", page.text);
    assert!(world.zendesk.sent.borrow().is_empty());
}
