//! What the page of a link shows and does, step by step.

use crate::links::system_world;
use crate::visitor::{OWN, Visitor};
use crate::world::{API_TOKEN, World, request};
use crate::zendesk::{ok, status, user};
use serde_json::json;

#[test]
fn it_says_for_whom_before_it_asks_for_anything() {
    let world = system_world();
    let link = world.link(json!({ "subject": "u-77", "name": "Jane Doe", "tenantName": "Support bot" }));
    let page = Visitor::new(&world, &link).open();
    assert_eq!(page.status, 200);
    for words in ["Acme Desk", "Support bot", "Jane Doe", "u-77", "Yes, I am Jane Doe: continue", "This is not me"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(page.text.contains("This link works for 15 more minutes"));
    assert!(!page.text.contains("<input"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[test]
fn a_tenant_without_a_name_is_called_by_its_id() {
    let world = system_world();
    let admin = world.session(json!({ "role": "admin", "tenant": "bot-1" }));
    world.put("/integration", &admin, json!({ "authorization": "oauth-system", "access": "allow-users" }));
    world.send(request("POST", "/integration/enable", &admin, None));
    let page = Visitor::new(&world, &world.link(json!({ "subject": "jane", "tenant": "bot-1" }))).open();
    assert!(page.text.contains("<dt>Belongs to</dt><dd>bot-1</dd>"), "{}", page.text);
    assert!(page.text.contains("<dl><div><dt>") && page.text.contains("</div></dl>"), "{}", page.text);
}

#[test]
fn looking_at_it_changes_nothing() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let before: Vec<String> = world.entries.borrow().values().map(|entry| entry.value.clone()).collect();
    // A messenger that previews links, and a curious person.
    for visitor in [Visitor::new(&world, &link), Visitor::new(&world, &link)] {
        assert_eq!(visitor.open().status, 200);
    }
    let after: Vec<String> = world.entries.borrow().values().map(|entry| entry.value.clone()).collect();
    assert_eq!(before, after);
    assert_eq!(world.link_status(&link), "open");
    let url = link["url"].as_str().unwrap();
    let head = http::Request::builder().method("HEAD").uri(url).body(Vec::new()).unwrap();
    assert_eq!((world.send(head).status, world.link_status(&link)), (200, "open".into()));
}

#[test]
fn it_belongs_to_the_browser_that_began() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let (jane, other) = (Visitor::new(&world, &link), Visitor::new(&world, &link));
    other.open();
    assert!(jane.begin().text.contains("name=\"subdomain\""));
    assert_eq!((world.link_status(&link), world.events_of("link.opened").len()), ("opened".into(), 1));
    for reply in [
        other.open(),
        other.submit(&[("step", "begin")]),
        other.submit(&[("step", "submit"), ("subdomain", "acme")]),
        other.submit(&[("step", "decline")]),
    ] {
        assert_eq!(reply.status, 403, "{}", reply.text);
        assert!(reply.text.contains("data-code=\"link_other_browser\""), "{}", reply.text);
        assert!(reply.text.contains("ask for a new link"), "{}", reply.text);
    }
    // Beginning again in the same browser is a reload.
    assert_eq!(jane.submit(&[("step", "begin")]).status, 303);
    assert_eq!(world.events_of("link.opened").len(), 1);
    // A callback in another browser, should it get hold of the transaction's cookie, lacks the link's.
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    jane.forget_cookies();
    assert!(jane.come_back(&zendesk, "code=x").text.contains("data-code=\"transaction_other_browser\""));
}

#[test]
fn a_browser_without_cookies_is_told_before_the_link_is_spent() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.open();
    jane.forget_cookies();
    let reply = jane.submit(&[("step", "begin")]);
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("data-code=\"link_cookie_missing\"") && reply.text.contains("Try again"));
    assert_eq!(world.link_status(&link), "open");
    assert!(jane.begin().text.contains("name=\"subdomain\""));
}

#[test]
fn another_sites_form_does_nothing() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    jane.open();
    for origin in [Some("https://evil.example"), Some("null"), Some("https://app.example.evil.example"), None] {
        for step in ["begin", "decline", "submit"] {
            let reply = jane.submit_from(origin, &[("step", step), ("subdomain", "acme")]);
            assert_eq!(reply.status, 403, "{origin:?}");
            assert!(reply.text.contains("data-code=\"link_other_site\""), "{}", reply.text);
        }
    }
    assert_eq!(world.link_status(&link), "open");
    assert_eq!(jane.submit_from(Some(OWN), &[("step", "begin")]).status, 303);
    // A browser that leaves `Origin` out says it in another header.
    let own = http::Request::builder().method("POST").uri(&jane.url).header("sec-fetch-site", "same-origin");
    let own = own.header("content-type", "application/x-www-form-urlencoded").body(b"step=decline".to_vec()).unwrap();
    assert!(world.send(own).text.contains("link_other_browser"), "it is judged, and has no cookie");
    let json = http::Request::builder().method("POST").uri(&jane.url).header("origin", OWN);
    let json = json.header("content-type", "application/json").body(b"{}".to_vec()).unwrap();
    assert!(world.send(json).text.contains("data-code=\"content_type_unsupported\""));
}

#[test]
fn who_it_is_not_for_says_so_and_ends_it() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let stranger = Visitor::new(&world, &link);
    stranger.open();
    let page = stranger.submit(&[("step", "decline")]);
    assert!(page.status == 200 && page.text.contains("Nothing was connected"), "{}", page.text);
    assert_eq!(world.link_status(&link), "revoked");
    assert_eq!(world.events_of("link.revoked")[0]["by"], "recipient");
    assert_eq!(stranger.open().status, 410);
}

#[test]
fn an_account_is_asked_for_where_none_is_fixed() {
    let world = system_world();
    let jane = Visitor::new(&world, &world.link(json!({ "subject": "jane" })));
    let page = jane.begin();
    assert!(page.text.contains("Enter the address of your Zendesk account."), "{}", page.text);
    for (typed, words) in [
        ("", "Enter the subdomain: the acme in acme.zendesk.com."),
        ("help.acme.com", "help center"),
        ("a b", "letters a to z"),
    ] {
        let reply = jane.submit(&[("step", "submit"), ("subdomain", typed)]);
        assert_eq!(reply.status, 422, "{}", reply.text);
        assert!(reply.text.contains(words) && reply.text.contains("aria-invalid=\"true\""), "{}", reply.text);
        assert!(reply.text.contains(&format!("value=\"{typed}\"")), "nothing typed is lost: {}", reply.text);
    }
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "https://ACME.zendesk.com/agent")]);
    assert!(zendesk.as_str().starts_with("https://acme.zendesk.com/oauth/authorizations/new?"), "{zendesk}");
    assert!(!zendesk.as_str().contains(jane.token()));
    let page = jane.come_back(&zendesk, "code=x").text;
    assert!(page.contains("<h1>Connected</h1>") && page.contains("account acme as Jane"), "{page}");
}

#[test]
fn the_profiles_account_needs_no_asking() {
    let world = World::new();
    let profile = world.profile(&world.admin());
    world.allow_users("oauth-custom", Some(&profile));
    let jane = Visitor::new(&world, &world.link(json!({ "subject": "jane" })));
    let page = jane.begin().text;
    assert!(page.contains("sign in to acme and to allow access") && !page.contains("<input"), "{page}");
    let zendesk = jane.leave(&[("step", "submit")]);
    assert!(zendesk.as_str().contains("client_id=acme_client"));
    assert!(jane.come_back(&zendesk, "code=x").text.contains("You can go back to the conversation."));
}

fn basic_world(subdomain: Option<&str>) -> World {
    let world = World::new();
    let admin = world.admin();
    let body = json!({ "mechanism": "basic", "name": "Own tokens", "subdomain": subdomain });
    let profile = world.post("/profiles", &admin, body).text_of("id");
    world.allow_users("basic", Some(&profile));
    world
}

#[test]
fn basic_is_checked_on_the_page() {
    let world = basic_world(None);
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    let page = jane.begin().text;
    assert!(page.contains("name=\"apiToken\" type=\"password\"") && page.contains("after 30 April 2027"), "{page}");
    let empty = jane.submit(&[("step", "submit"), ("subdomain", "acme"), ("email", "jane"), ("apiToken", "")]);
    assert_eq!(empty.status, 422);
    for words in ["Please correct this:", "Fill in this field.", "Enter an e-mail address", "value=\"jane\""] {
        assert!(empty.text.contains(words), "{words}: {}", empty.text);
    }
    world.zendesk.user.set([status(401, r#"{"error":"Couldn't authenticate you"}"#), ok(user())]);
    let fields = [("step", "submit"), ("subdomain", "acme"), ("email", "jane@acme.example"), ("apiToken", API_TOKEN)];
    let wrong = jane.submit(&fields);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("Zendesk does not accept this e-mail address with this API token"), "{}", wrong.text);
    assert!(wrong.text.contains("value=\"jane@acme.example\"") && !wrong.text.contains(API_TOKEN));
    assert_eq!(world.link_status(&link), "opened");
    let done = jane.submit(&fields);
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.text.contains("<h1>Connected</h1>") && done.text.contains("You can go back to the conversation."));
    assert_eq!(world.link_status(&link), "used");
    let event = &world.events_of("connection.created")[0];
    assert_eq!((&event["link"], &event["authorization"]), (&link["id"], &json!("basic")));
    assert!(!done.text.contains(API_TOKEN));
}

#[test]
fn basic_for_a_fixed_account_does_not_ask_for_it() {
    let world = basic_world(Some("acme"));
    let jane = Visitor::new(&world, &world.link(json!({ "subject": "jane" })));
    let page = jane.begin().text;
    assert!(!page.contains("name=\"subdomain\"") && page.contains("<p>acme</p>"), "{page}");
    let done = jane.submit(&[("step", "submit"), ("email", "jane@acme.example"), ("apiToken", API_TOKEN)]);
    assert!(done.text.contains("<h1>Connected</h1>"), "{}", done.text);
}

#[test]
fn it_speaks_the_conversations_language_or_the_browsers() {
    let world = system_world();
    let of_browser = Visitor::new(&world, &world.link(json!({ "subject": "jane" })));
    for (wanted, language, words) in [
        ("es-MX,es;q=0.9,en;q=0.8", "es", "No soy yo"),
        ("ja", "ja", "これは私ではありません"),
        ("pt-BR", "pt", "Não sou eu"),
        ("fr", "en", "This is not me"),
    ] {
        let page = of_browser.open_in(wanted);
        assert!(page.text.contains(&format!("<html lang=\"{language}\">")) && page.text.contains(words), "{wanted}");
    }
    let german = Visitor::new(&world, &world.link(json!({ "subject": "jane", "language": "de" })));
    let page = german.open_in("ja").text;
    assert!(page.contains("<html lang=\"de\">") && page.contains("Das bin ich nicht"), "{page}");
    german.begin();
    let zendesk = german.leave(&[("step", "submit"), ("subdomain", "acme")]);
    let end = german.come_back(&zendesk, "code=x").text;
    assert!(end.contains("<html lang=\"de\">") && end.contains("Verbunden"), "{end}");
}

#[test]
fn an_unknown_link_and_one_that_cannot_be_followed_just_now() {
    let world = system_world();
    let unknown = json!({ "url": "https://app.example/zendesk/authorize/nonsense" });
    let page = Visitor::new(&world, &unknown).open();
    assert_eq!(page.status, 404);
    assert!(page.text.contains("This link is not known here"), "{}", page.text);
    let link = world.link(json!({ "subject": "jane" }));
    let admin = world.admin();
    world.send(request("POST", "/integration/disable", &admin, None));
    let jane = Visitor::new(&world, &link);
    let page = jane.open();
    assert_eq!(page.status, 403);
    assert!(page.text.contains("data-code=\"integration_not_enabled\"") && page.text.contains("Try again"));
    world.send(request("POST", "/integration/enable", &admin, None));
    jane.begin();
    // Switched off while the person is on Zendesk's page.
    let zendesk = jane.leave(&[("step", "submit"), ("subdomain", "acme")]);
    world.send(request("POST", "/integration/disable", &admin, None));
    assert!(jane.come_back(&zendesk, "code=x").text.contains("data-code=\"integration_not_enabled\""));
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 0);
    assert_eq!(world.link_status(&link), "opened", "it may be tried again");
}

#[test]
fn a_store_that_fails_loses_no_link() {
    let world = system_world();
    let link = world.link(json!({ "subject": "jane" }));
    let jane = Visitor::new(&world, &link);
    for operation in ["get", "put"] {
        *world.store_fault.borrow_mut() = Box::new(move |each, _| each == operation);
        let reply = if operation == "get" { jane.open() } else { jane.submit(&[("step", "begin")]) };
        assert_eq!(reply.status, 503, "{}", reply.text);
        *world.store_fault.borrow_mut() = Box::new(|_, _| false);
        jane.open();
    }
    assert!(jane.begin().text.contains("name=\"subdomain\""));
}

#[test]
fn hostile_names_stay_text() {
    let world = system_world();
    let hostile = "</dd><img src=x onerror=alert(1)>";
    let link = world.link(json!({ "subject": "jane", "name": hostile, "tenantName": hostile }));
    let jane = Visitor::new(&world, &link);
    assert!(!jane.open().text.contains("<img"));
    assert!(!jane.begin().text.contains("<img"));
    let echoed = jane.submit(&[("step", "submit"), ("subdomain", "\"><img src=x>")]);
    assert!(echoed.status == 422 && !echoed.text.contains("<img"), "{}", echoed.text);
}
