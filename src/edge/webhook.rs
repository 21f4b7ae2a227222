//! Where events go besides the `onEvent` hook: signed as [Standard Webhooks](https://www.standardwebhooks.com) says, so
//! that its libraries verify them.

use super::config::web_address;
use super::fields::Fields;
use super::problem::FieldProblem;
use crate::error::Code;
use crate::wipe::Wiped;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::format;
use std::prelude::v1::*;
use url::Url;

const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const SECRET_LENGTH: std::ops::RangeInclusive<usize> = 24..=64;
/// The events that webhooks are told; sessions, profiles and what fails in the platform stay with the hook.
const KINDS: [&str; 3] = ["connection.", "integration.", "link."];

/// One receiver.
pub struct Webhook {
    /// Where it listens.
    pub url: Url,
    /// The first signs, and the others too while a secret is being replaced.
    secrets: Vec<Wiped<Vec<u8>>>,
    /// The types it wants; empty: all.
    events: Vec<String>,
}

impl Webhook {
    /// Judges one item of the configuration's `webhooks`.
    pub fn read(item: Value) -> Result<Self, Vec<FieldProblem>> {
        let Value::Object(item) = item else {
            let message = "this must be `{ url, secrets, events? }`";
            return Err(Vec::from([FieldProblem::saying("", Code::FieldInvalid, message)]));
        };
        let mut item = Fields::new(item, ".".into());
        let text = item.required("url");
        let url = receiver(&text);
        if let (Err(problems), false) = (&url, text.is_empty()) {
            for problem in problems {
                item.problem("url", problem.code, problem.message.as_str());
            }
        }
        let known = item.problems.len();
        let secrets = item.list("secrets", |secret| read_secret(secret.as_str().unwrap_or_default()));
        if secrets.is_empty() && item.problems.len() == known {
            item.problem("secrets", Code::FieldRequired, "at least one secret is required: `whsec_` and base64");
        }
        let events = item.list("events", |kind| match kind {
            Value::String(kind) if is_told(&kind) => Ok(kind),
            _ => {
                let message = "this must be the type of an event of connections, integrations or links";
                Err(Vec::from([FieldProblem::saying("", Code::FieldInvalid, message)]))
            }
        });
        match (url, item.into_problems()) {
            (Ok(url), problems) if problems.is_empty() => Ok(Self { url, secrets, events }),
            (_, problems) => Err(problems),
        }
    }

    /// Whether it is told of events of this type.
    pub fn wants(&self, kind: &str) -> bool {
        is_told(kind) && (self.events.is_empty() || self.events.iter().any(|wanted| wanted == kind))
    }

    /// The header `webhook-signature`: one for each secret, with spaces between them.
    pub fn signature(&self, id: &str, timestamp: u64, body: &str) -> String {
        let content = format!("{id}.{timestamp}.{body}");
        let mut signatures = String::new();
        for secret in &self.secrets {
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { continue };
            mac.update(content.as_bytes());
            signatures.push_str(if signatures.is_empty() { "v1," } else { " v1," });
            signatures.push_str(&Base64::encode_string(&mac.finalize().into_bytes()));
        }
        signatures
    }
}

/// As any web address, but receivers often tell senders apart by a query.
fn receiver(text: &str) -> Result<Url, Vec<FieldProblem>> {
    let (address, query) = text.split_once('?').map_or((text, None), |(address, query)| (address, Some(query)));
    let mut url = web_address(address)?;
    url.set_query(query);
    if url.fragment().is_some() || query.is_some_and(|query| query.contains('#')) {
        let message = "this must have no fragment";
        return Err(Vec::from([FieldProblem::saying("", Code::FieldInvalid, message)]));
    }
    Ok(url)
}

/// Whether webhooks are told of events of this type at all.
pub fn is_told(kind: &str) -> bool {
    KINDS.iter().any(|prefix| kind.starts_with(prefix))
}

fn read_secret(text: &str) -> Result<Wiped<Vec<u8>>, Vec<FieldProblem>> {
    let bytes = text.strip_prefix(PREFIX).and_then(|text| Base64::decode_vec(text).ok()).map(Wiped::new);
    match bytes {
        Some(bytes) if SECRET_LENGTH.contains(&bytes.len()) => Ok(bytes),
        _ => {
            let message = "this must be `whsec_` and 24 to 64 random bytes as base64";
            Err(Vec::from([FieldProblem::saying("", Code::FieldInvalid, message)]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The example of the specification, as its reference libraries test it.
    #[test]
    fn signs_as_the_specification_says() {
        let webhook = Webhook::read(json!({
            "url": "https://bot.example/hook", "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        }));
        let signature =
            webhook.ok().unwrap().signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
