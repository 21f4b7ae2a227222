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
/// | 0 | `subdomain` | `subdomain` |
/// | 1 | `subdomain, accountTemplate, authorizationUrl, tokenUrl` | `origin, authorizationUrl, tokenUrl` |
/// | 2 | 32 random bytes | `codeVerifier, codeChallenge` |
/// | 3 | 32 random bytes | `state` |
/// | 4 | `scope` | `scope`, then `scope, code, by` for each warning |
/// | 5 | `subdomain, accountTemplate, authorizationUrl, redirectUri, scope, clientId`, 64 random bytes | `authorizationUrl, state, codeVerifier, subdomain` |
/// | 6 | `subdomain, url, state, codeVerifier, tenant, redirectUri, =tenant, =subdomain` (both expected, or empty) | `code`; `error, errorDescription` where Zendesk refused |
/// | 7 | `kind, accountTemplate`, then `field, value` for each | see `Notes` of [`Room`](super::record::Room) |
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
    let Memory { input, answer, tokens, scratch } = memory;
    let (record, entropy) = text::cut(input, input.len().saturating_sub(64));
    let mut reader = Reader::new(if operation == 5 { record } else { input });
    if operation == 7 {
        let (kind, template) = reader.next().unwrap_or_default();
        let kind = FormKind::read(kind)?;
        form::judge(kind, reader, Template::parse(template)?, scratch, answer);
        return Ok(());
    }
    let mut fields = [b"".as_slice(); 8];
    fields.iter_mut().for_each(|field| *field = reader.text());
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = fields;
    match operation {
        2 => {
            pkce::put_base64url(input, tokens);
            answer.field(tokens.since(0));
            pkce::put_challenge(tokens.since(0), answer, scratch);
            return Ok(());
        }
        3 => {
            pkce::put_base64url(input, answer);
            return Ok(());
        }
        4 => {
            scope::put_joined(first, scratch)?;
            let list = scratch.since(0);
            answer.field(list);
            for scope in text::words(list) {
                if let Some((code, by)) = scope::warning(scope, list) {
                    answer.field(scope);
                    answer.code(code);
                    answer.field(by);
                }
            }
            return Ok(());
        }
        _ => {}
    }
    let label = subdomain::label(first);
    if operation == 6 {
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
    if operation == 0 {
        answer.put_lower(label);
        return Ok(());
    }
    let template = Template::parse(second)?;
    if operation == 1 {
        template.put_origin(label, answer);
        answer.end();
        template.put_endpoint(third, AUTHORIZATION_PATH.as_bytes(), label, answer)?;
        answer.end();
        return template.put_endpoint(fourth, TOKEN_PATH.as_bytes(), label, answer);
    }
    let (for_state, for_verifier) = text::cut(entropy, 32);
    pkce::put_base64url(for_state, tokens);
    let verifier = tokens.len();
    pkce::put_base64url(for_verifier, tokens);
    let (state, code_verifier) = text::cut(tokens.since(0), verifier);
    redirect::judge(fourth)?;
    pkce::put_challenge(code_verifier, scratch, answer);
    let challenge = scratch.len();
    scope::put_joined(fifth, scratch)?;
    let (code_challenge, scope) = text::cut(scratch.since(0), challenge);
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
    answer.end();
    answer.field(state);
    answer.field(code_verifier);
    answer.put_lower(label);
    Ok(())
}
