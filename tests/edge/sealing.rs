use crate::world::{SEALING_KEY, World, edge, options};
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
