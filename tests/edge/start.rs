use crate::world::{CALLBACK, World, callback_request, form, request};
use http::HeaderValue;
use serde_json::{Value, json};
use std::collections::HashMap;

#[test]
fn an_authorization_begins_with_a_url_and_a_cookie() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let reply = world.post("/connections", &admin, json!({ "profile": profile }));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text_of("expiresAt"), "2026-11-23T12:10:00.000Z");
    let url = url::Url::parse(&reply.text_of("authorizationUrl")).unwrap();
    assert_eq!(url.origin().ascii_serialization(), "https://acme.zendesk.com");
    assert_eq!(url.path(), "/oauth/authorizations/new");
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["client_id"], "acme_client");
    assert_eq!(query["redirect_uri"], CALLBACK);
    assert_eq!(query["scope"], "read write");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!((query["state"].len(), query["code_challenge"].len()), (43, 43));

    let id = reply.text_of("transaction");
    let cookie = reply.cookies().pop().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let (name, value) = pair.split_once('=').unwrap();
    assert_eq!(name, format!("__Host-zendesk-auth-{id}"));
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
    assert!(cookie.len() < 2048 && !value.contains(&query["state"]));
    assert_eq!(world.keys(), [format!("profiles/default/{profile}"), format!("transactions/default/{id}")]);
    assert!(world.entries.borrow()[&format!("transactions/default/{id}")].expires_at.is_some());
    assert!(world.zendesk.sent.borrow().is_empty(), "nothing is sent to begin");
    assert_eq!(
        world.get(&format!("/transactions/{id}"), &admin).json(),
        json!({
            "id": id, "status": "pending", "expiresAt": "2026-11-23T12:10:00.000Z",
        })
    );
}

#[test]
fn the_account_is_the_profiles() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let with =
        |subdomain: &str| world.post("/connections", &admin, json!({ "profile": profile, "subdomain": subdomain }));
    assert_eq!(with("https://acme.zendesk.com/agent").status, 200);
    let other = with("globex");
    assert_eq!(other.problem(), (422, "subdomain_mismatch".into()));
    assert_eq!(other.fields(), [("subdomain".to_string(), "subdomain_mismatch".to_string())]);
    assert_eq!(with("acme.zendesk.com.evil.example").fields()[0].0, "subdomain");
}

#[test]
fn a_redirect_ends_only_where_the_configuration_allows() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let redirect = |return_to: Value| {
        world.post("/connections", &admin, json!({ "profile": profile, "mode": "redirect", "returnTo": return_to }))
    };
    assert_eq!(redirect(json!("https://app.example/settings/zendesk?tab=1")).status, 200);
    for refused in [
        "https://evil.example/settings",
        "https://app.example/settingsx",
        "https://app.example/settings/..%2fadmin",
        "/settings",
        "javascript:alert(1)",
    ] {
        assert_eq!(redirect(json!(refused)).problem(), (422, "return_to_not_allowed".into()), "{refused}");
    }
    assert_eq!(redirect(Value::Null).problem(), (422, "return_to_missing".into()));
    let popup = world.post("/connections", &admin, json!({ "profile": profile, "returnTo": "https://evil.example/" }));
    assert_eq!(popup.problem(), (422, "return_to_not_allowed".into()), "a popup's page would link there");
    let odd = world.post("/connections", &admin, json!({ "profile": profile, "mode": "iframe" }));
    assert_eq!(odd.fields(), [("mode".to_string(), "field_invalid".to_string())]);
    assert_eq!(world.post("/connections", &admin, json!({})).fields()[0], ("profile".into(), "field_required".into()));
    assert_eq!(world.post("/connections", &admin, json!({ "profile": "nope" })).problem().0, 404);
}

#[test]
fn a_profiles_own_urls_are_used() {
    let world = World::new();
    let admin = world.admin();
    let mut body = form();
    body["authorizationUrl"] = json!("https://{subdomain}.zendesk.com/oauth/authorizations/new?locale=de");
    body["tokenUrl"] = json!("https://acme.zendesk.com/oauth/tokens?via=profile");
    let profile = world.post("/profiles", &admin, body).text_of("id");
    let begun = world.begin(&admin, json!({ "profile": profile }));
    assert!(
        begun
            .url
            .as_str()
            .starts_with("https://acme.zendesk.com/oauth/authorizations/new?locale=de&response_type=code")
    );
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    assert_eq!(world.zendesk.sent.borrow()[0].url, "https://acme.zendesk.com/oauth/tokens?via=profile");
}

#[test]
fn abandoned_authorizations_do_not_pile_up_in_the_browser() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let mut jar: Vec<(String, String)> = Vec::new();
    for round in 0..12 {
        let mut begin = request("POST", "/connections", &admin, Some(json!({ "profile": profile })));
        let header = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let header = format!("theme=dark; {header}");
        begin.headers_mut().insert("cookie", header.parse().unwrap());
        for cookie in world.send(begin).cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            jar.retain(|(known, _)| known != name);
            if cookie.ends_with("Max-Age=0") {
                assert!(value.is_empty());
            } else {
                jar.push((name.into(), value.into()));
            }
        }
        assert_eq!(jar.len(), (round + 1).min(8));
    }
}

#[test]
fn cookies_of_others_do_not_hide_the_transactions() {
    let world = World::new();
    let (_, begun) = world.popup();
    let query = format!("code=x&state={}", begun.state);
    let with_cookies = |cookies: &[u8]| {
        let mut callback = callback_request("", &query);
        callback.headers_mut().insert("cookie", HeaderValue::from_bytes(cookies).unwrap());
        world.send(callback).text
    };
    // Browsers hold a name to the rules of `__Host-` only where it begins the name.
    let forged = format!("\u{2000}{}; \u{a0}{}", begun.cookie, begun.cookie);
    assert!(with_cookies(forged.as_bytes()).contains("<h1>Started in another browser</h1>"));
    let beside_others = [b"name=Jos\xc3\xa9; latin=Jos\xe9;\t".as_slice(), begun.cookie.as_bytes(), b" ;x=y"].concat();
    assert!(with_cookies(&beside_others).contains("<h1>Connected</h1>"));
}
