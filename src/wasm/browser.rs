//! The browser artifact: one export, which takes a record and answers with one (see `record`). Texts travel through the
//! host's `read` and `write`, so that the call's memory is wiped before JavaScript goes on.

use super::record::{Reader, Room};
use super::runtime::{in_wiped_memory, read, write};
use crate::authorize::Request;
use crate::callback::Question;
use crate::endpoint::{AUTHORIZATION_PATH, TOKEN_PATH, Template};
use crate::error::{Code, Judged};
use crate::form::{self, FormKind};
use crate::out::Out;
use crate::{pkce, redirect, scope, subdomain, text};
use wasm_bindgen::prelude::*;

/// Does one operation on `size` bytes of input and returns 0, or the error's place in `Code::ALL`, counted from 1. Times are
/// in milliseconds since 1970, `max_age` in seconds.
///
/// | operation | input, after random bytes | answer |
/// |---|---|---|
/// | 0 | `subdomain` | `subdomain` |
/// | 1 | `subdomain, accountTemplate, authorizationUrl, tokenUrl` | `origin, authorizationUrl, tokenUrl` |
/// | 2 | 32 random bytes | `codeVerifier, codeChallenge` |
/// | 3 | 32 random bytes | `state` |
/// | 4 | `scope` | `scope`, then `scope, code, by` for each warning |
/// | 5 | 64 random bytes, `subdomain, accountTemplate, redirectUri, scope, authorizationUrl, clientId` | `authorizationUrl, state, codeVerifier, subdomain` |
/// | 6 | `url, state, codeVerifier, subdomain, tenant, redirectUri, =tenant, =subdomain` (both expected, or empty) | `code`; `error, errorDescription` where Zendesk refused |
/// | 7 | `kind, accountTemplate`, then `field, value` for each | see `Notes` of [`Room`] |
#[wasm_bindgen]
pub fn call(operation: u32, size: usize, now: f64, created_at: f64, max_age: f64) -> u32 {
    // No answer is longer than eight times its input and some constants: a placeholder of 11 bytes becomes 63 at most.
    let room = size * 8 + 2048;
    in_wiped_memory(size + 2 * room, |memory| {
        let (input, rest) = memory.split_at_mut_checked(size).unwrap_or_default();
        let (answer, scratch) = rest.split_at_mut_checked(room).unwrap_or_default();
        read(input);
        let mut answer = Room::new(answer);
        let times = [now, created_at, max_age].map(whole);
        let status = match answer.operate(operation, input, times, scratch) {
            Ok(()) => 0,
            Err(code) => {
                if !matches!(code, Code::AccessDenied | Code::AuthorizationRefused) {
                    answer.rewind(0);
                }
                code as u32 + 1
            }
        };
        write(answer.since(0));
        status
    })
}

/// A number that cannot be a time or an age is 0, so that nothing lives longer for it.
fn whole(number: f64) -> u64 {
    if number < 1e15 { number as u64 } else { 0 }
}

impl Room<'_> {
    #[inline(never)]
    fn operate(&mut self, operation: u32, input: &[u8], times: [u64; 3], scratch: &mut [u8]) -> Judged<()> {
        let (tokens, scratch) = scratch.split_at_mut_checked(128).unwrap_or_default();
        let (mut tokens, mut scratch) = (Room::new(tokens), Room::new(scratch));
        let mut fields = Reader::new(input);
        match operation {
            0 => {
                self.put_lower(subdomain::label(fields.text())?);
            }
            1 => {
                let label = subdomain::label(fields.text())?;
                let template = Template::parse(fields.text())?;
                template.put_origin(label, self);
                self.end();
                template.put_endpoint(fields.text(), AUTHORIZATION_PATH.as_bytes(), label, self)?;
                self.end();
                template.put_endpoint(fields.text(), TOKEN_PATH.as_bytes(), label, self)?;
            }
            2 => {
                pkce::put_base64url(input, &mut tokens);
                self.field(tokens.since(0));
                pkce::put_challenge(tokens.since(0), self, &mut scratch);
            }
            3 => pkce::put_base64url(input, self),
            4 => {
                scope::put_joined(fields.text(), &mut scratch)?;
                let list = scratch.since(0);
                self.field(list);
                for scope in text::words(list) {
                    if let Some((code, by)) = scope::warning(scope, list) {
                        self.field(scope);
                        self.code(code);
                        self.field(by);
                    }
                }
            }
            5 => self.begin(input, tokens, scratch)?,
            6 => self.check(fields, times, &mut scratch)?,
            _ => {
                let kind = FormKind::read(fields.text())?;
                let template = Template::parse(fields.text())?;
                form::judge(kind, fields, template, &mut scratch, self);
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn begin(&mut self, input: &[u8], mut tokens: Room<'_>, mut scratch: Room<'_>) -> Judged<()> {
        let (entropy, record) = text::cut(input, 64);
        let (for_state, for_verifier) = text::cut(entropy, 32);
        pkce::put_base64url(for_state, &mut tokens);
        let verifier = tokens.len();
        pkce::put_base64url(for_verifier, &mut tokens);
        let (state, code_verifier) = text::cut(tokens.since(0), verifier);

        let mut fields = Reader::new(record);
        let label = subdomain::label(fields.text())?;
        let template = Template::parse(fields.text())?;
        let redirect_uri = fields.text();
        redirect::judge(redirect_uri)?;
        pkce::put_challenge(code_verifier, &mut scratch, self);
        let challenge = scratch.len();
        scope::put_joined(fields.text(), &mut scratch)?;
        let (code_challenge, scope) = text::cut(scratch.since(0), challenge);
        let request = Request {
            template,
            label,
            redirect_uri,
            scope,
            state,
            code_challenge,
            authorization_url: fields.text(),
            client_id: fields.text(),
        };
        request.put_url(self)?;
        self.end();
        self.field(state);
        self.field(code_verifier);
        self.put_lower(label);
        Ok(())
    }

    #[inline(never)]
    fn check(&mut self, mut fields: Reader<'_>, times: [u64; 3], scratch: &mut Room<'_>) -> Judged<()> {
        let [now, created_at, max_age] = times;
        let url = fields.text();
        let state = fields.text();
        let code_verifier = fields.text();
        let stored_subdomain = subdomain::label(fields.text());
        let tenant = fields.text();
        let redirect_uri = fields.text();
        let (Ok(subdomain), Ok(())) = (stored_subdomain, redirect::judge(redirect_uri)) else {
            return Err(Code::TransactionInvalid);
        };
        if state.len() != 43 || !pkce::is_verifier(code_verifier) {
            return Err(Code::TransactionInvalid);
        }
        // An expected value that is given, though empty, is no missing one.
        let expected_tenant = fields.text().strip_prefix(b"=");
        let expected_subdomain = match fields.text().strip_prefix(b"=") {
            Some(given) => Some(subdomain::label(given)?),
            None => None,
        };
        let question = Question {
            url,
            state,
            redirect_uri,
            subdomain,
            tenant,
            created_at,
            expected_subdomain,
            expected_tenant,
            max_age,
            now,
        };
        question.judge(self, scratch)
    }
}
