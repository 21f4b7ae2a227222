//! The service as the isolates of a run have it.

use crate::books::KEYS;
use crate::plan::Plan;
use serde_json::{Value, json};
use std::rc::Rc;
use zendesk_auth::edge::Edge;

pub const HAND_OFF: &str = "https://app.example/callback";
pub const PUBLIC: &str = "https://app.example/zendesk";
pub const ADMIN_KEY: &str = "admin-key-of-the-simulation-0123456789";

/// Where an isolate is in the rotation of the sealing keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// There is one.
    Old,
    /// A new one opens as well, and does not seal yet: others may not have it.
    Both,
    /// The new one seals.
    Turned,
    /// The old one was taken away.
    New,
}

impl Keys {
    /// Key ids, the one that seals first.
    fn kids(self) -> &'static [&'static str] {
        match self {
            Self::Old => &["k1"],
            Self::Both => &["k1", "k2"],
            Self::Turned => &["k2", "k1"],
            Self::New => &["k2"],
        }
    }
}

/// The service as it is configured.
pub fn edge(plan: &Plan, keys: Keys) -> Rc<Edge> {
    let key = |kid: &str| KEYS.iter().find(|(known, ..)| *known == kid).map(|(_, key, _)| *key);
    let keys: Vec<Value> = keys.kids().iter().map(|kid| json!({ "kid": kid, "key": key(kid) })).collect();
    let options = json!({
        "publicUrl": PUBLIC, "adminKey": ADMIN_KEY, "sealingKeys": keys, "redirectUris": [HAND_OFF],
        "accessTokenLifetime": plan.lifetime,
    });
    Rc::new(Edge::new(&options.to_string()).expect("a configuration"))
}
