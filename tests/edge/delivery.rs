//! What deliveries cost where receivers are down for long, and what becomes of events that nobody can take.

use crate::links::{sweep, system_world};
use crate::webhooks::{RECEIVER, SECOND, SECRET, deliver, hooked, received, waiting, with};
use crate::world::World;
use crate::zendesk::status;
use serde_json::{Value, json};
use zendesk_auth::edge::Edge;
use zendesk_auth::edge::platform::FetchError;

const OTHER: &str = "https://bot.example/second";

fn sent_to(world: &World, url: &str) -> usize {
    world.zendesk.sent.borrow().iter().filter(|sent| sent.url == url).count()
}

/// Events that wait in the store, and whose first attempt nobody made.
fn pile_up(world: &World, links: usize) {
    for each in 0..links {
        world.link(json!({ "subject": format!("user-{each}") }));
    }
    world.parcels.borrow_mut().clear();
}

fn two_receivers() -> World {
    let world = World::with(&with(json!([
        { "url": RECEIVER, "secrets": [SECRET], "events": ["link.created"] },
        { "url": OTHER, "secrets": [SECRET], "events": ["link.created"] },
    ])));
    world.allow_users("oauth-system", None);
    world
}

#[test]
fn a_receiver_that_does_not_answer_costs_a_sweep_one_wait() {
    for answer in
        [Err(FetchError::TimedOut), Err(FetchError::Unreachable("x".into())), status(503, ""), status(429, "")]
    {
        let world = two_receivers();
        pile_up(&world, 30);
        // The first, whoever it is, is down; everybody after it is well.
        world.zendesk.receiver.set([answer.clone(), status(204, "")]);
        sweep(&world);
        let (one, two) = (sent_to(&world, RECEIVER), sent_to(&world, OTHER));
        assert_eq!((one.min(two), one.max(two)), (1, 30), "{answer:?}: the other receiver does not wait for it");
        assert_eq!(waiting(&world), 30);
        sweep(&world);
        assert_eq!(waiting(&world), 1, "once it is back, it gets all but the one that has its own pause");
    }
}

#[test]
fn an_event_that_its_receiver_refuses_holds_up_no_other() {
    let world = two_receivers();
    pile_up(&world, 10);
    world.zendesk.receiver.set([status(400, ""), status(204, "")]);
    sweep(&world);
    assert_eq!(waiting(&world), 1);
}

#[test]
fn a_sweep_comes_to_an_end_however_much_is_due() {
    let world = two_receivers();
    pile_up(&world, 100);
    world.patience.set(1000);
    let before = world.now.get();
    sweep(&world);
    let took = world.now.get() - before;
    assert!((15_000..=30_000).contains(&took), "{took} ms");
    for _ in 0..12 {
        sweep(&world);
    }
    assert_eq!(waiting(&world), 0, "and the next ones do the rest");
}

#[test]
fn what_follows_an_answer_ends_before_runtimes_cut_it_off() {
    let world = two_receivers();
    pile_up(&world, 100);
    world.zendesk.sent.borrow_mut().clear();
    world.patience.set(1000);
    let made = world.link(json!({ "subject": "jane" }));
    let before = world.now.get();
    deliver(&world);
    let took = world.now.get() - before;
    assert!(took <= 20_000, "{took} ms");
    let first = world.zendesk.sent.borrow()[0].json();
    assert_eq!(first["data"]["link"], made["id"], "its own events come first");
}

#[test]
fn what_follows_an_answer_does_not_read_all_that_waits() {
    let world = two_receivers();
    pile_up(&world, 60);
    world.zendesk.receiver.set([Err(FetchError::TimedOut)]);
    let lists = std::rc::Rc::new(std::cell::Cell::new(0));
    let counted = std::rc::Rc::clone(&lists);
    *world.store_fault.borrow_mut() = Box::new(move |operation, _| {
        counted.set(counted.get() + u32::from(operation == "list"));
        false
    });
    world.link(json!({ "subject": "jane" }));
    deliver(&world);
    assert_eq!(lists.get(), 1);
}

#[test]
fn who_is_down_for_days_leaves_nothing_behind_and_the_operator_is_told_of_each() {
    let world = hooked();
    world.allow_users("oauth-system", None);
    pile_up(&world, 40);
    world.zendesk.receiver.set([Err(FetchError::TimedOut)]);
    // Each link is told of once more, when it expires.
    let all = waiting(&world) + 40;
    for _ in 0..14 {
        world.pass(20 * 3600);
        sweep(&world);
    }
    assert_eq!((waiting(&world), world.events_of("webhook.failed").len()), (0, all));
    assert!(received(&world).len() < 20, "{}", received(&world).len());
}

#[test]
fn an_event_under_a_lost_key_blocks_nothing_is_told_of_and_is_forgotten() {
    let world = hooked();
    world.allow_users("oauth-system", None);
    let lost = waiting(&world);
    let mut options = with(json!([{ "url": RECEIVER, "secrets": [SECRET] }]));
    options["sealingKeys"] = json!([{ "kid": "k2", "key": "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg" }]);
    let mut second = World::with(&options);
    second.entries = world.entries.clone();
    second.entries.borrow_mut().retain(|key, _| key.starts_with("outbox/"));
    second.pass(1);
    second.allow_users("oauth-system", None);
    sweep(&second);
    assert_eq!((received(&second).len(), waiting(&second)), (2, lost));
    let failed = &second.events_of("platform.failed")[0];
    assert_eq!((&failed["operation"], &failed["message"]), (&json!("store"), &json!("events that do not open: 2")));
    let outbox = second.entries.borrow();
    let outbox = outbox.iter().filter(|(key, _)| key.starts_with("outbox/"));
    assert!(outbox.clone().count() > 0);
    for (_, entry) in outbox {
        let days = (entry.expires_at.expect("it is not kept for ever") - second.now.get()) / 86_400_000;
        assert!((4..=8).contains(&days), "{days}");
    }
}

#[test]
fn two_webhooks_of_one_address_are_refused() {
    // They would be one receiver to the outbox, and only the secrets of the first would sign.
    let options = with(json!([
        { "url": RECEIVER, "secrets": [SECRET], "events": ["link.created"] },
        { "url": RECEIVER, "secrets": [SECOND] },
    ]));
    let problems = Edge::new(&options.to_string()).unwrap_err();
    let named: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect();
    assert_eq!(named, [("webhooks[1].url", "field_invalid")]);
}

#[test]
fn an_expired_link_is_told_of_although_the_store_failed_at_first() {
    let world = hooked();
    world.allow_users("oauth-system", None);
    let link = world.link(json!({ "subject": "jane" }));
    deliver(&world);
    world.pass(900);
    *world.store_fault.borrow_mut() = Box::new(|operation, key| operation == "put" && key.starts_with("outbox/"));
    sweep(&world);
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    sweep(&world);
    let told: Vec<Value> = received(&world).iter().map(crate::zendesk::Sent::json).collect();
    let expired = told.iter().find(|event| event["type"] == "link.expired").expect("it is told of");
    assert_eq!(expired["data"]["link"], link["id"]);
}

#[test]
fn a_sweep_of_links_comes_to_an_end_too() {
    let world = system_world();
    pile_up(&world, 120);
    world.pass(900);
    world.store_takes.set(200);
    let before = world.now.get();
    let told = sweep(&world);
    assert!(told > 0 && world.now.get() - before <= 60_000, "{told} in {} ms", world.now.get() - before);
}
