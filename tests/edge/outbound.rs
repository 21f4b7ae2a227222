use crate::world::World;
use crate::zendesk::status;
use serde_json::json;

#[test]
fn every_request_goes_to_the_account() {
    let world = World::new();
    let (_, begun) = world.popup();
    world.come_back(&begun, "code=x");
    let sent = world.zendesk.sent.borrow();
    assert_eq!(sent.len(), 3);
    for each in sent.iter() {
        assert!(each.url.starts_with("https://acme.zendesk.com/"), "{}", each.url);
        assert_eq!(each.headers["accept"], "application/json");
        assert!(each.headers["user-agent"].to_str().unwrap().starts_with("zendesk-auth/"));
        assert!(!each.url.contains('?'), "nothing secret belongs into a URL");
    }
}

#[test]
fn no_redirect_is_followed_on_any_call() {
    for path in ["token", "user", "current"] {
        let world = World::new();
        let (_, begun) = world.popup();
        let script = match path {
            "token" => &world.zendesk.token,
            "user" => &world.zendesk.user,
            _ => &world.zendesk.current,
        };
        script.set([Ok((302, vec![("location", "https://evil.example/")], String::new()))]);
        let page = world.come_back(&begun, "code=x");
        assert!(page.text.contains("data-code=\"unexpected_redirect\""), "{path}: {}", page.text);
        assert!(world.zendesk.sent.borrow().iter().all(|sent| sent.url.starts_with("https://acme.zendesk.com/")));
    }
}

#[test]
fn the_callback_cannot_name_the_host() {
    let world = World::new();
    let (_, begun) = world.popup();
    world.come_back(&begun, "code=x&subdomain=evil&host=evil.example&iss=https%3A%2F%2Fevil.example");
    assert!(world.zendesk.sent.borrow().iter().all(|sent| sent.url.starts_with("https://acme.zendesk.com/")));
}

#[test]
fn a_token_that_cannot_stand_in_a_header_is_refused() {
    let world = World::new();
    let (_, begun) = world.popup();
    world.zendesk.token.set([status(200, json!({ "access_token": "a\r\nx-evil: 1" }).to_string())]);
    assert!(world.come_back(&begun, "code=x").text.contains("data-code=\"token_response_malformed\""));
    assert_eq!(world.zendesk.sent.borrow().len(), 1);
}
