use crate::refresh::{DUE, connected, credentials};
use crate::world::{ADMIN_KEY, World};
use crate::zendesk::status;
use serde_json::json;
use std::cell::Cell;
use zendesk_auth::edge::platform::FetchError;

#[test]
fn a_store_that_is_down_is_said_to_be_down() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    *world.store_fault.borrow_mut() = Box::new(|_, _| true);
    let unavailable = (503, "store_unavailable".to_string());
    assert_eq!(world.get("/profiles", &admin).problem(), unavailable);
    assert_eq!(world.get(&format!("/profiles/{profile}"), &admin).problem(), unavailable);
    assert_eq!(world.get("/connections", &admin).problem(), unavailable);
    assert_eq!(world.get("/connections/x", &admin).problem(), unavailable);
    assert_eq!(world.get("/transactions/x", &admin).problem(), unavailable);
    assert_eq!(world.post("/profiles", &admin, crate::world::form()).problem(), unavailable);
    assert_eq!(world.post("/connections", &admin, json!({ "profile": profile })).problem(), unavailable);
    let event = &world.events_of("platform.failed")[0];
    assert_eq!((&event["operation"], &event["message"]), (&json!("store"), &json!("the store is down (list)")));
    assert_eq!(world.post("/sessions", ADMIN_KEY, json!({ "role": "admin" })).status, 201, "sessions need no store");
    assert!(!world.answers.borrow().iter().any(|answer| answer.contains("the store is down")));
}

#[test]
fn a_store_that_fails_before_the_exchange_costs_nothing() {
    let world = World::new();
    let (session, begun) = world.popup();
    for operation in ["get", "put"] {
        *world.store_fault.borrow_mut() = Box::new(move |each, _| each == operation);
        let page = world.come_back(&begun, "code=x");
        assert_eq!(page.status, 503);
        assert!(page.text.contains("data-code=\"store_unavailable\"") && page.cookies().is_empty());
    }
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert!(world.zendesk.sent.borrow().is_empty());
    assert_eq!(world.get(&format!("/transactions/{}", begun.id), &session).text_of("status"), "pending");
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"), "the same page, loaded again");
}

#[test]
fn a_store_that_fails_after_the_exchange_is_not_hidden() {
    let world = World::new();
    let (session, begun) = world.popup();
    *world.store_fault.borrow_mut() = Box::new(|operation, key| operation == "put" && key.starts_with("connections/"));
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("Zendesk granted access, but it could not be saved"), "{}", page.text);
    let polled = world.get(&format!("/transactions/{}", begun.id), &session).json();
    assert_eq!((&polled["status"], &polled["code"]), (&json!("failed"), &json!("connection_not_stored")));
    assert!(world.events_of("connection.created").is_empty());
    assert_eq!(world.events_of("connection.failed").len(), 1);
}

#[test]
fn one_failed_write_is_tried_again() {
    let world = World::new();
    let (session, begun) = world.popup();
    let is_first = Cell::new(true);
    *world.store_fault.borrow_mut() = Box::new(move |operation, key| {
        operation == "put" && key.starts_with("connections/") && is_first.replace(false)
    });
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    assert_eq!(world.get("/connections", &session).json()["connections"].as_array().unwrap().len(), 1);
}

#[test]
fn an_isolate_that_died_during_the_exchange_leaves_no_eternal_wait() {
    let world = World::new();
    let (session, begun) = world.popup();
    let is_claimed = Cell::new(false);
    *world.store_fault.borrow_mut() = Box::new(move |operation, key| {
        operation == "put" && key.starts_with("transactions/") && is_claimed.replace(true)
    });
    let page = world.come_back(&begun, "code=x");
    assert!(page.text.contains("<h1>Connected</h1>"), "this browser hears the truth");
    let poll = || world.get(&format!("/transactions/{}", begun.id), &session).json();
    assert_eq!(poll()["status"], "pending");
    world.pass(121);
    assert_eq!((&poll()["status"], &poll()["code"]), (&json!("failed"), &json!("transaction_interrupted")));
    assert!(world.come_back(&begun, "code=x").text.contains("used already"));
}

#[test]
fn a_zendesk_that_does_not_answer_is_not_a_refusal() {
    for (fault, code, http_status) in [
        (FetchError::TimedOut, "zendesk_timeout", 504),
        (FetchError::TooLarge, "token_response_too_large", 502),
        (FetchError::Unreachable("getaddrinfo ENOTFOUND".into()), "zendesk_unreachable", 502),
    ] {
        let world = World::new();
        let session = world.admin();
        let profile = world.profile(&session);
        world.zendesk.token.set([Err(fault)]);
        let body = json!({
            "profile": profile, "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
            "redirectUri": "https://app.example/callback",
        });
        let reply = world.post("/oauth/exchange", &session, body);
        assert_eq!(reply.problem(), (http_status, code.into()));
        assert!(!reply.text.contains("ENOTFOUND"));
        assert_eq!(world.zendesk.sent.borrow().len(), 1, "a code is never sent twice");
    }
}

#[test]
fn answers_that_make_no_sense_are_told_apart_from_refusals() {
    for (answer, code) in [
        (status(200, "<html>"), "token_response_malformed"),
        (status(200, "{}"), "token_response_malformed"),
        (status(200, r#"{"access_token":"#), "token_response_malformed"),
        (status(302, ""), "unexpected_redirect"),
        (status(307, ""), "unexpected_redirect"),
        (status(500, "<html>"), "zendesk_unavailable"),
        (status(403, "<html>"), "token_refused"),
    ] {
        let world = World::new();
        let (session, begun) = world.popup();
        world.zendesk.token.set([answer]);
        let page = world.come_back(&begun, "code=x");
        assert!(page.text.contains(&format!("data-code=\"{code}\"")), "{code}: {}", page.text);
        assert_eq!(world.get(&format!("/transactions/{}", begun.id), &session).text_of("code"), code);
    }
}

#[test]
fn without_random_numbers_nothing_begins() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    world.has_random.set(false);
    assert_eq!(world.post("/connections", &admin, json!({ "profile": profile })).problem(), (500, "internal".into()));
    assert_eq!(world.post("/profiles", &admin, crate::world::form()).problem(), (500, "internal".into()));
    assert_eq!(world.post("/sessions", ADMIN_KEY, json!({ "role": "admin" })).problem(), (500, "internal".into()));
    assert_eq!(world.events_of("platform.failed")[0]["operation"], "random");
}

#[test]
fn that_a_credential_is_of_no_use_is_told_also_where_the_store_does_not_say_that_it_was_written() {
    let (world, id) = connected();
    world.pass(DUE);
    world.zendesk.token.set([status(400, r#"{"error":"invalid_grant"}"#)]);
    world.fails_after_writing.set(true);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    world.fails_after_writing.set(false);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    assert_eq!(world.events_of("connection.reauthorization-required").len(), 1);
}

#[test]
fn what_was_disconnected_is_told_also_where_the_store_does_not_say_that_it_is_gone() {
    let (world, id) = connected();
    let (admin, path) = (world.admin(), format!("/connections/{id}"));
    world.zendesk.current.set([status(401, "{}")]);
    world.fails_after_writing.set(true);
    assert_eq!(world.delete(&path, &admin).problem(), (503, "store_unavailable".into()), "it is about to go");
    let reply = world.delete(&path, &admin);
    world.fails_after_writing.set(false);
    assert_eq!(world.get(&path, &admin).problem(), (404, "connection_not_found".into()));
    assert_eq!((reply.status, reply.json()), (200, json!({ "revoked": "confirmed" })));
    assert_eq!(world.events_of("connection.removed").len(), 1);
}
