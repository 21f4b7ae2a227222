//! Credentials that stay alive: when a new one is asked for, by whom, and what is told when there is none.

use crate::messages::Serve;
use crate::world::{ADMIN_KEY, CLIENT_SECRET, Reply, World, basic_body, edge, options, request};
use crate::zendesk::{ACCESS_TOKEN, Answer, REFRESH_TOKEN, ok, status};
use futures::executor::block_on;
use futures::future::join_all;
use serde_json::{Value, json};
use zendesk_auth::edge::platform::FetchError;

const USED_UP: &str = r#"{"error":"invalid_grant","error_description":"used"}"#;
const REFUSED: &str = r#"{"error":"invalid_token"}"#;

/// Minutes after which a token of half an hour is due, jitter included.
pub const DUE: u64 = 26 * 60;

pub fn renewed(number: u32) -> Value {
    json!({
        "access_token": format!("access-token-{number}"), "refresh_token": format!("refresh-token-{number}"),
        "token_type": "bearer", "scope": "read write", "expires_in": 1800, "refresh_token_expires_in": 2_592_000,
    })
}

pub fn grants(number: u32) -> Answer {
    status(200, renewed(number).to_string())
}

/// A world with a connection of the integration's, by OAuth - Custom.
pub fn connected() -> (World, String) {
    let world = World::new();
    let id = connect(&world);
    (world, id)
}

pub fn connect(world: &World) -> String {
    let (session, begun) = world.popup();
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    let id = world.get(&format!("/transactions/{}", begun.id), &session).text_of("connection");
    world.zendesk.sent.borrow_mut().clear();
    world.zendesk.token.set([grants(1), grants(2), grants(3), status(400, USED_UP)]);
    id
}

pub fn credentials(world: &World, id: &str) -> Reply {
    let reply = world.get(&format!("/connections/{id}/credentials"), ADMIN_KEY);
    // The one answer that is meant to hold a token.
    world.answers.borrow_mut().pop();
    reply
}

fn bearer(world: &World, id: &str) -> String {
    credentials(world, id).text_of("authorization")
}

fn state(world: &World, id: &str) -> String {
    world.get(&format!("/connections/{id}"), &world.admin()).text_of("status")
}

fn refreshes(world: &World) -> usize {
    world.zendesk.sent_to("/oauth/tokens").len()
}

#[test]
fn a_token_is_handed_out_and_left_alone_until_it_is_due() {
    let (world, id) = connected();
    world.pass(20 * 60);
    let reply = credentials(&world, &id);
    assert_eq!(
        reply.json(),
        json!({
            "authorization": format!("Bearer {ACCESS_TOKEN}"), "baseUrl": "https://acme.zendesk.com",
            "expiresAt": "2026-11-23T12:30:00.000Z",
        })
    );
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn a_token_is_refreshed_before_it_expires_and_stored_before_it_is_shown() {
    let (world, id) = connected();
    world.pass(DUE);
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
    assert_eq!(
        world.zendesk.sent_to("/oauth/tokens")[0].json(),
        json!({
            "grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, "client_id": "acme_client",
            "client_secret": CLIENT_SECRET, "expires_in": 1800,
        })
    );
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
    assert_eq!(refreshes(&world), 1);
    world.pass(DUE);
    assert_eq!(bearer(&world, &id), "Bearer access-token-2");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens")[1].json()["refresh_token"], "refresh-token-1");
    let events = world.events_of("connection.refreshed");
    assert_eq!((events.len(), &events[0]["connection"]), (2, &json!(id)));
}

#[test]
fn a_thousand_calls_in_three_isolates_cause_one_refresh() {
    for (seconds, calls) in [(DUE, 1000), (40 * 60, 200)] {
        let (world, id) = connected();
        world.pass(seconds);
        let isolates = [edge(&options()), edge(&options()), edge(&options())];
        let calls = (0..calls).map(|index| {
            let request = request("GET", &format!("/connections/{id}/credentials"), ADMIN_KEY, None);
            isolates[index % 3].serve(&world, request)
        });
        let answers = block_on(join_all(calls));
        assert_eq!(refreshes(&world), 1);
        for answer in answers {
            let text = String::from_utf8(answer.into_body()).unwrap();
            assert!(text.contains("Bearer access-token-1"), "{text}");
        }
        assert_eq!(world.events_of("connection.refreshed").len(), 1);
    }
}

#[test]
fn a_refresh_on_demand_is_one_for_all_who_ask_at_once() {
    let (world, id) = connected();
    let ask = || world.send_later(request("POST", &format!("/connections/{id}/refresh"), ADMIN_KEY, None));
    let answers = block_on(join_all((0..20).map(|_| ask())));
    assert!(answers.iter().all(|reply| reply.status == 200 && reply.text_of("status") == "active"));
    assert_eq!(refreshes(&world), 1, "who waited has got a newer one");
    assert_eq!(block_on(ask()).status, 200);
    assert_eq!(refreshes(&world), 2);
}

#[test]
fn what_an_answer_leaves_out_stays_as_it_was() {
    let (world, id) = connected();
    world.zendesk.token.set([ok(r#"{"access_token":"access-token-1"}"#), grants(2)]);
    world.zendesk.current.set([status(403, "{}")]);
    world.pass(DUE);
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
    let shown = world.get(&format!("/connections/{id}"), &world.admin()).json();
    assert_eq!(shown["scopes"]["granted"], json!(["read"]));
    assert_eq!(shown["expiresAt"], "2026-11-23T12:56:00.000Z", "as long as the one before");
    assert_eq!(shown["refreshTokenExpiresAt"], "2026-12-23T12:00:00.000Z");
    world.pass(DUE);
    assert_eq!(bearer(&world, &id), "Bearer access-token-2");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens")[1].json()["refresh_token"], REFRESH_TOKEN);
}

#[test]
fn where_the_lifetime_is_missing_zendesk_is_asked_for_it() {
    let (world, id) = connected();
    let mut silent = renewed(1);
    silent.as_object_mut().unwrap().remove("expires_in");
    world.zendesk.token.set([status(200, silent.to_string())]);
    let token = r#"{"token":{"id":9,"scopes":["read"],"expires_at":"2026-11-23T13:26:00Z"}}"#;
    world.zendesk.current.set([ok(token)]);
    world.pass(DUE);
    assert_eq!(credentials(&world, &id).text_of("expiresAt"), "2026-11-23T13:26:00.000Z");
    let shown = world.get(&format!("/connections/{id}"), &world.admin()).json();
    assert_eq!(
        (&shown["expiresAt"], &shown["scopes"]["granted"]),
        (&json!("2026-11-23T13:26:00.000Z"), &json!(["read"]))
    );
    assert_eq!(world.zendesk.sent_to("current.json")[0].headers["authorization"], "Bearer access-token-1");
}

#[test]
fn a_refresh_token_that_is_used_up_is_said_once_and_not_tried_again() {
    let (world, id) = connected();
    let admin = world.admin();
    let profile = world.get(&format!("/connections/{id}"), &admin).text_of("profile");
    let choice = json!({ "authorization": "oauth-custom", "access": "pre-authorize", "profile": profile });
    world.put("/integration", &admin, choice);
    let begun = world.begin(&admin, json!({ "profile": profile }));
    world.zendesk.token.set([grants(1), status(400, USED_UP)]);
    world.come_back(&begun, "code=x");
    assert_eq!(world.post("/integration/enable", &admin, json!({})).text_of("state"), "enabled");
    world.zendesk.sent.borrow_mut().clear();
    world.pass(DUE);
    let reply = credentials(&world, &id);
    assert_eq!(reply.problem(), (409, "reauthorization_required".into()));
    assert_eq!(reply.json()["error"], "invalid_grant");
    for _ in 0..3 {
        world.pass(3600);
        assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
        let refresh = world.post(&format!("/connections/{id}/refresh"), ADMIN_KEY, json!({}));
        assert_eq!(refresh.problem(), (409, "reauthorization_required".into()));
    }
    assert_eq!(refreshes(&world), 1);
    assert_eq!(state(&world, &id), "reauthorization-required");
    let events = world.events_of("connection.reauthorization-required");
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["connection"], &events[0]["code"]), (&json!(id), &json!("invalid_grant")));
    assert_eq!(world.get("/integration", &world.admin()).text_of("state"), "reauthorization-required");

    world.zendesk.token.set([grants(2)]);
    let begun = world.begin(&world.admin(), json!({ "profile": profile }));
    world.come_back(&begun, "code=y");
    assert_eq!(bearer(&world, &id), "Bearer access-token-2");
    assert_eq!(
        (state(&world, &id), world.get("/integration", &world.admin()).text_of("state")),
        ("active".into(), "enabled".into())
    );
}

#[test]
fn a_limit_or_an_outage_changes_nothing_while_the_token_lasts() {
    for (answer, code, status) in [
        (Ok((429, vec![("retry-after", "30")], "slow down".into())), "rate_limited", 503),
        (Ok((429, vec![], "slow down".into())), "rate_limited", 503),
        (status(500, "<html>"), "zendesk_unavailable", 503),
        (status(503, ""), "zendesk_unavailable", 503),
        (status(401, r#"{"error":"invalid_client"}"#), "invalid_client", 422),
    ] {
        let (world, id) = connected();
        world.zendesk.token.set([answer.clone()]);
        world.pass(DUE);
        assert_eq!(bearer(&world, &id), format!("Bearer {ACCESS_TOKEN}"), "{code}");
        assert_eq!(bearer(&world, &id), format!("Bearer {ACCESS_TOKEN}"), "{code}");
        assert_eq!(refreshes(&world), 1, "{code}: it is not tried again at once");
        let shown = world.get(&format!("/connections/{id}"), &world.admin()).json();
        assert_eq!((&shown["status"], &shown["trouble"]["code"]), (&json!("active"), &json!(code)));
        assert_eq!(shown["trouble"]["failures"], 1);
        assert!(world.events_of("connection.reauthorization-required").is_empty());
        world.pass(60);
        assert_eq!(bearer(&world, &id), format!("Bearer {ACCESS_TOKEN}"), "{code}");
        assert_eq!(refreshes(&world), 2, "{code}");
        world.pass(3600);
        let reply = credentials(&world, &id);
        assert_eq!(reply.problem(), (status, code.into()), "there is none left");
        assert!(reply.json()["retryAfter"].as_u64().unwrap() > 0, "{}", reply.text);
        let soon = credentials(&world, &id);
        assert_eq!((soon.problem(), soon.header("retry-after").is_empty()), ((status, code.into()), false));
        assert_eq!(refreshes(&world), 3);
        world.zendesk.token.set([grants(1)]);
        world.pass(300);
        assert_eq!(bearer(&world, &id), "Bearer access-token-1", "{code}");
        assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).json()["trouble"], Value::Null);
    }
}

#[test]
fn how_long_to_wait_is_zendesks_word_within_limits() {
    let (world, id) = connected();
    world.zendesk.token.set([Ok((429, vec![("retry-after", "86400")], "slow down".into()))]);
    world.pass(3600);
    let reply = credentials(&world, &id);
    let seconds = reply.json()["retryAfter"].as_u64().unwrap();
    assert!((120..=150).contains(&seconds), "{seconds}");
    world.pass(seconds);
    world.zendesk.token.set([grants(1)]);
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
}

#[test]
fn after_a_lost_answer_the_old_token_is_tried_before_it_is_used() {
    for lost in [
        Err(FetchError::TimedOut),
        Err(FetchError::Unreachable("reset".into())),
        Err(FetchError::TooLarge),
        status(200, r#"{"access_token":"acc"#),
        status(200, "<html>"),
        Ok((302, vec![("location", "https://evil.example/")], String::new())),
    ] {
        // It never reached Zendesk: the old one works.
        let (world, id) = connected();
        world.zendesk.token.set([lost.clone(), grants(1)]);
        world.pass(DUE);
        assert_eq!(bearer(&world, &id), format!("Bearer {ACCESS_TOKEN}"));
        assert_eq!(world.zendesk.sent_to("current.json").len(), 1);
        world.pass(5);
        assert_eq!(bearer(&world, &id), "Bearer access-token-1", "one more attempt with what is stored");

        // It was carried out: the old one works no longer, and the new one is lost. That is said.
        let (world, id) = connected();
        world.zendesk.token.set([lost.clone(), status(400, USED_UP)]);
        world.zendesk.current.set([status(401, REFUSED)]);
        world.pass(DUE);
        let first = credentials(&world, &id);
        assert!(matches!(first.status, 502..=504), "{}", first.text);
        assert_eq!(state(&world, &id), "active");
        world.pass(5);
        assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
        assert_eq!(refreshes(&world), 2);

        // Zendesk does not answer at all: nobody can tell, and so nothing is handed out.
        let (world, id) = connected();
        world.zendesk.token.set([lost.clone(), grants(1)]);
        world.zendesk.current.set([Err(FetchError::TimedOut)]);
        world.pass(DUE);
        assert!(matches!(credentials(&world, &id).status, 502..=504));
        world.pass(5);
        assert_eq!(bearer(&world, &id), "Bearer access-token-1");
    }
}

#[test]
fn an_isolate_that_dies_while_it_refreshes_is_waited_for_and_then_replaced() {
    for (answer, expected) in [(grants(1), 200), (status(400, USED_UP), 409)] {
        let (world, id) = connected();
        world.pass(DUE);
        let path = format!("/connections/{id}/credentials");
        let mut dying = Box::pin(world.send_later(request("GET", &path, ADMIN_KEY, None)));
        while refreshes(&world) == 0 {
            assert!(futures::FutureExt::now_or_never(&mut dying).is_none());
        }
        drop(dying);
        assert_eq!(state(&world, &id), "refreshing");
        world.zendesk.token.set([answer]);
        let before = world.now.get();
        let other = edge(&options());
        let reply = block_on(other.serve(&world, request("GET", &path, ADMIN_KEY, None)));
        assert_eq!(reply.status().as_u16(), expected);
        let waited = (world.now.get() - before) / 1000;
        assert!((30..40).contains(&waited), "{waited} seconds");
        assert_eq!(refreshes(&world), 2);
    }
}

#[test]
fn clocks_that_differ_by_minutes_do_no_harm() {
    for skew in [-180_i64, 180] {
        let (world, id) = connected();
        world.pass(DUE);
        let path = format!("/connections/{id}/credentials");
        let mut first = Box::pin(world.send_later(request("GET", &path, ADMIN_KEY, None)));
        while refreshes(&world) == 0 {
            assert!(futures::FutureExt::now_or_never(&mut first).is_none());
        }
        // Another machine, whose clock is ahead or behind, sees the lease.
        world.now.set(world.now.get().checked_add_signed(skew * 1000).unwrap());
        let other = edge(&options());
        let request = request("GET", &path, ADMIN_KEY, None);
        let (_, second) = block_on(futures::future::join(first, other.serve(&world, request)));
        assert!(String::from_utf8(second.into_body()).unwrap().contains("access-token-1"));
        assert_eq!(refreshes(&world), 1, "{skew}");
    }
}

#[test]
fn a_store_that_cannot_be_written_costs_no_refresh_token() {
    let (world, id) = connected();
    world.pass(DUE);
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "put");
    assert_eq!(bearer(&world, &id), format!("Bearer {ACCESS_TOKEN}"), "the old one is good");
    world.pass(600);
    assert_eq!(credentials(&world, &id).problem(), (503, "store_unavailable".into()));
    assert_eq!(refreshes(&world), 0);
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
}

#[test]
fn a_store_that_fails_for_a_moment_after_the_refresh_loses_nothing() {
    let (world, id) = connected();
    world.pass(DUE);
    let left = std::cell::Cell::new(4);
    *world.store_fault.borrow_mut() = Box::new(move |operation, key| {
        // The lease is written; what follows is the new token.
        operation == "put" && key.starts_with("connections/") && {
            left.set(left.get() - 1);
            (0..3).contains(&left.get())
        }
    });
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
    assert_eq!((bearer(&world, &id), refreshes(&world)), ("Bearer access-token-1".into(), 1));
}

#[test]
fn a_new_token_that_cannot_be_stored_is_shown_to_nobody() {
    let (world, id) = connected();
    world.pass(DUE);
    let is_leased = std::cell::Cell::new(false);
    *world.store_fault.borrow_mut() = Box::new(move |operation, key| {
        operation == "put" && key.starts_with("connections/") && is_leased.replace(true)
    });
    assert_eq!(credentials(&world, &id).problem(), (503, "store_unavailable".into()));
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    world.zendesk.token.set([status(400, USED_UP)]);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()), "told truthfully");
}

#[test]
fn an_account_that_is_gone_has_a_status_of_its_own() {
    let gone = || status(404, "<html><h1>No help desk at acme.zendesk.com</h1>");
    let (world, id) = connected();
    world.zendesk.token.set([gone()]);
    world.zendesk.account.set([gone()]);
    world.pass(DUE);
    assert_eq!(credentials(&world, &id).problem(), (409, "account_not_found".into()));
    assert!(world.zendesk.sent_to("public.json")[0].headers.get("authorization").is_none());
    let sent = world.zendesk.sent.borrow().len();
    for _ in 0..2 {
        world.pass(600);
        assert_eq!(credentials(&world, &id).problem(), (409, "account_not_found".into()));
    }
    assert_eq!(world.zendesk.sent.borrow().len(), sent, "no blind retry");
    assert_eq!(
        (state(&world, &id), world.events_of("connection.account-not-found").len()),
        ("account-not-found".into(), 1)
    );
    world.zendesk.token.set([grants(1)]);
    assert_eq!(world.post(&format!("/connections/{id}/refresh"), ADMIN_KEY, json!({})).text_of("status"), "active");
    assert_eq!(bearer(&world, &id), "Bearer access-token-1");
}

#[test]
fn a_wrong_token_url_is_no_account_that_is_gone() {
    let (world, id) = connected();
    world.zendesk.token.set([status(404, "<html>")]);
    world.pass(3600);
    assert_eq!(credentials(&world, &id).problem(), (422, "token_refused".into()));
    assert_eq!(state(&world, &id), "active");
}

#[test]
fn a_token_without_a_refresh_token_is_used_as_long_as_zendesk_takes_it() {
    let world = World::new();
    world.zendesk.token.set([ok(r#"{"access_token":"old-token","scope":"read"}"#)]);
    world.zendesk.current.set([ok(r#"{"token":{"id":5,"scopes":["read"],"expires_at":null}}"#)]);
    let id = connect(&world);
    world.pass(7200);
    assert_eq!(bearer(&world, &id), "Bearer old-token");
    assert_eq!(world.zendesk.sent_to("current.json").len(), 1);
    assert_eq!(bearer(&world, &id), "Bearer old-token");
    assert_eq!(world.zendesk.sent_to("current.json").len(), 1, "it is asked about once in a lifetime");
    let refresh = world.post(&format!("/connections/{id}/refresh"), ADMIN_KEY, json!({}));
    assert_eq!(refresh.problem(), (409, "refresh_unavailable".into()));
    world.pass(7200);
    world.zendesk.current.set([status(401, REFUSED)]);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    assert_eq!(world.events_of("connection.reauthorization-required").len(), 1);
    assert_eq!(refreshes(&world), 0);
}

#[test]
fn an_api_token_is_handed_out_as_a_header_and_tried_once_its_day_has_come() {
    let world = World::new();
    let id = world.post("/connections", &world.admin(), basic_body()).text_of("id");
    let reply = credentials(&world, &id);
    assert!(reply.text_of("authorization").starts_with("Basic "));
    assert_eq!(reply.json()["expiresAt"], Value::Null);
    world.pass(200 * 86_400);
    assert!(bearer(&world, &id).starts_with("Basic "), "Zendesk still takes it");
    world.zendesk.user.set([status(401, r#"{"error":"Couldn't authenticate you"}"#)]);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    assert_eq!(state(&world, &id), "reauthorization-required");
}

#[test]
fn a_client_whose_profile_is_for_another_account_by_now_is_shown_to_neither() {
    let (world, id) = connected();
    let admin = world.admin();
    let profile = world.get(&format!("/connections/{id}"), &admin).text_of("profile");
    let mut moved = crate::world::form();
    moved["subdomain"] = json!("globex");
    assert_eq!(world.put_profile(&profile, &admin, moved).status, 200);
    world.pass(3600);
    assert_eq!(credentials(&world, &id).problem(), (422, "subdomain_mismatch".into()));
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn the_tenant_is_the_backends_to_name() {
    let (world, id) = connected();
    let path = |query: &str| format!("/connections/{id}/credentials{query}");
    for (query, expected) in [
        ("?tenant=default", (200, "")),
        ("?tenant=other", (404, "connection_not_found")),
        ("?tenant=", (422, "body_fields_invalid")),
        ("?tenant=a/b", (422, "body_fields_invalid")),
        ("?tenants=default", (422, "body_fields_invalid")),
        ("?subject=jane", (422, "body_fields_invalid")),
    ] {
        let reply = world.get(&path(query), ADMIN_KEY);
        world.answers.borrow_mut().pop();
        assert_eq!(reply.status, expected.0, "{query}: {}", reply.text);
        assert!(expected.1.is_empty() || reply.code() == expected.1);
    }
    assert_eq!(world.get("/connections/a.b/credentials", ADMIN_KEY).problem(), (404, "connection_not_found".into()));
}
