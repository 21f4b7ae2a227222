use crate::world::{World, basic_body, request};
use crate::zendesk::{ACCESS_TOKEN, Answer, current, ok, status};
use serde_json::json;
use zendesk_auth::edge::platform::FetchError;

const REFUSED: &str = r#"{"error":"invalid_token"}"#;

fn connect(world: &World, session: &str) -> String {
    let profile = world.profile(&world.admin());
    if session != world.admin() && world.get("/profiles", session).status == 403 {
        world.allow_users("oauth-custom", Some(&profile));
    }
    let begun = world.begin(session, json!({ "profile": profile }));
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    world.get(&format!("/transactions/{}", begun.id), session).text_of("connection")
}

fn disconnect(world: &World, session: &str, id: &str) -> crate::world::Reply {
    world.zendesk.sent.borrow_mut().clear();
    world.delete(&format!("/connections/{id}"), session)
}

#[test]
fn a_token_is_revoked_by_its_id_and_that_is_confirmed() {
    let world = World::new();
    let admin = world.admin();
    let id = connect(&world, &admin);
    world.zendesk.current.set([status(401, REFUSED)]);
    let reply = disconnect(&world, &admin, &id);
    assert_eq!((reply.status, reply.json()), (200, json!({ "revoked": "confirmed" })));
    let sent = world.zendesk.sent.borrow();
    let calls: Vec<(&str, &str)> = sent.iter().map(|sent| (sent.method.as_str(), sent.url.as_str())).collect();
    assert_eq!(
        calls,
        [
            ("DELETE", "https://acme.zendesk.com/api/v2/oauth/tokens/5.json"),
            ("GET", "https://acme.zendesk.com/api/v2/oauth/tokens/current.json"),
        ]
    );
    assert!(sent.iter().all(|sent| sent.headers["authorization"] == format!("Bearer {ACCESS_TOKEN}")));
    assert!(sent.iter().all(|sent| sent.body.is_empty()));
    drop(sent);
    assert_eq!(world.get(&format!("/connections/{id}"), &admin).problem(), (404, "connection_not_found".into()));
    assert_eq!(disconnect(&world, &admin, &id).problem(), (404, "connection_not_found".into()));
    let event = &world.events_of("connection.removed")[0];
    assert_eq!((&event["connection"], &event["revoked"]), (&json!(id), &json!("confirmed")));
}

#[test]
fn what_cannot_be_confirmed_is_said_and_forgotten_all_the_same() {
    let still_works = || ok(current());
    let gone = || status(401, REFUSED);
    let cases: [(Answer, Answer, &str); 10] = [
        (ok("<html>Signed out</html>"), gone(), "unconfirmed"),
        (status(204, ""), gone(), "confirmed"),
        (status(404, "{}"), gone(), "confirmed"),
        (gone(), still_works(), "confirmed"),
        (status(204, ""), still_works(), "unconfirmed"),
        (status(204, ""), status(503, ""), "unconfirmed"),
        (status(403, r#"{"error":"Forbidden"}"#), gone(), "unconfirmed"),
        (status(503, ""), gone(), "unconfirmed"),
        (Ok((302, vec![("location", "https://evil.example/")], String::new())), gone(), "unconfirmed"),
        (Err(FetchError::TimedOut), gone(), "unconfirmed"),
    ];
    for (index, (revocation, current, expected)) in cases.into_iter().enumerate() {
        let world = World::new();
        let admin = world.admin();
        let id = connect(&world, &admin);
        world.zendesk.revocation.set([revocation]);
        world.zendesk.current.set([current]);
        assert_eq!(disconnect(&world, &admin, &id).json(), json!({ "revoked": expected }), "{index}");
        assert!(world.keys().iter().all(|key| !key.starts_with("connections/")), "{index}");
    }
}

#[test]
fn the_id_is_asked_for_where_it_is_not_known() {
    for (answers, expected, calls) in [
        (vec![ok(current()), status(401, REFUSED)], "confirmed", 3),
        (vec![status(401, REFUSED)], "confirmed", 1),
        (vec![status(403, "{}")], "unconfirmed", 1),
        (vec![Err(FetchError::TimedOut)], "unconfirmed", 1),
    ] {
        let world = World::new();
        let admin = world.admin();
        world.zendesk.current.set([status(403, "{}")]);
        let id = connect(&world, &admin);
        world.zendesk.current.set(answers);
        assert_eq!(disconnect(&world, &admin, &id).text_of("revoked"), expected);
        assert_eq!(world.zendesk.sent.borrow().len(), calls);
    }
}

#[test]
fn a_refusal_of_an_expired_token_proves_nothing() {
    let world = World::new();
    let id = connect(&world, &world.admin());
    world.pass(1800 - 120);
    world.zendesk.revocation.set([status(401, REFUSED)]);
    let soon = disconnect(&world, &world.admin(), &id);
    assert_eq!(soon.text_of("revoked"), "unconfirmed", "by Zendesk's clock it may have expired");
}

#[test]
fn an_api_token_is_the_accounts_and_only_forgotten() {
    let world = World::new();
    let admin = world.admin();
    let id = world.post("/connections", &admin, basic_body()).text_of("id");
    assert_eq!(disconnect(&world, &admin, &id).text_of("revoked"), "not-applicable");
    assert!(world.zendesk.sent.borrow().is_empty() && world.keys().is_empty());
}

#[test]
fn an_integration_whose_connection_goes_is_disabled() {
    let world = World::new();
    let admin = world.admin();
    let choice = json!({ "authorization": "basic", "access": "pre-authorize" });
    world.put("/integration", &admin, choice);
    let mut other = basic_body();
    other["subdomain"] = json!("globex");
    let spare = world.post("/connections", &admin, other).text_of("id");
    let id = world.post("/connections", &admin, basic_body()).text_of("id");
    world.send(request("POST", "/integration/enable", &admin, None));
    assert_eq!(disconnect(&world, &admin, &spare).status, 200);
    assert_eq!(world.get("/integration", &admin).text_of("state"), "enabled", "that was another connection");
    assert_eq!(disconnect(&world, &admin, &id).status, 200);
    let json = world.get("/integration", &admin).json();
    assert_eq!((&json["state"], &json["enabled"]), (&json!("unverified"), &json!(false)));
    assert_eq!(world.events_of("integration.disabled").len(), 1);
}

#[test]
fn everyone_disconnects_their_own() {
    let world = World::new();
    let (admin, jane, joe) = (world.admin(), world.user("jane"), world.user("joe"));
    let (integration, hers, his) = (connect(&world, &admin), connect(&world, &jane), connect(&world, &joe));
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    let not_found = (404, "connection_not_found".to_string());
    for (who, id) in [(&jane, &his), (&jane, &integration), (&other, &hers)] {
        assert_eq!(disconnect(&world, who, id).problem(), not_found);
        assert!(world.zendesk.sent.borrow().is_empty(), "nothing is revoked for strangers");
    }
    let before = world.get("/integration", &admin).json();
    assert_eq!(disconnect(&world, &jane, &hers).status, 200);
    assert_eq!(disconnect(&world, &admin, &his).status, 200);
    assert_eq!(world.get("/integration", &admin).json(), before, "users' connections do not concern it");
}

#[test]
fn a_store_that_fails_leaves_something_to_disconnect_again() {
    let world = World::new();
    let admin = world.admin();
    let id = connect(&world, &admin);
    world.zendesk.current.set([status(401, REFUSED)]);
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "delete");
    assert_eq!(disconnect(&world, &admin, &id).problem(), (503, "store_unavailable".into()));
    assert!(world.events_of("connection.removed").is_empty());
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!(disconnect(&world, &admin, &id).text_of("revoked"), "confirmed");
}

#[test]
fn a_connection_authorized_again_meanwhile_goes_whole() {
    let world = World::new();
    let admin = world.admin();
    let id = connect(&world, &admin);
    let begun = world.begin(&admin, json!({ "profile": world.profile(&admin) }));
    world.zendesk.sent.borrow_mut().clear();
    let callback = format!("code=x&state={}", begun.state);
    let again = world.send_later(crate::world::callback_request(&begun.cookie, &callback));
    let remove = world.send_later(request("DELETE", &format!("/connections/{id}"), &admin, None));
    let (page, removed) = futures::executor::block_on(futures::future::join(again, remove));
    assert!(page.text.contains("<h1>Connected</h1>") && removed.status == 200);
    let is_there = world.get(&format!("/connections/{id}"), &admin).status == 200;
    let revocations = world.zendesk.sent_to("/tokens/5.json").len();
    assert!(is_there || revocations == 2, "a credential that is forgotten was revoked before");
}

/// A token that is just being granted would outlive the connection.
#[test]
fn disconnecting_waits_for_a_refresh_and_revokes_what_it_brought() {
    let (world, id) = crate::refresh::connected();
    world.pass(crate::refresh::DUE);
    world.zendesk.current.set([ok(current()), status(401, REFUSED)]);
    let fetch =
        world.send_later(request("GET", &format!("/connections/{id}/credentials"), crate::world::ADMIN_KEY, None));
    let admin = world.admin();
    let mut fetch = Box::pin(fetch);
    while world.zendesk.sent_to("/oauth/tokens").is_empty() {
        assert!(futures::FutureExt::now_or_never(&mut fetch).is_none());
    }
    let remove = world.send_later(request("DELETE", &format!("/connections/{id}"), &admin, None));
    let (_, removed) = futures::executor::block_on(futures::future::join(fetch, remove));
    assert_eq!(removed.text_of("revoked"), "confirmed");
    let revocations = world.zendesk.sent_to("/tokens/5.json");
    assert_eq!(revocations[0].headers["authorization"], "Bearer access-token-1");
}

#[test]
fn a_refresh_whose_isolate_died_leaves_a_doubt() {
    let (world, id) = crate::refresh::connected();
    world.pass(crate::refresh::DUE);
    let path = format!("/connections/{id}/credentials");
    let mut dying = Box::pin(world.send_later(request("GET", &path, crate::world::ADMIN_KEY, None)));
    while world.zendesk.sent_to("/oauth/tokens").is_empty() {
        assert!(futures::FutureExt::now_or_never(&mut dying).is_none());
    }
    drop(dying);
    world.zendesk.current.set([status(401, REFUSED)]);
    let removed = world.delete(&format!("/connections/{id}"), &world.admin());
    assert_eq!(removed.text_of("revoked"), "unconfirmed", "perhaps a newer token lives on");
}

#[test]
fn what_is_being_disconnected_is_handed_out_no_more() {
    let (world, id) = crate::refresh::connected();
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "delete");
    assert_eq!(world.delete(&format!("/connections/{id}"), &world.admin()).status, 503);
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).text_of("status"), "revoked");
    let reply = crate::refresh::credentials(&world, &id);
    assert_eq!(reply.problem(), (409, "connection_revoked".into()));
    assert_eq!(world.delete(&format!("/connections/{id}"), &world.admin()).status, 200);
}

/// Authorized again while the old token was being refreshed: the new grant stays, and what the refresh brought goes.
#[test]
fn a_token_that_nobody_needs_any_longer_is_revoked() {
    let (world, id) = crate::refresh::connected();
    let admin = world.admin();
    let begun = world.begin(&admin, json!({ "profile": world.profile(&admin) }));
    world.pass(crate::refresh::DUE - 25 * 60);
    let path = format!("/connections/{id}/refresh");
    let mut refresh = Box::pin(world.send_later(request("POST", &path, &admin, None)));
    while world.zendesk.sent_to("/oauth/tokens").is_empty() {
        assert!(futures::FutureExt::now_or_never(&mut refresh).is_none());
    }
    let page = world.come_back(&begun, "code=y");
    assert!(page.text.contains("<h1>Connected</h1>"), "{}", page.text);
    assert_eq!(futures::executor::block_on(refresh).status, 200);
    let revocations = world.zendesk.sent_to("/tokens/5.json");
    assert_eq!(revocations[0].headers["authorization"], "Bearer access-token-1");
    assert_eq!(crate::refresh::credentials(&world, &id).text_of("authorization"), "Bearer access-token-2");
}
