//! The browser artifact: one export, which takes a record and answers with one (see `record`). Texts travel through its
//! memory (see `runtime`), which is wiped before JavaScript goes on.

use super::record::Reader;
use super::runtime::{Memory, in_wiped_memory};
use crate::authorize::Request;
use crate::callback::Question;
use crate::endpoint::{AUTHORIZATION_PATH, TOKEN_PATH, Template};
use crate::error::{Code, Judged};
use crate::form::{self, FormKind};
use crate::out::Out;
use crate::{pkce, redirect, scope, subdomain, text};

/// Does one operation on `size` bytes of input and returns the answer's length and, in the lowest byte, 0 or the error's
/// place in `Code::ALL`, counted from 1. Times are in milliseconds since 1970, `max_age` in seconds. The input is the fields,
/// and random bytes behind them:
///
/// | operation | input | answer |
/// |---|---|---|
/// | 0 | `subdomain, accountTemplate, authorizationUrl, tokenUrl` | `origin, authorizationUrl, tokenUrl, subdomain` |
/// | 1 | `scope` | `scope`, then `scope, code, by` for each warning |
/// | 2 | 64 random bytes, or 32 for a state alone | `state, codeVerifier, codeChallenge` |
/// | 3 | `subdomain, accountTemplate, authorizationUrl, redirectUri, scope, clientId`, 64 random bytes | `state, codeVerifier, authorizationUrl, subdomain` |
/// | 4 | `subdomain, url, state, codeVerifier, tenant, redirectUri, =tenant, =subdomain` (both expected, or empty) | `code`; `error, errorDescription` where Zendesk refused |
/// | 5 | `kind, accountTemplate`, then `field, value` for each | see `Notes` of [`Room`](super::record::Room) |
#[unsafe(no_mangle)]
pub extern "C" fn call(operation: u32, size: usize, now: f64, created_at: f64, max_age: f64) -> usize {
    let times = Times { now: whole(now), created_at: whole(created_at), max_age: whole(max_age) };
    let (length, status) = in_wiped_memory(size, |memory| match operate(operation, &times, memory) {
        Ok(()) => 0,
        Err(code) => {
            if !matches!(code, Code::AccessDenied | Code::AuthorizationRefused) {
                memory.answer.rewind(0);
            }
            code as usize + 1
        }
    });
    length << 8 | status
}

struct Times {
    now: u64,
    created_at: u64,
    max_age: u64,
}

/// A number that cannot be a time or an age is 0, so that nothing lives longer for it.
#[inline(never)]
fn whole(number: f64) -> u64 {
    if number < 1e15 { number as u64 } else { 0 }
}

fn operate(operation: u32, times: &Times, memory: &mut Memory<'_>) -> Judged<()> {
    let Memory { input, answer, scratch } = memory;
    let is_start = operation & 2 != 0;
    let entropy_len = if is_start { 64 } else { 0 };
    let (record, entropy) = text::cut(input, input.len().saturating_sub(entropy_len));
    let mut reader = Reader::new(record);
    if operation == 5 {
        let (kind, template) = reader.next().unwrap_or_default();
        let kind = FormKind::read(kind)?;
        form::judge(kind, reader, Template::parse(template).ok_or(Code::AccountTemplateInvalid)?, scratch, answer);
        return Ok(());
    }
    let (first, second, third, fourth) = (reader.text(), reader.text(), reader.text(), reader.text());
    let (fifth, sixth, seventh, eighth) = (reader.text(), reader.text(), reader.text(), reader.text());
    if operation == 1 {
        scope::put_joined(first, scratch)?;
        let list = scratch.since(0);
        answer.field(list);
        for scope in text::words(list) {
            if let Some(code) = scope::warning(scope, list) {
                answer.field(scope);
                answer.code(code);
                // Of an unknown scope, the answer names none.
                answer.field(scope::broader(scope, list).filter(|_| code == Code::ScopeCovered).unwrap_or_default());
            }
        }
        return Ok(());
    }
    let mut state_len = 0;
    if is_start {
        let (for_state, for_verifier) = text::cut(entropy, 32);
        pkce::put_base64url(for_state, scratch);
        state_len = scratch.len();
        answer.field(scratch.since(0));
        pkce::put_base64url(for_verifier, answer);
        pkce::put_challenge(answer.since(state_len + 1), scratch);
        answer.end();
        if operation == 2 {
            answer.put(scratch.since(state_len));
            return Ok(());
        }
    }
    let label = subdomain::label(first);
    if operation == 4 {
        let (Ok(subdomain), Ok(()), 43, true) = (label, redirect::judge(sixth), third.len(), pkce::is_verifier(fourth))
        else {
            return Err(Code::TransactionInvalid);
        };
        // An expected value that is given, though empty, is no missing one.
        let expected_subdomain = match text::after(eighth, b"=") {
            Some(given) => Some(subdomain::label(given)?),
            None => None,
        };
        let question = Question {
            url: second,
            state: third,
            redirect_uri: sixth,
            subdomain,
            tenant: fifth,
            created_at: times.created_at,
            expected_subdomain,
            expected_tenant: text::after(seventh, b"="),
            max_age: times.max_age,
            now: times.now,
        };
        return question.judge(answer, scratch);
    }
    let label = label?;
    let template = Template::parse(second).ok_or(Code::AccountTemplateInvalid)?;
    if is_start {
        redirect::judge(fourth)?;
        let before_scope = scratch.len();
        scope::put_joined(fifth, scratch)?;
        let (tokens, scope) = text::cut(scratch.since(0), before_scope);
        let (state, code_challenge) = text::cut(tokens, state_len);
        let request = Request {
            template,
            label,
            authorization_url: third,
            client_id: sixth,
            redirect_uri: fourth,
            scope,
            state,
            code_challenge,
        };
        request.put_url(answer)?;
    } else {
        template.put_origin(label, answer);
        answer.end();
        template.put_endpoint(third, AUTHORIZATION_PATH.as_bytes(), label, answer)?;
        answer.end();
        template.put_endpoint(fourth, TOKEN_PATH.as_bytes(), label, answer)?;
    }
    answer.end();
    answer.put_lower(label);
    Ok(())
}
