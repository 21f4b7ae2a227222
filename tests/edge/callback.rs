use crate::messages::Serve;
use crate::world::{ADMIN_KEY, Begun, CALLBACK, World, callback_request, edge, options};
use crate::zendesk::status;
use futures::executor::block_on;
use futures::future::join;
use serde_json::json;

fn poll(world: &World, session: &str, begun: &Begun) -> serde_json::Value {
    world.get(&format!("/transactions/{}", begun.id), session).json()
}

#[test]
fn a_popup_ends_connected() {
    let world = World::new();
    let (session, begun) = world.popup();
    world.pass(30);
    let page = world.come_back(&begun, "code=the-code");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text.contains("Acme Desk is connected to the Zendesk account acme as Jane &lt;b&gt;Doe&lt;/b&gt;."));
    let connection = poll(&world, &session, &begun)["connection"].as_str().unwrap().to_string();
    assert_eq!(
        poll(&world, &session, &begun),
        json!({
            "id": begun.id, "status": "connected", "connection": connection, "expiresAt": "2026-11-23T12:10:00.000Z",
        })
    );
    let body =
        format!("<body data-transaction=\"{}\" data-status=\"connected\" data-connection=\"{connection}\">", begun.id);
    assert!(page.text.contains(&body), "{}", page.text);
    assert_eq!(
        page.cookies(),
        [format!("__Host-zendesk-auth-{}=used; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600", begun.id)]
    );
    let event = &world.events_of("connection.created")[0];
    assert_eq!(event["connection"], connection);
    assert_eq!((&event["transaction"], &event["subject"]), (&json!(begun.id), &json!("integration")));

    let sent = world.zendesk.sent_to("/oauth/tokens");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, "https://acme.zendesk.com/oauth/tokens");
    assert_eq!(sent[0].json()["code"], "the-code");
    assert_eq!(sent[0].json()["redirect_uri"], CALLBACK);
    assert_eq!(sent[0].json()["expires_in"], 1800);
    let shown = world.get(&format!("/connections/{connection}"), &session).json();
    assert_eq!(shown["expiresAt"], "2026-11-23T12:30:30.000Z");
}

#[test]
fn pages_run_nothing_but_their_own_script() {
    let world = World::new();
    let (_, begun) = world.popup();
    for page in [world.come_back(&begun, "code=x"), world.come_back(&begun, "code=x")] {
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"));
        assert!(
            !policy.contains("unsafe")
                && policy.contains("base-uri 'none'")
                && policy.contains("frame-ancestors 'none'")
        );
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
}

#[test]
fn a_product_without_a_name_is_called_something() {
    let mut options = options();
    options.as_object_mut().unwrap().remove("product");
    let world = World::with(&options);
    let (_, begun) = world.popup();
    assert!(
        world.come_back(&begun, "code=x").text.contains("<p>This application is connected to the Zendesk account acme")
    );
    assert!(world.come_back(&begun, "code=x").text.contains("go back to this application."));
}

#[test]
fn a_redirect_ends_at_return_to() {
    let world = World::new();
    let session = world.admin();
    let profile = world.profile(&session);
    let body = json!({ "profile": profile, "mode": "redirect", "returnTo": "https://app.example/settings?tab=1#top" });
    let good = world.begin(&session, body.clone());
    let reply = world.come_back(&good, "code=x");
    assert_eq!(reply.status, 303);
    let expected = format!("https://app.example/settings?tab=1&zendesk_auth_transaction={}#top", good.id);
    assert_eq!(reply.header("location"), expected);
    assert!(reply.text.is_empty());
    let again = json!({ "profile": profile, "mode": "redirect", "returnTo": expected });
    let second = world.begin(&session, again);
    let replaced = format!("https://app.example/settings?tab=1&zendesk_auth_transaction={}#top", second.id);
    assert_eq!(world.come_back(&second, "code=x").header("location"), replaced);
    let denied = world.begin(&session, body);
    let reply = world.come_back(&denied, "error=access_denied");
    assert_eq!(reply.status, 303);
    assert_eq!(poll(&world, &session, &denied)["status"], "failed");
}

#[test]
fn a_denial_is_told_in_a_sentence() {
    let world = World::new();
    let (session, begun) = world.popup();
    let page = world.come_back(&begun, "error=access_denied&error_description=The+end-user+denied+%3Cb%3E");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<h1>Access was not granted</h1>"));
    assert!(page.text.contains("The end-user denied &lt;b&gt;"));
    assert!(page.text.contains("data-status=\"failed\" data-code=\"access_denied\""));
    let polled = poll(&world, &session, &begun);
    assert_eq!((&polled["status"], &polled["code"]), (&json!("failed"), &json!("access_denied")));
    assert!(polled["detail"].as_str().unwrap().contains("choose Allow"));
    assert_eq!(world.events_of("connection.failed")[0]["code"], "access_denied");
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn another_browser_gets_nowhere() {
    let world = World::new();
    let (session, begun) = world.popup();
    let query = format!("code=x&state={}", begun.state);
    let (_, other) = world.popup();
    for cookie in ["", other.cookie.as_str(), "__Host-zendesk-auth-=x"] {
        let page = world.send(callback_request(cookie, &query));
        assert_eq!(page.status, 422);
        assert!(page.text.contains("<h1>Started in another browser</h1>"), "{}", page.text);
        assert!(!page.text.contains("data-transaction"));
    }
    assert!(world.zendesk.sent.borrow().is_empty());
    assert_eq!(poll(&world, &session, &begun)["status"], "pending");
    assert_eq!(world.come_back(&begun, "code=x").status, 200, "the right browser still can");
}

#[test]
fn a_callback_works_once() {
    let world = World::new();
    let (session, begun) = world.popup();
    world.come_back(&begun, "code=x");
    let used_cookie = format!("__Host-zendesk-auth-{}=used", begun.id);
    for cookie in [begun.cookie.as_str(), used_cookie.as_str()] {
        let again = world.send(callback_request(cookie, &format!("code=x&state={}", begun.state)));
        assert!(again.text.contains("<h1>This link was used already</h1>"), "{}", again.text);
        assert!(again.cookies().is_empty());
    }
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
    assert_eq!(poll(&world, &session, &begun)["status"], "connected");
}

#[test]
fn of_two_isolates_one_exchanges() {
    let world = World::new();
    let (session, begun) = world.popup();
    let request = || callback_request(&begun.cookie, &format!("code=x&state={}", begun.state));
    let other = edge(&options());
    let (one, two) = block_on(join(world.send_later(request()), other.serve(&world, request())));
    let pages = [one.text, String::from_utf8(two.into_body()).unwrap()];
    assert_eq!(pages.iter().filter(|page| page.contains("used already")).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.contains("<h1>Connected</h1>")).count(), 1);
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
    assert_eq!(poll(&world, &session, &begun)["status"], "connected");
}

#[test]
fn tabs_do_not_disturb_each_other() {
    let world = World::new();
    let (session, first) = world.popup();
    let profile = world.profile(&session);
    let second = world.begin(&session, json!({ "profile": profile }));
    let jar = format!("{}; {}", first.cookie, second.cookie);
    for begun in [&second, &first] {
        let page = world.send(callback_request(&jar, &format!("code=x&state={}", begun.state)));
        assert!(page.text.contains("<h1>Connected</h1>"));
        assert_eq!(poll(&world, &session, begun)["status"], "connected");
    }
}

#[test]
fn too_late_is_too_late() {
    let world = World::new();
    let (session, begun) = world.popup();
    world.pass(660);
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("<h1>That took too long</h1>"), "{}", page.text);
    assert!(world.zendesk.sent.borrow().is_empty());
    let session_now = world.admin();
    assert_eq!(poll(&world, &session_now, &begun)["code"], "callback_expired");

    let profile = world.profile(&session_now);
    let never = world.begin(&session_now, json!({ "profile": profile }));
    world.pass(601);
    let polled = poll(&world, &session_now, &never);
    assert_eq!((&polled["status"], &polled["code"]), (&json!("failed"), &json!("transaction_expired")));
    world.pass(7200);
    let gone = world.come_back(&never, "code=x");
    assert!(gone.text.contains("<h1>That took too long</h1>"));
    assert_eq!(world.get(&format!("/transactions/{}", never.id), &world.admin()).problem().0, 404);
    assert_eq!(world.get("/profiles", &session).problem().0, 401);
}

#[test]
fn the_configured_age_counts() {
    let mut options = options();
    options["transactionMaxAge"] = json!(60);
    let world = World::with(&options);
    let (_, begun) = world.popup();
    world.pass(61);
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>That took too long</h1>"));
}

#[test]
fn callbacks_that_make_no_sense_are_pages_too() {
    let world = World::new();
    let (_, begun) = world.popup();
    let state = &begun.state;
    for (query, code) in [
        (String::new(), "callback_state_missing"),
        ("code=x".into(), "callback_state_missing"),
        ("code=x&state=".into(), "callback_state_missing"),
        (format!("code=x&state={state}&state={state}"), "callback_duplicate_parameter"),
        ("code=x&state=unknown".into(), "transaction_other_browser"),
        (format!("code=x&state={}", state.to_lowercase()), "transaction_other_browser"),
    ] {
        let page = world.send(callback_request(&begun.cookie, &query));
        assert!((400..500).contains(&page.status), "{query}");
        assert!(page.text.contains(&format!("data-code=\"{code}\"")), "{query}: {}", page.text);
    }
    let forged = format!("__Host-zendesk-auth-{}=eyJhbGciOiJkaXIifQ..a.b.c", begun.id);
    let page = world.send(callback_request(&forged, &format!("code=x&state={state}")));
    assert!(page.text.contains("data-code=\"transaction_invalid\""));
    assert!(world.zendesk.sent.borrow().is_empty());
    assert_eq!(world.come_back(&begun, "code=x").status, 200, "none of it used the transaction up");

    let (_, begun) = world.popup();
    let both = world.come_back(&begun, "code=x&error=access_denied");
    assert!(both.text.contains("data-code=\"callback_ambiguous\""));
    let (_, begun) = world.popup();
    assert!(world.come_back(&begun, "x=1").text.contains("data-code=\"callback_code_missing\""));
}

#[test]
fn what_zendesk_refuses_is_said_as_it_is() {
    let world = World::new();
    let (session, begun) = world.popup();
    world
        .zendesk
        .token
        .set([status(401, r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#)]);
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("check both in Admin Center"));
    assert!(page.text.contains("Zendesk said: Client authentication failed"));
    assert_eq!(poll(&world, &session, &begun)["code"], "invalid_client");
    assert!(world.keys().iter().all(|key| !key.starts_with("connections/")));
}

#[test]
fn a_profile_that_changed_meanwhile_sends_nothing_elsewhere() {
    let world = World::new();
    let session = world.admin();
    let profile = world.profile(&session);
    let begun = world.begin(&session, json!({ "profile": profile }));
    let mut moved = crate::world::form();
    moved["subdomain"] = json!("globex");
    assert_eq!(world.put_profile(&profile, &session, moved).status, 200);
    assert!(world.come_back(&begun, "code=x").text.contains("data-code=\"subdomain_mismatch\""));
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn only_its_owner_hears_how_a_transaction_ended() {
    let world = World::new();
    let (_, begun) = world.popup();
    let path = format!("/transactions/{}", begun.id);
    let other_tenant = world.session(json!({ "role": "admin", "tenant": "other" }));
    for stranger in [world.user("jane"), other_tenant] {
        assert_eq!(world.get(&path, &stranger).problem(), (404, "transaction_not_found".into()));
    }
    assert_eq!(world.get(&path, ADMIN_KEY).problem(), (403, "session_required".into()));
    assert_eq!(world.get("/transactions/..", &world.admin()).problem().0, 404);
    let jane = world.user("jane");
    let profile = world.profile(&world.admin());
    world.allow_users("oauth-custom", Some(&profile));
    let hers = world.begin(&jane, json!({ "profile": profile }));
    assert_eq!(world.get(&format!("/transactions/{}", hers.id), &jane).status, 200);
    assert_eq!(world.get(&format!("/transactions/{}", hers.id), &world.user("joe")).problem().0, 404);
}
