//! Rotation of the sealing keys. The first key seals, every one opens, and each write seals anew; this goes through the
//! records that nobody writes, page by page, so that an old key can be taken away one day.

use super::answer;
use super::fields::Fields;
use super::json::{object, set, text};
use super::message::{Request, Response};
use super::platform::{Platform, Stored};
use super::problem::Problem;
use super::seal::IV_LENGTH;
use super::session::Caller;
use super::store::Context;
use crate::error::Code;
use http::StatusCode;
use serde_json::Value;
use std::format;
use std::prelude::v1::*;

/// What stays. Everything else expires by itself within eight days.
const PREFIXES: [&str; 3] = ["profiles/", "integrations/", "connections/"];
const PAGE_SIZE: u32 = 100;
const ATTEMPTS: usize = 3;

/// `POST /keys/rotate`: one page of records, sealed anew where they are not sealed with the first key.
pub async fn rotate<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    if cx.authenticate(request).await? != Caller::Backend {
        return Err(Code::AdminKeyRequired.into());
    }
    let mut body = Fields::of(request)?;
    let cursor = body.text("cursor").unwrap_or_else(|| "0:".into());
    let limit = body.integer("limit", 1..=super::router::LARGEST_PAGE).unwrap_or(PAGE_SIZE);
    let place = cursor.split_once(':').and_then(|(index, rest)| Some((index.parse::<usize>().ok()?, rest)));
    let found = place.and_then(|(index, rest)| Some((index, *PREFIXES.get(index)?, rest)));
    if found.is_none() {
        body.refuse("cursor", Code::FieldInvalid);
    }
    body.finish()?;
    let (index, prefix, rest) = found.ok_or(Code::BodyFieldsInvalid)?;

    let page = cx.list(prefix, Some(rest).filter(|rest| !rest.is_empty()), limit).await?;
    let (mut seen, mut resealed, mut unreadable) = (0_u32, 0_u32, Vec::new());
    for (key, stored) in page.entries.into_iter().filter(|(key, _)| key.starts_with(prefix)) {
        seen += 1;
        match cx.reseal(&key, stored).await {
            Ok(true) => resealed += 1,
            Ok(false) => {}
            Err(problem) if problem.code == Code::StoreUnavailable => return Err(problem),
            // A lost key is a loss of its own records, and no reason to leave the others.
            Err(problem) => unreadable.push(object([("key", text(&key)), ("code", text(problem.code.as_str()))])),
        }
    }
    let next = match page.cursor {
        Some(cursor) => Some(format!("{index}:{cursor}")),
        None => (index + 1 < PREFIXES.len()).then(|| format!("{}:", index + 1)),
    };
    let mut answer = object([
        ("seen", seen.into()),
        ("resealed", resealed.into()),
        ("unreadable", Value::Array(unreadable)),
        ("done", next.is_none().into()),
    ]);
    if let Some(next) = next {
        set(&mut answer, "cursor", next.into());
    }
    Ok(answer::json(StatusCode::OK, &answer))
}

impl<P: Platform> Context<'_, P> {
    /// Seals a value with the first key, unless it is; says whether that was needed. Whoever writes meanwhile goes first.
    async fn reseal(&self, key: &str, mut stored: Stored) -> Result<bool, Problem> {
        for _ in 0..ATTEMPTS {
            let plaintext = self.config.keys.open(key, &stored.value)?;
            if self.config.keys.is_of_first(key, &stored.value) {
                return Ok(false);
            }
            let sealed = self.config.keys.seal(key, plaintext, self.random::<IV_LENGTH>()?)?;
            if self.write(key, Ok(sealed), Some(&stored.version), None).await?.is_some() {
                return Ok(true);
            }
            match self.read(key).await? {
                Some(changed) => stored = changed,
                None => return Ok(false),
            }
        }
        Err(Code::StoreUnavailable.into())
    }
}
