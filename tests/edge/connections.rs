use crate::world::{World, form};
use crate::zendesk::ok;
use serde_json::json;

fn connect(world: &World, session: &str, profile: &str) -> String {
    let begun = world.begin(session, json!({ "profile": profile }));
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"));
    world.get(&format!("/transactions/{}", begun.id), session).text_of("connection")
}

fn ids(world: &World, session: &str, query: &str) -> Vec<String> {
    let page = world.get(&format!("/connections{query}"), session).json();
    page["connections"].as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap().into()).collect()
}

#[test]
fn everyone_sees_their_own() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    world.allow_users("oauth-custom", Some(&profile));
    let (jane, joe) = (world.user("jane"), world.user("joe"));
    let (integration, hers, his) =
        (connect(&world, &admin, &profile), connect(&world, &jane, &profile), connect(&world, &joe, &profile));
    assert_eq!(ids(&world, &jane, ""), [hers.as_str()]);
    assert_eq!(ids(&world, &joe, ""), [his.as_str()]);
    assert_eq!(ids(&world, &admin, "").len(), 3);
    let show = |session: &str, id: &str| world.get(&format!("/connections/{id}"), session);
    assert_eq!(show(&jane, &hers).text_of("subject"), "user:jane");
    assert_eq!(show(&admin, &hers).text_of("subject"), "user:jane");
    for hidden in [&his, &integration] {
        assert_eq!(show(&jane, hidden).problem(), (404, "connection_not_found".into()));
    }
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    assert_eq!(show(&other, &hers).problem(), (404, "connection_not_found".into()));
    assert!(ids(&world, &other, "").is_empty());
    let namesake = world.session(json!({ "role": "user", "subject": "jane", "tenant": "other" }));
    assert_eq!(show(&namesake, &hers).problem().0, 404);
    for odd in ["..", "%2f", "unknown"] {
        assert_eq!(show(&admin, odd).problem(), (404, "connection_not_found".into()));
    }
}

#[test]
fn a_user_named_like_the_integration_is_still_a_user() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    world.allow_users("oauth-custom", Some(&profile));
    let integration = connect(&world, &admin, &profile);
    let trickster = world.user("integration");
    let own = connect(&world, &trickster, &profile);
    assert_ne!(own, integration);
    assert_eq!(ids(&world, &trickster, ""), [own]);
}

#[test]
fn connecting_again_replaces_the_credential_under_the_same_id() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let first = connect(&world, &admin, &profile);
    world.pass(60);
    world.zendesk.user.set([ok(r#"{"user":{"id":78,"name":"Joe"}}"#)]);
    let second = connect(&world, &admin, &profile);
    assert_eq!(first, second);
    let json = world.get(&format!("/connections/{second}"), &admin).json();
    assert_eq!(json["user"], json!({ "id": 78, "name": "Joe", "email": null, "role": null }));
    assert_eq!(json["createdAt"], "2026-11-23T12:00:00.000Z");
    assert_eq!(json["updatedAt"], "2026-11-23T12:01:00.000Z");
}

#[test]
fn accounts_stand_side_by_side() {
    let world = World::new();
    let admin = world.admin();
    let acme = world.profile(&admin);
    let mut other = form();
    other["subdomain"] = json!("globex");
    let globex = world.post("/profiles", &admin, other).text_of("id");
    let (one, two) = (connect(&world, &admin, &acme), connect(&world, &admin, &globex));
    assert_ne!(one, two);
    assert_eq!(world.zendesk.sent_to("globex.zendesk.com/oauth/tokens").len(), 1);
    let mut both = vec![one, two];
    both.sort();
    assert_eq!(ids(&world, &admin, ""), both);
    assert_eq!(ids(&world, &admin, "?limit=1"), both[..1]);
    let cursor = world.get("/connections?limit=1", &admin).text_of("cursor");
    assert_eq!(ids(&world, &admin, &format!("?limit=1&cursor={cursor}")), both[1..]);
}

#[test]
fn two_grants_at_once_leave_one_whole_record() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let begun: Vec<_> = (0..4).map(|_| world.begin(&admin, json!({ "profile": profile }))).collect();
    let callbacks = begun.iter().map(|begun| {
        world.send_later(crate::world::callback_request(&begun.cookie, &format!("code=x&state={}", begun.state)))
    });
    for page in futures::executor::block_on(futures::future::join_all(callbacks)) {
        assert!(page.text.contains("<h1>Connected</h1>"), "{}", page.text);
    }
    assert_eq!(ids(&world, &admin, "").len(), 1);
}

#[test]
fn a_store_that_lists_too_much_shows_nothing_of_other_tenants() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let own = connect(&world, &admin, &profile);
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    let profile_of_other = world.profile(&other);
    let connection_of_other = connect(&world, &other, &profile_of_other);
    for key in [format!("profiles/other/{profile}x"), format!("connections/other/{own}x")] {
        let mut broken = world.entries.borrow().values().next().unwrap().clone();
        broken.value = "not sealed".into();
        world.entries.borrow_mut().insert(key, broken);
    }
    world.lists_everything.set(true);
    let listed = |path: &str, name: &str| {
        let json = world.get(path, &admin).json();
        assert_eq!(json.get("unreadable"), None, "{json}");
        json[name].as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(listed("/profiles", "profiles"), [profile]);
    assert_eq!(listed("/connections", "connections"), [own]);
    assert!(listed("/connections?cursor=connections/default/~", "connections").is_empty());
    assert_eq!(world.get(&format!("/connections/{connection_of_other}"), &other).status, 200);
}
