//! `GET·PUT /integration`, enable and disable, as an admin calls them.

use crate::world::{World, form, request, system_options};
use serde_json::{Value, json};

fn choose(world: &World, admin: &str, body: Value) -> crate::world::Reply {
    world.put("/integration", admin, body)
}

fn way(authorization: &str, access: &str) -> Value {
    json!({ "authorization": authorization, "access": access })
}

fn switch(world: &World, admin: &str, to: &str) -> crate::world::Reply {
    world.send(request("POST", &format!("/integration/{to}"), admin, None))
}

#[test]
fn an_integration_nobody_has_touched_is_unset() {
    let world = World::new();
    let admin = world.admin();
    let mut expected = json!({
        "authorization": null, "access": null, "profile": null, "enabled": false, "state": "unset", "connection": null,
        "version": 0, "systemClient": null,
        "basic": { "availableUntil": "2027-04-30", "daysLeft": 159, "available": true },
    });
    assert_eq!(world.get("/integration", &admin).json(), expected);
    assert!(world.keys().is_empty());

    let world = World::with(&system_options());
    expected["systemClient"] = json!({ "clientId": "zdg-desk", "scope": "read tickets:write" });
    let reply = world.get("/integration", &admin);
    assert_eq!(reply.json(), expected);
}

#[test]
fn choosing_goes_on_record_sealed_and_counted() {
    let world = World::new();
    let admin = world.admin();
    let reply = choose(&world, &admin, way("oauth-custom", "pre-authorize"));
    assert_eq!(reply.status, 200, "{}", reply.text);
    let json = reply.json();
    assert_eq!((&json["state"], &json["version"]), (&json!("profile-missing"), &json!(1)));
    assert_eq!(world.get("/integration", &admin).json(), json);
    assert_eq!(world.keys(), ["integrations/default"]);
    assert!(!world.entries.borrow()["integrations/default"].value.contains("oauth-custom"));
    assert_eq!(world.events_of("integration.changed")[0]["state"], "profile-missing");

    let again = choose(&world, &admin, way("oauth-custom", "pre-authorize"));
    assert_eq!(again.json(), json, "what changes nothing is not counted");
    assert_eq!(world.events_of("integration.changed").len(), 1);
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    assert_eq!(world.get("/integration", &other).text_of("state"), "unset");
}

#[test]
fn a_profile_is_selected_kept_and_let_go() {
    let world = World::new();
    let admin = world.admin();
    let oauth = world.profile(&admin);
    let basic = world.post("/profiles", &admin, json!({ "mechanism": "basic", "name": "By token" })).text_of("id");
    let with = |authorization: &str, access: &str, profile: Value| {
        let mut body = way(authorization, access);
        body["profile"] = profile;
        choose(&world, &admin, body)
    };
    assert_eq!(with("oauth-custom", "allow-users", json!(oauth)).text_of("profile"), oauth);
    let kept = choose(&world, &admin, way("oauth-custom", "pre-authorize"));
    assert_eq!(kept.text_of("profile"), oauth, "it fits this way too");
    let cleared = with("oauth-custom", "pre-authorize", Value::Null).json();
    assert_eq!((&cleared["profile"], &cleared["state"]), (&Value::Null, &json!("profile-missing")));

    assert_eq!(with("basic", "allow-users", json!(basic)).text_of("state"), "ready");
    let dropped = choose(&world, &admin, way("oauth-custom", "allow-users")).json();
    assert_eq!(dropped["profile"], Value::Null, "a Basic profile does not fit OAuth");

    let mechanism = (409, "integration_profile_mechanism".to_string());
    assert_eq!(with("basic", "allow-users", json!(oauth)).problem(), mechanism);
    assert_eq!(with("oauth-custom", "allow-users", json!(basic)).problem(), mechanism);
    let unused = (409, "integration_profile_unused".to_string());
    assert_eq!(with("basic", "pre-authorize", json!(basic)).problem(), unused);
    assert_eq!(with("oauth-custom", "allow-users", json!("unknown")).problem(), (404, "profile_not_found".into()));
    assert_eq!(world.get("/integration", &admin).json(), dropped, "a refusal changes nothing");
}

#[test]
fn what_this_worker_cannot_offer_cannot_be_chosen() {
    let world = World::new();
    let reply = choose(&world, &world.admin(), way("oauth-system", "allow-users"));
    assert_eq!(reply.problem(), (409, "integration_system_unavailable".into()));
    for (now, expected) in [(1_809_129_599_999, 200), (1_809_129_600_000, 410)] {
        world.now.set(now);
        let reply = choose(&world, &world.admin(), way("basic", "pre-authorize"));
        assert_eq!(reply.status, expected);
    }
    let basic = world.get("/integration", &world.admin()).json()["basic"].clone();
    assert_eq!(basic, json!({ "availableUntil": "2027-04-30", "daysLeft": 0, "available": false }));
    assert_eq!(switch(&world, &world.admin(), "enable").problem(), (410, "api_tokens_retired".into()));
}

#[test]
fn bodies_are_judged() {
    let world = World::new();
    let admin = world.admin();
    let fields = |body: Value| {
        let mut fields = choose(&world, &admin, body).fields();
        fields.sort();
        fields
    };
    let field = |name: &str, code: &str| (name.to_string(), code.to_string());
    assert_eq!(fields(json!({})), [field("access", "field_required"), field("authorization", "field_required")]);
    let odd = json!({ "authorization": "saml", "access": 5, "profile": 5, "version": -1, "enabled": true });
    let wrong = ["access", "authorization", "profile", "version"].map(|name| field(name, "field_invalid"));
    assert_eq!(fields(odd), [&wrong[..2], &[field("enabled", "field_unknown")], &wrong[2..]].concat());
    let switched = world.post("/integration/enable", &admin, json!({ "enabled": true }));
    assert_eq!(switched.fields(), [field("enabled", "field_unknown")]);
}

#[test]
fn enabling_tells_what_is_missing() {
    let world = World::new();
    let admin = world.admin();
    assert_eq!(switch(&world, &admin, "enable").problem(), (409, "integration_not_chosen".into()));
    assert_eq!(switch(&world, &admin, "disable").json()["version"], 0, "it was not enabled to begin with");
    choose(&world, &admin, way("oauth-custom", "pre-authorize"));
    assert_eq!(switch(&world, &admin, "enable").problem(), (409, "integration_profile_missing".into()));
    let mut selected = way("oauth-custom", "pre-authorize");
    selected["profile"] = json!(world.profile(&admin));
    choose(&world, &admin, selected);
    assert_eq!(switch(&world, &admin, "enable").problem(), (409, "integration_unverified".into()));
    assert!(world.events_of("integration.enabled").is_empty());
}

#[test]
fn two_admins_do_not_overwrite_each_other() {
    let world = World::new();
    let admin = world.admin();
    let mut first = way("oauth-custom", "allow-users");
    first["version"] = json!(0);
    assert_eq!(choose(&world, &admin, first.clone()).status, 200);
    let changed = (409, "integration_changed".to_string());
    assert_eq!(choose(&world, &admin, first).problem(), changed);
    assert_eq!(world.post("/integration/disable", &admin, json!({ "version": 7 })).problem(), changed);
    assert_eq!(world.post("/integration/disable", &admin, json!({ "version": 1 })).status, 200);

    let put = |authorization: &str| {
        world.send_later(request("PUT", "/integration", &admin, Some(way(authorization, "pre-authorize"))))
    };
    let (one, two) = futures::executor::block_on(futures::future::join(put("basic"), put("oauth-custom")));
    assert_eq!((one.status, two.status), (200, 200), "without a version the last one counts");
    assert_eq!(world.get("/integration", &admin).json()["version"], 3);
}

#[test]
fn a_profile_in_use_is_not_removed() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let path = format!("/profiles/{profile}");
    world.allow_users("oauth-custom", Some(&profile));
    for subject in ["jane", "joe"] {
        let begun = world.begin(&world.user(subject), json!({ "profile": profile }));
        world.come_back(&begun, "code=x");
    }
    let refused = world.delete(&path, &admin);
    assert_eq!(refused.problem(), (409, "profile_in_use".into()));
    assert_eq!(
        refused.json()["problems"],
        json!([
            { "field": "integration", "code": "profile_in_use", "message": "the integration uses it" },
            { "field": "connections", "code": "profile_in_use", "message": "2 connections use it" },
        ])
    );
    assert_eq!(world.get(&path, &admin).status, 200);
    let replacement = world.profile(&admin);
    world.allow_users("oauth-custom", Some(&replacement));
    assert_eq!(world.delete(&path, &admin).fields(), [("connections".to_string(), "profile_in_use".to_string())]);

    let unused = world.post(&format!("{path}/duplicate"), &admin, json!({ "name": "Copy" })).text_of("id");
    let stranger = world.session(json!({ "role": "admin", "tenant": "other" }));
    let path = format!("/profiles/{unused}");
    assert_eq!(world.delete(&path, &stranger).problem(), (404, "profile_not_found".into()));
    let removed = world.delete(&path, &admin);
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    assert_eq!(world.delete(&path, &admin).problem(), (404, "profile_not_found".into()));
    assert_eq!(world.events_of("profile.removed")[0]["profile"], json!(unused));
}

#[test]
fn a_profile_that_is_selected_while_it_is_removed_leaves_no_trace() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let mut body = way("oauth-custom", "allow-users");
    body["profile"] = json!(profile);
    let remove = world.send_later(request("DELETE", &format!("/profiles/{profile}"), &admin, None));
    let select = world.send_later(request("PUT", "/integration", &admin, Some(body)));
    let (removed, _) = futures::executor::block_on(futures::future::join(remove, select));
    let selected = world.get("/integration", &admin).json()["profile"].clone();
    let exists = world.get(&format!("/profiles/{profile}"), &admin).status == 200;
    assert_eq!(removed.status == 204, !exists);
    assert!(selected.is_null() || exists, "nothing selected that does not exist");
}

#[test]
fn an_integration_moved_to_another_tenant_does_not_open() {
    let world = World::new();
    let admin = world.admin();
    world.post("/profiles", &admin, form());
    choose(&world, &admin, way("oauth-custom", "allow-users"));
    let entry = world.entries.borrow()["integrations/default"].clone();
    world.entries.borrow_mut().insert("integrations/other".into(), entry);
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    assert_eq!(world.get("/integration", &other).problem(), (500, "seal_broken".into()));
}

#[test]
fn one_whose_key_is_lost_is_mended_by_choosing_anew() {
    let mut world = World::new();
    let admin = world.admin();
    let choice = way("basic", "pre-authorize");
    choose(&world, &admin, choice.clone());
    let mut lost = crate::world::options();
    lost["sealingKeys"] = json!([{ "kid": "k2", "key": "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg" }]);
    world.edge = crate::world::edge(&lost);
    let admin = world.admin();
    let unknown = (500, "sealing_key_unknown".to_string());
    assert_eq!(world.get("/integration", &admin).problem(), unknown);
    assert_eq!(switch(&world, &admin, "enable").problem(), unknown);
    assert_eq!(world.post("/connections", &world.user("jane"), json!({})).problem(), unknown);
    let connected = world.post("/connections", &admin, crate::world::basic_body());
    assert_eq!(connected.status, 201, "it stands in no admin's way: {}", connected.text);
    assert_eq!(choose(&world, &admin, choice).text_of("state"), "unverified");
    assert_eq!(world.post("/connections", &admin, crate::world::basic_body()).status, 201);
    assert_eq!(switch(&world, &admin, "enable").text_of("state"), "enabled");
}
