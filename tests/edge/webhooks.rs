use crate::links::sweep;
use crate::world::{ADMIN_KEY, World, basic_body, options, system_options};
use crate::zendesk::{Sent, status};
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use futures::future::join;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use zendesk_auth::edge::Edge;
use zendesk_auth::edge::platform::FetchError;

pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
pub const SECOND: &str = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";
pub const RECEIVER: &str = "https://bot.example/hook?bot=1";

pub fn with(webhooks: Value) -> Value {
    let mut options = system_options();
    options["webhooks"] = webhooks;
    options
}

pub fn hooked() -> World {
    World::with(&with(json!([{ "url": RECEIVER, "secrets": [SECRET] }])))
}

/// What the runtime does once an answer is out.
pub fn deliver(world: &World) {
    let keys = std::mem::take(&mut *world.parcels.borrow_mut());
    block_on(world.edge.deliver(world, &keys));
}

pub fn received(world: &World) -> Vec<Sent> {
    world.zendesk.sent.borrow().iter().filter(|sent| sent.url == RECEIVER).cloned().collect()
}

pub fn waiting(world: &World) -> usize {
    world.keys().iter().filter(|key| key.starts_with("outbox/")).count()
}

fn verify(sent: &Sent, secret: &str) -> bool {
    let said = |name: &str| sent.headers[name].to_str().unwrap();
    let key = Base64::decode_vec(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", said("webhook-id"), said("webhook-timestamp"), sent.body).as_bytes());
    let expected = format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()));
    said("webhook-signature").split(' ').any(|signature| signature == expected)
}

#[test]
fn a_receiver_is_told_what_the_hook_is_told() {
    let world = hooked();
    let connection = world.post("/connections", &world.admin(), basic_body()).text_of("id");
    assert_eq!((received(&world).len(), waiting(&world)), (0, 1), "the answer does not wait for it");
    deliver(&world);
    let all = received(&world);
    assert_eq!((all.len(), waiting(&world)), (1, 0));
    let sent = &all[0];
    assert_eq!((sent.method.as_str(), &sent.headers["content-type"]), ("POST", &"application/json".parse().unwrap()));
    assert!(verify(sent, SECRET) && !verify(sent, SECOND));
    assert_eq!(sent.headers["webhook-timestamp"], "1795435200");
    let told = &world.events_of("connection.created")[0];
    assert_eq!(sent.headers["webhook-id"].to_str().unwrap(), told["id"].as_str().unwrap());
    assert_eq!(
        sent.json(),
        json!({
            "type": "connection.created", "timestamp": "2026-11-23T12:00:00.000Z",
            "data": {
                "tenant": "default", "subject": "integration", "authorization": "basic", "connection": connection,
            },
        })
    );
    deliver(&world);
    assert_eq!(received(&world).len(), 1);
}

#[test]
fn it_is_told_until_it_takes_it_with_growing_pauses() {
    let world = hooked();
    world.zendesk.receiver.set([status(500, "")]);
    world.post("/connections", &world.admin(), basic_body());
    deliver(&world);
    let mut total = 0;
    for (pause, attempts) in [(5, 2), (300, 3), (1800, 4), (7200, 5), (18_000, 6), (36_000, 7)] {
        world.pass(pause - 1);
        sweep(&world);
        assert_eq!(received(&world).len(), attempts - 1, "not before {pause} s");
        // And at most a tenth later.
        world.pass(2 + pause / 10);
        sweep(&world);
        assert_eq!(received(&world).len(), attempts, "after {pause} s");
        total += pause;
    }
    assert!(total > 60_000);
    world.zendesk.receiver.set([status(204, "")]);
    world.pass(60_000);
    sweep(&world);
    assert_eq!(waiting(&world), 0);
    let all = received(&world);
    let ids: Vec<_> = all.iter().map(|sent| sent.headers["webhook-id"].clone()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "one event, one id");
    assert!(all.iter().all(|sent| verify(sent, SECRET)), "each signed for its own time");
    assert_ne!(all[0].headers["webhook-timestamp"], all[1].headers["webhook-timestamp"]);
}

#[test]
fn who_never_takes_it_is_told_ten_times_and_then_the_operator_is() {
    let world = hooked();
    world.zendesk.receiver.set([Err(FetchError::TimedOut)]);
    world.post("/connections", &world.admin(), basic_body());
    deliver(&world);
    for _ in 0..12 {
        world.pass(100_000);
        sweep(&world);
    }
    assert_eq!((received(&world).len(), waiting(&world)), (10, 0));
    let failed = &world.events_of("webhook.failed")[0];
    assert_eq!(
        (&failed["event"], &failed["eventType"], &failed["url"], &failed["message"]),
        (
            &world.events_of("connection.created")[0]["id"],
            &json!("connection.created"),
            &json!(RECEIVER),
            &json!("no answer in time")
        )
    );
}

#[test]
fn a_receiver_may_ask_for_time_or_for_no_more() {
    let world = hooked();
    let asks = |seconds| Ok((503, vec![("retry-after", seconds)], String::new()));
    world.zendesk.receiver.set([asks("3600"), status(410, "")]);
    world.post("/connections", &world.admin(), basic_body());
    deliver(&world);
    world.pass(3599);
    sweep(&world);
    assert_eq!(received(&world).len(), 1);
    world.pass(400);
    sweep(&world);
    assert_eq!((received(&world).len(), waiting(&world)), (2, 0), "gone is gone");
    assert_eq!(world.events_of("webhook.failed")[0]["message"], "410");
}

#[test]
fn isolates_that_sweep_at_once_send_once() {
    let world = hooked();
    world.post("/connections", &world.admin(), basic_body());
    let (one, two) = block_on(join(world.edge.sweep(&world), world.edge.sweep(&world)));
    assert_eq!(one.unwrap().delivered + two.unwrap().delivered, 1);
    assert_eq!((received(&world).len(), waiting(&world)), (1, 0));
}

#[test]
fn an_isolate_that_died_while_sending_is_followed_by_another() {
    let world = hooked();
    world.post("/connections", &world.admin(), basic_body());
    // It was sent, but that could not be written down.
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "delete");
    deliver(&world);
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    assert_eq!((received(&world).len(), waiting(&world)), (1, 1));
    sweep(&world);
    assert_eq!(received(&world).len(), 1, "its lease holds");
    world.pass(60);
    sweep(&world);
    assert_eq!((received(&world).len(), waiting(&world)), (2, 0), "twice rather than never");
}

#[test]
fn a_store_that_fails_undoes_nothing_and_the_operator_hears_of_it() {
    let world = hooked();
    let admin = world.admin();
    *world.store_fault.borrow_mut() = Box::new(|_, key| key.starts_with("outbox/"));
    assert_eq!(world.post("/connections", &admin, basic_body()).status, 201);
    assert_eq!(world.events_of("platform.failed").len(), 2, "tried twice");
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "list");
    assert_eq!(block_on(world.edge.sweep(&world)).unwrap_err().as_str(), "store_unavailable");
}

#[test]
fn each_receiver_gets_what_it_wants() {
    let other = "https://bot.example/second";
    let world = World::with(&with(json!([
        { "url": RECEIVER, "secrets": [SECRET], "events": ["link.created", "link.revoked"] },
        { "url": other, "secrets": [SECOND, SECRET] },
    ])));
    world.allow_users("oauth-system", None);
    let link = world.post("/links", ADMIN_KEY, json!({ "subject": "jane" })).text_of("id");
    world.delete(&format!("/links/{link}"), ADMIN_KEY);
    deliver(&world);
    let kinds = |url: &str| {
        let all = world.zendesk.sent.borrow();
        let all = all.iter().filter(|sent| sent.url == url);
        all.map(|sent| sent.json()["type"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(RECEIVER), ["link.created", "link.revoked"]);
    assert_eq!(kinds(other), ["integration.changed", "integration.enabled", "link.created", "link.revoked"]);
    let both = world.zendesk.sent.borrow().iter().find(|sent| sent.url == other).cloned().unwrap();
    assert!(verify(&both, SECRET) && verify(&both, SECOND), "while a secret is replaced, both sign");
    // Sessions, profiles and the platform's failures are for the hook alone.
    assert!(!world.events_of("session.created").is_empty());
    assert!(world.events_of("session.created")[0].get("id").is_none());
}

#[test]
fn a_receiver_that_is_no_longer_configured_gets_nothing() {
    let world = hooked();
    world.post("/connections", &world.admin(), basic_body());
    let mut second = World::with(&options());
    second.entries = world.entries.clone();
    let keys = std::mem::take(&mut *world.parcels.borrow_mut());
    block_on(second.edge.deliver(&second, &keys));
    assert_eq!((received(&second).len(), waiting(&second)), (0, 0));
}

#[test]
fn every_problem_of_a_webhook_is_named() {
    for (webhook, field, code) in [
        (json!("https://bot.example/"), "webhooks[0]", "field_invalid"),
        (json!({ "secrets": [SECRET] }), "webhooks[0].url", "field_required"),
        (json!({ "url": "http://bot.example/", "secrets": [SECRET] }), "webhooks[0].url", "field_invalid"),
        (json!({ "url": "https://u:p@bot.example/", "secrets": [SECRET] }), "webhooks[0].url", "field_invalid"),
        (json!({ "url": "https://bot.example/#x", "secrets": [SECRET] }), "webhooks[0].url", "field_invalid"),
        (json!({ "url": "https://bot.example/?x#y", "secrets": [SECRET] }), "webhooks[0].url", "field_invalid"),
        (json!({ "url": RECEIVER }), "webhooks[0].secrets", "field_required"),
        (json!({ "url": RECEIVER, "secrets": ["MDEy"] }), "webhooks[0].secrets[0]", "field_invalid"),
        (json!({ "url": RECEIVER, "secrets": [SECRET, "whsec_MDEy"] }), "webhooks[0].secrets[1]", "field_invalid"),
        (
            json!({ "url": RECEIVER, "secrets": [SECRET], "events": ["session.created"] }),
            "webhooks[0].events[0]",
            "field_invalid",
        ),
        (json!({ "url": RECEIVER, "secrets": [SECRET], "secret": SECRET }), "webhooks[0].secret", "field_unknown"),
    ] {
        let problems = Edge::new(&with(json!([webhook])).to_string()).unwrap_err();
        let named: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect();
        assert_eq!(named, [(field, code)], "{webhook}");
        assert!(!format!("{problems:?}").contains(SECRET));
    }
    for url in ["http://localhost:9/hook", "https://bot.example"] {
        assert!(Edge::new(&with(json!([{ "url": url, "secrets": [SECRET] }])).to_string()).is_ok(), "{url}");
    }
}
