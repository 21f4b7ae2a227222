use crate::messages::Serve;
use crate::world::{ADMIN_KEY, SEALING_KEY, World, edge, options, request};
use serde_json::json;
use zendesk_auth::edge::seal::{KeyRing, SealingKey};
use zendesk_auth::wipe::Wiped;
use zendesk_auth::{Code, edge::Platform};

const OTHER_KEY: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg";

fn ring(kid: &str, byte: u8) -> KeyRing {
    KeyRing::new(vec![SealingKey::new(kid.into(), &[byte; 32])]).unwrap()
}

#[test]
fn what_was_sealed_opens_in_its_place_only() {
    let ring = ring("k1", 7);
    let sealed = ring.seal("profiles/a/1", Wiped::new(b"text".to_vec()), [9; 12]).unwrap();
    assert_eq!(sealed.split('.').count(), 5);
    assert_eq!(ring.open("profiles/a/1", &sealed).unwrap().as_slice(), b"text");
    for place in ["profiles/a/2", "profiles/b/1", "", "session"] {
        assert_eq!(ring.open(place, &sealed).unwrap_err(), Code::SealBroken, "{place}");
    }
    assert_eq!(self::ring("k2", 7).open("profiles/a/1", &sealed).unwrap_err(), Code::SealingKeyUnknown);
    assert_eq!(self::ring("k1", 8).open("profiles/a/1", &sealed).unwrap_err(), Code::SealBroken);
}

#[test]
fn every_altered_character_is_noticed() {
    let ring = ring("k1", 7);
    let sealed = ring.seal("place", Wiped::new(b"some text".to_vec()), [9; 12]).unwrap();
    for index in 0..sealed.len() {
        for replacement in ["A", "B", ".", "=", ""] {
            let mut altered = sealed.clone();
            altered.replace_range(index..=index, replacement);
            if altered != sealed {
                assert!(ring.open("place", &altered).is_err(), "{index} {replacement}");
            }
        }
    }
    for odd in ["", ".", "....", "a.b.c.d.e", &format!("{sealed}.x"), &sealed.repeat(2)] {
        assert_eq!(ring.open("place", odd).unwrap_err(), Code::SealBroken);
    }
}

/// Sealed by the npm package jose 6.2.18 with a fixed key: see `tests/edge/jose.test.mjs` for the living comparison.
#[test]
fn values_sealed_by_another_library_open() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("jose.json")).unwrap();
    let ring = KeyRing::new(vec![SealingKey::new("k1".into(), &[7; 32])]).unwrap();
    let open = |name: &str| {
        let vector = &vectors[name];
        ring.open(vector["place"].as_str().unwrap(), vector["jwe"].as_str().unwrap())
    };
    assert_eq!(open("good").unwrap().as_slice(), "{\"name\":\"Zoë\"}".as_bytes());
    for refused in ["crit", "zip", "a128", "otherPlace", "noPlace"] {
        assert!(vectors[refused]["jwe"].is_string());
        assert_eq!(open(refused).unwrap_err(), Code::SealBroken, "{refused}");
    }
    assert_eq!(open("otherKid").unwrap_err(), Code::SealingKeyUnknown);
}

#[test]
fn keys_rotate_without_downtime() {
    let mut world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let begun = world.begin(&admin, json!({ "profile": profile }));
    let mut rotated = options();
    rotated["sealingKeys"] = json!([{ "kid": "k2", "key": OTHER_KEY }, { "kid": "k1", "key": SEALING_KEY }]);
    world.edge = edge(&rotated);
    assert_eq!(world.get(&format!("/profiles/{profile}"), &admin).status, 200);
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"), "begun under the old key");
    assert_eq!(world.put_profile(&profile, &admin, crate::world::form()).status, 200, "sealed anew");

    rotated["sealingKeys"] = json!([{ "kid": "k2", "key": OTHER_KEY }]);
    world.edge = edge(&rotated);
    let admin = world.admin();
    assert_eq!(world.get(&format!("/profiles/{profile}"), &admin).status, 200);
}

#[test]
fn a_lost_key_is_an_error_of_its_records_alone() {
    let mut world = World::new();
    let admin = world.admin();
    let (old, begun) = (world.profile(&admin), world.popup().1);
    world.come_back(&begun, "code=x");
    let connections = world.get("/connections", &admin).json();
    let connection = connections["connections"][0]["id"].as_str().unwrap();
    let mut lost = options();
    lost["sealingKeys"] = json!([{ "kid": "k2", "key": OTHER_KEY }]);
    world.edge = edge(&lost);
    let admin = world.admin();
    let new = world.profile(&admin);
    assert_eq!(world.get(&format!("/profiles/{old}"), &admin).problem(), (500, "sealing_key_unknown".into()));
    let list = world.get("/profiles", &admin).json();
    assert_eq!(list["profiles"].as_array().unwrap().len(), 1);
    assert_eq!(list["unreadable"].as_array().unwrap().len(), 2);
    assert!(list["unreadable"].as_array().unwrap().contains(&json!({ "id": old, "code": "sealing_key_unknown" })));

    let begun = world.begin(&admin, json!({ "profile": new }));
    assert!(world.come_back(&begun, "code=x").text.contains("<h1>Connected</h1>"), "connecting again mends the record");
    assert_eq!(world.get(&format!("/connections/{connection}"), &admin).status, 200);
}

#[test]
fn swapped_and_tampered_records_do_not_open() {
    let world = World::new();
    let admin = world.admin();
    let (one, two) = (world.profile(&admin), world.profile(&admin));
    let key = |id: &str| format!("profiles/default/{id}");
    let value = world.entries.borrow()[&key(&one)].value.clone();
    let set = |value: &str| world.entries.borrow_mut().get_mut(&key(&two)).unwrap().value = value.into();
    let broken = (500, "seal_broken".to_string());
    set(&value);
    assert_eq!(world.get(&format!("/profiles/{two}"), &admin).problem(), broken);
    for garbage in ["", "not sealed", "{}", "a.b.c.d.e"] {
        set(garbage);
        assert_eq!(world.get(&format!("/profiles/{two}"), &admin).problem(), broken, "{garbage}");
    }
    let sealed = |text: &str| ring("k1", 7).seal(&key(&two), Wiped::new(text.as_bytes().to_vec()), [1; 12]).unwrap();
    for unfit in ["[]", "{}", "{\"id\":1}", "text"] {
        set(&sealed(unfit));
        assert_eq!(world.get(&format!("/profiles/{two}"), &admin).problem(), broken, "{unfit}");
    }
    let list = world.get("/profiles", &admin).json();
    assert_eq!(list["profiles"][0]["id"], one);
    assert_eq!(list["unreadable"], json!([{ "id": two, "code": "seal_broken" }]));
}

#[test]
fn no_two_values_share_an_initialisation_vector() {
    let world = World::new();
    let admin = world.admin();
    for _ in 0..20 {
        world.profile(&admin);
    }
    let vectors: std::collections::BTreeSet<String> =
        world.entries.borrow().values().map(|entry| entry.value.split('.').nth(2).unwrap().to_string()).collect();
    assert_eq!(vectors.len(), 20);
    assert!(world.now_ms() > 0);
}

fn rotated(keys: &[(&str, &str)]) -> zendesk_auth::edge::Edge {
    let mut rotated = options();
    rotated["sealingKeys"] = keys.iter().map(|(kid, key)| json!({ "kid": kid, "key": key })).collect();
    edge(&rotated)
}

/// Goes through all pages; what was seen, sealed anew, and could not be read.
fn sweep(world: &World, limit: u32) -> (u64, u64, Vec<serde_json::Value>) {
    let (mut seen, mut resealed, mut unreadable, mut body) = (0, 0, Vec::new(), json!({ "limit": limit }));
    loop {
        let reply = world.post("/keys/rotate", ADMIN_KEY, body);
        assert_eq!(reply.status, 200, "{}", reply.text);
        let json = reply.json();
        seen += json["seen"].as_u64().unwrap();
        resealed += json["resealed"].as_u64().unwrap();
        unreadable.extend(json["unreadable"].as_array().unwrap().clone());
        assert_eq!(json["done"], json["cursor"].is_null());
        if json["done"] == true {
            return (seen, resealed, unreadable);
        }
        body = json!({ "limit": limit, "cursor": json["cursor"] });
    }
}

#[test]
fn a_sweep_seals_everything_that_stays_anew_and_the_old_key_can_go() {
    for limit in [1, 2, 200] {
        let (mut world, id) = crate::refresh::connected();
        let admin = world.admin();
        for _ in 0..3 {
            world.profile(&admin);
        }
        world.allow_users("oauth-custom", Some(&world.profile(&admin)));
        world.edge = rotated(&[("k2", OTHER_KEY), ("k1", SEALING_KEY)]);
        world.pass(crate::refresh::DUE);
        crate::refresh::credentials(&world, &id);
        // The connection was sealed anew as it was refreshed: five profiles and the integration are left.
        assert_eq!(sweep(&world, limit), (7, 6, Vec::new()));
        assert_eq!(sweep(&world, limit), (7, 0, Vec::new()), "once is enough");
        world.edge = rotated(&[("k2", OTHER_KEY)]);
        let admin = world.admin();
        assert_eq!(world.get("/profiles", &admin).json()["profiles"].as_array().unwrap().len(), 5);
        assert_eq!(world.get("/integration", &admin).text_of("state"), "enabled");
        assert_eq!(crate::refresh::credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
    }
}

#[test]
fn a_sweep_that_stops_goes_on_where_it_was() {
    let mut world = World::new();
    let admin = world.admin();
    for _ in 0..5 {
        world.profile(&admin);
    }
    world.edge = rotated(&[("k2", OTHER_KEY), ("k1", SEALING_KEY)]);
    let first = world.post("/keys/rotate", ADMIN_KEY, json!({ "limit": 2 })).json();
    *world.store_fault.borrow_mut() = Box::new(|operation, _| operation == "put");
    let failed = world.post("/keys/rotate", ADMIN_KEY, json!({ "limit": 2, "cursor": first["cursor"] }));
    assert_eq!(failed.problem(), (503, "store_unavailable".into()));
    *world.store_fault.borrow_mut() = Box::new(|_, _| false);
    let second = world.post("/keys/rotate", ADMIN_KEY, json!({ "limit": 2, "cursor": first["cursor"] })).json();
    assert_eq!((&second["seen"], &second["resealed"]), (&json!(2), &json!(2)));
    assert_eq!(sweep(&world, 2).1, 1, "the rest");
    for cursor in ["", "x", "3:", "-1:", "9999999999999999999999:"] {
        let reply = world.post("/keys/rotate", ADMIN_KEY, json!({ "cursor": cursor }));
        assert_eq!(reply.fields(), [("cursor".into(), "field_invalid".into())], "{cursor}");
    }
}

#[test]
fn a_sweep_names_what_it_cannot_read_and_goes_on() {
    let mut world = World::new();
    let admin = world.admin();
    let (lost, altered) = (world.profile(&admin), world.profile(&admin));
    world.edge = rotated(&[("k2", OTHER_KEY)]);
    world.profile(&world.admin());
    let key = |id: &str| format!("profiles/default/{id}");
    world.entries.borrow_mut().get_mut(&key(&altered)).unwrap().value = "not sealed".into();
    let (seen, resealed, mut unreadable) = sweep(&world, 1);
    assert_eq!((seen, resealed), (3, 0));
    let mut expected = vec![
        json!({ "key": key(&lost), "code": "sealing_key_unknown" }),
        json!({ "key": key(&altered), "code": "seal_broken" }),
    ];
    expected.sort_by_key(|each| each["key"].to_string());
    unreadable.sort_by_key(|each| each["key"].to_string());
    assert_eq!(unreadable, expected);
}

/// A sweep changes the version of a record whose holder of a lease is about to write: the new token must not be lost.
#[test]
fn a_sweep_during_a_refresh_costs_nothing() {
    let (mut world, id) = crate::refresh::connected();
    world.edge = rotated(&[("k2", OTHER_KEY), ("k1", SEALING_KEY)]);
    let old = rotated(&[("k1", SEALING_KEY), ("k2", OTHER_KEY)]);
    world.pass(crate::refresh::DUE);
    // An isolate that still has the old configuration.
    let path = format!("/connections/{id}/credentials");
    let mut refresh = Box::pin(old.serve(&world, request("GET", &path, ADMIN_KEY, None)));
    while world.zendesk.sent_to("/oauth/tokens").is_empty() {
        assert!(futures::FutureExt::now_or_never(&mut refresh).is_none());
    }
    assert_eq!(sweep(&world, 100).1, 2);
    let answer = futures::executor::block_on(refresh);
    assert!(String::from_utf8(answer.into_body()).unwrap().contains("access-token-1"));
    assert_eq!(crate::refresh::credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
    assert_eq!(sweep(&world, 100).1, 1, "it was sealed with the old key once more");
}

#[test]
fn a_sweep_names_what_was_altered_also_under_the_first_key() {
    let (world, id) = crate::refresh::connected();
    let key = format!("connections/default/{id}");
    {
        let mut entries = world.entries.borrow_mut();
        let entry = entries.get_mut(&key).unwrap();
        let (rest, tag) = entry.value.rsplit_once('.').unwrap();
        entry.value = format!("{rest}.{}", tag.chars().rev().collect::<String>());
    }
    assert_eq!(sweep(&world, 200), (2, 0, vec![json!({ "key": key, "code": "seal_broken" })]));
}
