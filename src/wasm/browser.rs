//! The browser artifact: every function takes a record and answers with one (see `record`).

use super::record::{Reader, Writer, finish};
use super::runtime::random;
use crate::authorize::{self, AuthorizationOptions};
use crate::callback::{self, Expectation};
use crate::endpoint::{AUTHORIZATION_PATH, AccountTemplate, TOKEN_PATH, resolve};
use crate::error::Result;
use crate::form::{self, FieldProblem, FormKind};
use crate::pkce::{CodeVerifier, base64url};
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::subdomain::Subdomain;
use crate::transaction::{StoredTransaction, Transaction};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// `input` → `subdomain`
#[wasm_bindgen]
pub fn subdomain(input: &str) -> String {
    finish(Subdomain::parse(input).map(|subdomain| Writer::new().text(subdomain.as_str())))
}

/// `subdomain, accountTemplate, authorizationUrl, tokenUrl` → `origin, authorizationUrl, tokenUrl`
#[wasm_bindgen]
pub fn endpoints(record: &str) -> String {
    let mut fields = Reader::new(record);
    let mut answer = || {
        let subdomain = Subdomain::parse(fields.text())?;
        let template = AccountTemplate::parse(fields.text())?;
        Ok(Writer::new()
            .text(&template.origin(&subdomain))
            .text(&resolve(Some(fields.text()), AUTHORIZATION_PATH, &template, &subdomain)?)
            .text(&resolve(Some(fields.text()), TOKEN_PATH, &template, &subdomain)?))
    };
    finish(answer())
}

/// → `codeVerifier, codeChallenge`
#[wasm_bindgen]
pub fn pkce() -> String {
    let [bytes] = random();
    let verifier = CodeVerifier::from_random(&bytes);
    finish(Ok(Writer::new().text(verifier.expose()).text(&verifier.challenge())))
}

/// → `state`
#[wasm_bindgen]
pub fn state() -> String {
    let [bytes] = random();
    finish(Ok(Writer::new().text(&base64url(&bytes))))
}

/// `scope` → `scope`, then a group of `scope, code, message, by` for each warning
#[wasm_bindgen]
pub fn scope(scope: &str) -> String {
    finish(Scopes::parse(scope).map(|scopes| {
        let writer = Writer::new().text(&scopes.joined()).group();
        scopes
            .warnings()
            .iter()
            .fold(writer, |writer, warning| writer.text(&warning.scope).code(warning.code).text(warning.by))
    }))
}

/// `subdomain, accountTemplate, redirectUri, scope, authorizationUrl, clientId, tenant, profile, now` →
/// `authorizationUrl, state, codeVerifier, subdomain`
#[wasm_bindgen]
pub fn begin(record: &str) -> String {
    finish(begin_fields(&mut Reader::new(record)))
}

fn begin_fields(fields: &mut Reader<'_>) -> Result<Writer> {
    let options = AuthorizationOptions {
        subdomain: &Subdomain::parse(fields.text())?,
        template: &AccountTemplate::parse(fields.text())?,
        redirect_uri: &RedirectUri::parse(fields.text())?,
        scopes: &Scopes::parse(fields.text())?,
        authorization_url: Some(fields.text()),
        client_id: fields.text(),
        tenant: fields.text(),
        profile: fields.text(),
    };
    let (url, transaction) = authorize::begin(&options, &random(), fields.number())?;
    Ok(Writer::new()
        .text(&url)
        .text(transaction.state.expose())
        .text(transaction.code_verifier.expose())
        .text(transaction.subdomain.as_str()))
}

/// `url, state, codeVerifier, subdomain, tenant, profile, redirectUri, createdAt, now, maxAge, tenant?, subdomain?` → `code`
#[wasm_bindgen]
pub fn check(record: &str) -> String {
    finish(check_fields(&mut Reader::new(record)))
}

fn check_fields(fields: &mut Reader<'_>) -> Result<Writer> {
    let url = fields.text();
    let transaction = Transaction::restore(&StoredTransaction {
        state: fields.text(),
        code_verifier: fields.text(),
        subdomain: fields.text(),
        tenant: fields.text(),
        profile: fields.text(),
        redirect_uri: fields.text(),
        created_at: fields.number(),
    })?;
    let now = fields.number();
    let max_age = fields.number();
    // An expected value that is given, though empty, is no missing one.
    let tenant = fields.text().strip_prefix("=");
    let subdomain = fields.text().strip_prefix("=").map(Subdomain::parse).transpose()?;
    let expect = Expectation { tenant, subdomain: subdomain.as_ref().map(Subdomain::as_str), max_age };
    let callback = callback::check(url, transaction, &expect, now)?;
    Ok(Writer::new().text(callback.expose_code()))
}

/// `kind, accountTemplate`, then `field, value` for each → a group of `field, value`, one of `field, code, message` for
/// each problem, one of the same for each warning
#[wasm_bindgen]
pub fn form(record: &str) -> String {
    finish(form_fields(&mut Reader::new(record)))
}

fn form_fields(fields: &mut Reader<'_>) -> Result<Writer> {
    let kind = FormKind::parse(fields.text())?;
    let template = AccountTemplate::parse(fields.text())?;
    let mut given = Vec::new();
    while let Some(name) = fields.next() {
        given.push((name, fields.text()));
    }
    let outcome = form::validate(kind, &given, &template);
    let values =
        outcome.values.iter().fold(Writer::new(), |writer, (name, value)| writer.text(name).text(value)).group();
    Ok(write_problems(write_problems(values, &outcome.problems).group(), &outcome.warnings))
}

fn write_problems(writer: Writer, problems: &[FieldProblem]) -> Writer {
    problems.iter().fold(writer, |writer, problem| writer.text(&problem.field).code(problem.code))
}
