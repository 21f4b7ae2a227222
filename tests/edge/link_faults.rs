//! Links under faults and races that people and stores come up with.

use crate::links::system_world;
use crate::visitor::Visitor;
use crate::world::{ADMIN_KEY, PUBLIC, World, request, system_options};
use futures::executor::block_on;
use futures::future::join;
use serde_json::json;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn a_link_that_was_withdrawn_is_told_of_although_the_store_failed_at_first() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let path = format!("/links/{}", link["id"].as_str().unwrap());
    // The write goes through, and the store says that it failed.
    world.fails_after_writing.set(true);
    assert_eq!(world.delete(&path, ADMIN_KEY).problem(), (503, "store_unavailable".into()));
    world.fails_after_writing.set(false);
    assert_eq!(world.link_status(&link), "revoked");
    assert_eq!(world.delete(&path, ADMIN_KEY).status, 204);
    assert_eq!(world.events_of("link.revoked").len(), 1);
    assert_eq!(world.delete(&path, ADMIN_KEY).status, 204);
    assert_eq!(world.events_of("link.revoked").len(), 1);
}

#[test]
fn another_browser_cannot_end_a_link_that_was_bound_while_it_looked() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let (jane, other) = (Visitor::new(&world, &link), Visitor::new(&world, &link));
    jane.open();
    other.open();
    let (begin, decline) = (jane.form(&[("step", "begin")]), other.form(&[("step", "decline")]));
    // The other one has read the link, and writes only after Jane was answered.
    let is_answered = Rc::new(Cell::new(false));
    let janes = async {
        let reply = world.send_later(begin).await;
        is_answered.set(true);
        reply
    };
    let others = async {
        let mut reply = Box::pin(world.send_later(decline));
        let read = futures::future::poll_fn(|context| {
            let polled = std::future::Future::poll(reply.as_mut(), context);
            std::task::Poll::Ready(polled)
        });
        let _not_yet = read.await;
        while !is_answered.get() {
            crate::waiting::turn().await;
        }
        reply.await
    };
    let (bound, declined) = block_on(join(janes, others));
    assert_eq!(bound.status, 303);
    assert_eq!((declined.status, world.link_status(&link)), (403, "opened".into()), "{}", declined.text);
}

#[test]
fn a_name_cannot_turn_the_words_around_it() {
    let world = system_world();
    for turning in ['\u{202e}', '\u{2067}', '\u{2028}', '\u{2029}', '\u{202a}'] {
        for field in ["name", "tenantName"] {
            let mut body = json!({ "subject": "joe" });
            body[field] = format!("Jane{turning}eoJ").into();
            let reply = world.post("/links", ADMIN_KEY, body);
            assert_eq!(reply.problem(), (422, "body_fields_invalid".into()), "{turning:?} in {field}");
            assert_eq!(reply.fields(), [(field.to_string(), "field_invalid".to_string())]);
        }
    }
    for fine in ["محمد علي", "李小龍", "Zoë O’Neil 👩‍💻", "Ana María"] {
        world.link(json!({ "subject": "joe", "name": fine }));
    }
}

#[test]
fn the_last_minute_is_one() {
    let world = system_world();
    let jane = Visitor::new(&world, &world.link(json!({ "subject": "jane", "expiresIn": 60 })));
    let page = jane.open_in("en").text;
    assert!(page.contains("works for one more minute,"), "{page}");
    assert!(jane.open_in("de").text.contains("noch eine Minute"));
}

#[test]
fn a_link_that_is_over_is_not_offered_again() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let tabs = [1, 2].map(|_| jane.leave(&[("step", "submit"), ("subdomain", "acme")]));
    jane.come_back(&tabs[0], "code=x");
    let page = jane.come_back(&tabs[1], "code=y").text;
    assert!(!page.contains("Try again") && page.contains("ask to connect Zendesk again"), "{page}");
}

#[test]
fn the_cookie_of_the_longest_link_is_one_that_browsers_keep() {
    let mut options = system_options();
    let scope: Vec<String> = (0..250).map(|each| format!("s{each:02}")).collect();
    options["systemClient"]["scope"] = scope.join(" ").chars().take(999).collect::<String>().into();
    let world = World::with(&options);
    let tenant = "t".repeat(64);
    let admin = world.session(json!({ "role": "admin", "tenant": tenant }));
    world.put("/integration", &admin, json!({ "authorization": "oauth-system", "access": "allow-users" }));
    world.send(request("POST", "/integration/enable", &admin, None));
    let link = world.link(json!({ "subject": "s".repeat(128), "tenant": tenant, "expiresIn": 86_400 }));
    let jane = Visitor::new(&world, &link);
    jane.begin();
    let page = jane.submit(&[("step", "submit"), ("subdomain", &"a".repeat(63))]);
    assert_eq!(page.status, 200, "{}", page.text);
    for cookie in page.cookies() {
        let pair = cookie.split(';').next().unwrap();
        assert!(pair.len() <= 4096, "{}", pair.len());
    }
    let user = world.session(json!({ "role": "user", "tenant": tenant, "subject": "s".repeat(128) }));
    let body = json!({
        "authorization": "oauth-system", "subdomain": "a".repeat(63), "mode": "redirect",
        "returnTo": format!("https://app.example/settings?{}", "x".repeat(990)),
    });
    let begun = world.post("/connections", &user, body);
    assert_eq!(begun.status, 200, "{}", begun.text);
    let pair = begun.cookies().pop().unwrap();
    let pair = pair.split(';').next().unwrap().len();
    assert!(pair <= 4096, "{pair} {PUBLIC}");
}

#[test]
fn the_first_wrong_field_has_the_focus_and_the_facts_are_a_list() {
    let world = system_world();
    let jane = Visitor::new(&world, &world.link(json!({ "subject": "jane" })));
    let intro = jane.open().text;
    let (_, list) = intro.split_once("<dl>").unwrap();
    assert_eq!(list.split_once("</dl>").unwrap().0.matches("<dt>").count(), 2);
    assert!(intro.contains("choose “This is not me”"), "{intro}");
    assert!(!jane.begin().text.contains("autofocus"));
    let wrong = jane.submit(&[("step", "submit"), ("subdomain", "")]).text;
    assert!(wrong.contains("aria-invalid=\"true\" autofocus>"), "{wrong}");
    let (instruction, alert) = (wrong.find("Enter the address").unwrap(), wrong.find("role=\"alert\"").unwrap());
    assert!(instruction < alert && alert < wrong.find("<form").unwrap());
}
