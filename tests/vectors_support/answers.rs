//! Zendesk's answers: tokens, users, the current token.

use crate::file::{Run, outcome, same, text};
use base64ct::{Base64, Encoding};
use serde_json::Value;
use zendesk_auth::identity::{User, judge_current_token, judge_user};
use zendesk_auth::secret::Secret;
use zendesk_auth::token::judge;

pub fn token_responses() -> Run {
    Run::of("token-responses.json").each(|vector, produced| {
        let (status, retry_after, body) = answer(vector);
        let Ok(grant) = outcome(vector, judge(status, retry_after, &body), produced)? else { return Ok(()) };
        let expected = &vector["grant"];
        same("access token", Some(grant.access_token.expose()), expected["accessToken"].as_str())?;
        let refresh_token = grant.refresh_token.as_ref().map(Secret::expose);
        given(expected, "refreshToken", refresh_token.map(Into::into))?;
        given(expected, "scopes", grant.scopes.map(|scopes| scopes.joined().into()))?;
        given(expected, "expiresIn", grant.expires_in.map(Into::into))?;
        given(expected, "refreshTokenExpiresIn", grant.refresh_token_expires_in.map(Into::into))
    })
}

pub fn users_me() -> Run {
    Run::of("users-me.json").each(|vector, produced| {
        let (status, retry_after, body) = answer(vector);
        let Ok(got) = outcome(vector, judge_user(status, retry_after, &body), produced)? else { return Ok(()) };
        user(&vector["user"], got)
    })
}

/// Compares a user with the members that the vector gives.
pub fn user(expected: &Value, got: User) -> Result<(), String> {
    given(expected, "id", Some(got.id.to_string().into()))?;
    given(expected, "name", Some(got.name.into()))?;
    given(expected, "email", got.email.map(Into::into))?;
    given(expected, "role", got.role.map(Into::into))
}

pub fn current_token() -> Run {
    Run::of("current-token.json").each(|vector, produced| {
        let (status, retry_after, body) = answer(vector);
        let judged = judge_current_token(status, retry_after, &body);
        let Ok(token) = outcome(vector, judged, produced)? else { return Ok(()) };
        let expected = &vector["token"];
        given(expected, "id", token.id.map(|id| id.to_string().into()))?;
        given(expected, "scopes", token.scopes.map(|scopes| scopes.joined().into()))?;
        given(expected, "createdAt", token.created_at.map(Into::into))?;
        given(expected, "expiresAt", token.expires_at.map(Into::into))?;
        given(expected, "refreshTokenExpiresAt", token.refresh_token_expires_at.map(Into::into))
    })
}

/// Compares a member where the vector gives it; null stands for absent.
fn given(expected: &Value, member: &str, got: Option<Value>) -> Result<(), String> {
    match expected.get(member) {
        Some(value) => same(member, got.unwrap_or(Value::Null), value.clone()),
        None => Ok(()),
    }
}

pub fn answer(vector: &Value) -> (u16, Option<&str>, Vec<u8>) {
    let status = vector["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
    let mut body = match vector["bodyBase64"].as_str() {
        Some(encoded) => Base64::decode_vec(encoded).expect("Base64"),
        None => text(vector, "body").as_bytes().to_vec(),
    };
    if let Some(size) = vector["padTo"].as_u64() {
        body.resize(size as usize, b' ');
    }
    (status, vector["retryAfter"].as_str(), body)
}
