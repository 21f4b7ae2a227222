//! The service as the isolates of a run have it.

use crate::books::KEYS;
use crate::plan::Plan;
use serde_json::{Value, json};
use std::rc::Rc;
use zendesk_auth::edge::Edge;

pub const HAND_OFF: &str = "https://app.example/callback";
pub const PUBLIC: &str = "https://app.example/zendesk";
pub const ADMIN_KEY: &str = "admin-key-of-the-simulation-0123456789";

/// The service as it is configured, before the keys are rotated and afterwards.
pub fn edge(plan: &Plan, is_rotated: bool) -> Rc<Edge> {
    let mut keys: Vec<Value> = KEYS.iter().map(|(kid, key, _)| json!({ "kid": kid, "key": key })).collect();
    if is_rotated {
        keys.reverse();
    } else {
        keys.truncate(1);
    }
    let options = json!({
        "publicUrl": PUBLIC, "adminKey": ADMIN_KEY, "sealingKeys": keys, "redirectUris": [HAND_OFF],
        "accessTokenLifetime": plan.lifetime,
    });
    Rc::new(Edge::new(&options.to_string()).expect("a configuration"))
}
