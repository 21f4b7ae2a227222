//! The Zendesk API with credentials added.

use crate::refresh::{DUE, connect, connected};
use crate::world::{ADMIN_KEY, CLIENT_SECRET, Reply, World, basic_body, request};
use crate::zendesk::{ACCESS_TOKEN, ok, status};
use serde_json::json;

const REFUSED: &str = r#"{"error":"invalid_token"}"#;
const TICKETS: &str = "/proxy/api/v2/tickets.json";

impl World {
    /// A call through the proxy; what it comes with is on the platform.
    fn call(&self, method: &str, id: &str, rest: &str, bearer: &str) -> Reply {
        *self.passing.method.borrow_mut() = method.into();
        self.zendesk.sent.borrow_mut().clear();
        self.send(request(method, &format!("/connections/{id}{rest}"), bearer, None))
    }

    fn user_with(&self, subject: &str, proxy: &str) -> String {
        self.session(json!({ "role": "user", "subject": subject, "proxy": proxy }))
    }
}

#[test]
fn a_backends_call_goes_on_with_the_credential() {
    let (world, id) = connected();
    let headers = [
        ("authorization", "Bearer admin-key"),
        ("cookie", "a=b"),
        ("content-type", "application/json"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("x-on-behalf-of", "customer@acme.example"),
        ("x-forwarded-for", "192.0.2.1"),
    ];
    *world.passing.headers.borrow_mut() = headers.map(|(name, value)| (name.into(), value.into())).into();
    *world.passing.body.borrow_mut() = r#"{"ticket":{"subject":"x"}}"#.into();
    world.zendesk.api.set([Ok((
        201,
        vec![("content-type", "application/json"), ("set-cookie", "a=b"), ("etag", "\"1\""), ("x-rate-limit", "700")],
        r#"{"ticket":{"id":1}}"#.into(),
    ))]);
    let reply = world.call("POST", &id, "/proxy/api/v2/tickets.json?tenant=default&a=b%20c&tenants=x", ADMIN_KEY);
    assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"ticket":{"id":1}}"#));
    assert_eq!((reply.header("etag"), reply.header("x-rate-limit")), ("\"1\"", "700"));
    assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), ("", "no-store"));
    assert_eq!(reply.header("content-security-policy"), "sandbox", "no page of an account's is one of this origin");
    let sent = &world.zendesk.sent.borrow()[0];
    assert_eq!(sent.url, "https://acme.zendesk.com/api/v2/tickets.json?a=b%20c&tenants=x");
    assert_eq!((sent.method.as_str(), sent.body.as_str()), ("POST", r#"{"ticket":{"subject":"x"}}"#));
    let mut names: Vec<&str> = sent.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["authorization", "content-type", "x-on-behalf-of"]);
    assert_eq!(sent.headers["authorization"], format!("Bearer {ACCESS_TOKEN}"));
    assert!(!sent.body.contains(CLIENT_SECRET));
}

#[test]
fn a_refused_token_is_refreshed_and_the_call_sent_once_more() {
    let (world, id) = connected();
    world.pass(300);
    world.zendesk.api.set([status(401, REFUSED), ok(r#"{"tickets":[]}"#)]);
    let reply = world.call("GET", &id, TICKETS, ADMIN_KEY);
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"tickets":[]}"#));
    let calls = world.zendesk.sent_to("/tickets.json");
    let sent: Vec<&str> = calls.iter().map(|sent| sent.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!(sent, [format!("Bearer {ACCESS_TOKEN}").as_str(), "Bearer access-token-1"]);
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
}

#[test]
fn a_call_that_stays_refused_is_not_sent_for_ever() {
    let (world, id) = connected();
    world.pass(300);
    world.zendesk.api.set([status(401, REFUSED)]);
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).status, 401);
    assert_eq!(world.zendesk.sent_to("/tickets.json").len(), 2);
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).status, 401);
    assert_eq!(world.zendesk.sent_to("/tickets.json").len(), 1, "the token is new: that is not what Zendesk refuses");
    assert!(world.zendesk.sent_to("/oauth/tokens").is_empty());
}

#[test]
fn a_body_too_long_to_repeat_is_sent_once_and_the_next_call_works() {
    let (world, id) = connected();
    world.pass(300);
    world.passing.is_long.set(true);
    world.zendesk.api.set([status(401, REFUSED), status(201, "{}")]);
    assert_eq!(world.call("POST", &id, TICKETS, ADMIN_KEY).status, 401);
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
    assert_eq!(world.call("POST", &id, TICKETS, ADMIN_KEY).status, 201);
}

#[test]
fn a_refused_refresh_is_told_in_the_services_words() {
    let (world, id) = connected();
    world.pass(300);
    world.zendesk.api.set([status(401, REFUSED)]);
    world.zendesk.token.set([status(400, r#"{"error":"invalid_grant"}"#)]);
    let reply = world.call("GET", &id, TICKETS, ADMIN_KEY);
    assert_eq!(reply.problem(), (409, "reauthorization_required".into()));
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).problem().0, 409);
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn what_zendesk_refuses_for_other_reasons_comes_back_as_it_is() {
    let (world, id) = connected();
    world.pass(300);
    for (code, headers, body) in [
        (403, vec![], r#"{"error":"Forbidden","description":"You are missing the following required scopes: read"}"#),
        (429, vec![("retry-after", "93"), ("x-rate-limit-remaining", "0")], "slow down"),
        (404, vec![], r#"{"error":"RecordNotFound"}"#),
        (500, vec![], "<html>"),
        (304, vec![("etag", "\"1\"")], ""),
    ] {
        world.zendesk.api.set([Ok((code, headers.clone(), body.into()))]);
        let reply = world.call("GET", &id, TICKETS, ADMIN_KEY);
        assert_eq!((reply.status, reply.text.as_str()), (code, body));
        for (name, value) in headers {
            assert_eq!(reply.header(name), value);
        }
        assert_eq!(world.zendesk.sent.borrow().len(), 1, "{code}: neither refreshed nor repeated");
    }
    for location in ["https://evil.example/", "/api/v2/other.json"] {
        world.zendesk.api.set([Ok((302, vec![("location", location)], String::new()))]);
        assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).problem(), (502, "unexpected_redirect".into()));
        assert_eq!(world.zendesk.sent.borrow().len(), 1);
    }
}

#[test]
fn a_token_that_is_due_is_refreshed_on_the_way() {
    let (world, id) = connected();
    world.pass(DUE);
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).status, 200);
    assert_eq!(world.zendesk.sent_to("/tickets.json")[0].headers["authorization"], "Bearer access-token-1");
}

#[test]
fn only_the_api_is_reached() {
    let (world, id) = connected();
    for path in ["oauth/tokens", "api/", "api/v2/%2e%2e/%2e%2e/oauth/tokens", "api//v2", "agent", ""] {
        let reply = world.call("GET", &id, &format!("/proxy/{path}"), ADMIN_KEY);
        assert_eq!(reply.problem(), (422, "proxy_path_refused".into()), "{path}");
        assert!(world.zendesk.sent.borrow().is_empty());
    }
    assert_eq!(world.call("GET", &id, "/proxy/api/v2/oauth/clients.json", ADMIN_KEY).status, 200);
}

#[test]
fn a_tenant_that_is_named_twice_is_none() {
    let (world, id) = connected();
    for query in ["tenant=default&tenant=other", "tenant=other&a=b&tenant=default", "tenant=default&tenant=default"] {
        for rest in [format!("{TICKETS}?{query}"), format!("/credentials?{query}").replace("a=b&", "")] {
            let reply = world.call("GET", &id, &rest, ADMIN_KEY);
            assert_eq!(reply.problem(), (422, "body_fields_invalid".into()), "{rest}");
            assert_eq!(reply.fields(), [("tenant".into(), "field_invalid".into())]);
            assert!(world.zendesk.sent.borrow().is_empty());
        }
    }
}

#[test]
fn a_session_calls_what_it_was_granted_on_its_own_connections() {
    let world = World::new();
    let (admin, jane) = (world.admin(), world.user_with("jane", "read"));
    let profile = world.profile(&admin);
    world.allow_users("oauth-custom", Some(&profile));
    let begun = world.begin(&jane, json!({}));
    world.come_back(&begun, "code=x");
    let hers = world.get(&format!("/transactions/{}", begun.id), &jane).text_of("connection");
    let integration = connect(&world);
    let (writing, plain) = (world.user_with("jane", "write"), world.user("jane"));
    let joe = world.user_with("joe", "write");
    let admins = world.session(json!({ "role": "admin", "proxy": "write" }));
    let not_granted = (403, "proxy_not_granted".to_string());
    let not_found = (404, "connection_not_found".to_string());

    assert_eq!(world.call("GET", &hers, TICKETS, &jane).status, 200);
    assert_eq!(world.call("HEAD", &hers, TICKETS, &jane).status, 200);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        assert_eq!(world.call(method, &hers, TICKETS, &jane).problem(), not_granted);
        assert_eq!(world.call(method, &hers, TICKETS, &writing).status, 200);
    }
    for session in [&plain, &admin] {
        assert_eq!(world.call("GET", &hers, TICKETS, session).problem(), not_granted);
    }
    assert_eq!(world.call("GET", &hers, TICKETS, &joe).problem(), not_found);
    assert_eq!(world.call("GET", &integration, TICKETS, &writing).problem(), not_found);
    assert_eq!(world.call("GET", &hers, TICKETS, &admins).status, 200);
    for path in ["/proxy/api/v2/oauth/tokens.json", "/proxy/api/v2/api_tokens.json"] {
        assert_eq!(world.call("POST", &hers, path, &writing).problem(), (422, "proxy_path_refused".into()));
        assert_eq!(world.call("GET", &hers, path, &admins).problem(), (422, "proxy_path_refused".into()));
    }
    *world.passing.headers.borrow_mut() = vec![("x-on-behalf-of".into(), "ceo@acme.example".into())];
    assert_eq!(world.call("GET", &hers, &format!("{TICKETS}?tenant=x"), &writing).status, 200);
    let sent = &world.zendesk.sent.borrow()[0];
    assert!(sent.headers.get("x-on-behalf-of").is_none());
    assert!(sent.url.ends_with("?tenant=x"), "for sessions that is a parameter like any other");
}

#[test]
fn an_api_token_that_is_refused_is_looked_at() {
    let world = World::new();
    let id = world.post("/connections", &world.admin(), basic_body()).text_of("id");
    world.zendesk.api.set([status(401, r#"{"error":"Couldn't authenticate you"}"#)]);
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).status, 401);
    let shown = |world: &World| world.get(&format!("/connections/{id}"), &world.admin()).text_of("status");
    assert_eq!(shown(&world), "active", "Zendesk still knows the user: it was this call");
    world.zendesk.user.set([status(401, r#"{"error":"Couldn't authenticate you"}"#)]);
    assert_eq!(world.call("GET", &id, TICKETS, ADMIN_KEY).status, 401);
    assert_eq!(shown(&world), "reauthorization-required");
}

#[test]
fn the_products_own_code_needs_no_key() {
    let (world, id) = connected();
    assert_eq!(world.call("GET", &id, TICKETS, "").problem(), (401, "authentication_missing".into()));
    world.passing.is_trusted.set(true);
    assert_eq!(world.call("GET", &id, TICKETS, "").status, 200);
    assert_eq!(world.get(&format!("/connections/{id}/credentials?tenant=other"), "").problem().0, 404);
}

#[test]
fn a_grant_is_one_of_two() {
    let world = World::new();
    let reply = world.post("/sessions", ADMIN_KEY, json!({ "role": "admin", "proxy": "all" }));
    assert_eq!(
        (reply.problem(), reply.fields()),
        ((422, "body_fields_invalid".into()), vec![("proxy".into(), "field_invalid".into())])
    );
    let session = world.user_with("jane", "read");
    assert_eq!(world.get("/session", &session).text_of("proxy"), "read");
}
