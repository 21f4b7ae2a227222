//! What people type or paste, and what administrators configure.

use crate::file::{Run, bytes, outcome, same, text};
use serde_json::{Value, json};
use zendesk_auth::endpoint::{AUTHORIZATION_PATH, AccountTemplate, TOKEN_PATH, resolve};
use zendesk_auth::pkce::CodeVerifier;
use zendesk_auth::redirect::RedirectUri;
use zendesk_auth::scope::Scopes;
use zendesk_auth::subdomain::Subdomain;
use zendesk_auth::{Code, Error};

pub fn subdomains() -> Run {
    Run::of("subdomains.json").each(|vector, produced| {
        let parsed = Subdomain::parse(text(vector, "input"));
        match outcome(vector, parsed, produced)? {
            Ok(subdomain) => same("subdomain", subdomain.as_str(), text(vector, "ok")),
            Err(_) => Ok(()),
        }
    })
}

pub fn redirect_uris() -> Run {
    Run::of("redirect_uris.json").each(|vector, produced| {
        let input = text(vector, "input");
        match outcome(vector, RedirectUri::parse(input), produced)? {
            Ok(uri) => same("redirect_uri", uri.as_str(), input),
            Err(_) => Ok(()),
        }
    })
}

pub fn scopes() -> Run {
    Run::of("scopes.json").each(|vector, produced| {
        let Ok(scopes) = outcome(vector, Scopes::parse(text(vector, "input")), produced)? else { return Ok(()) };
        same("scope", scopes.joined().as_str(), text(vector, "scope"))?;
        same("scopes", json!(scopes.iter().collect::<Vec<_>>()), vector["scopes"].clone())?;
        let warnings: Vec<Value> = scopes
            .warnings()
            .into_iter()
            .map(|warning| {
                produced.insert(warning.code.as_str());
                let mut told = json!({ "scope": warning.scope, "code": warning.code.as_str() });
                if !warning.by.is_empty() {
                    told["by"] = warning.by.into();
                }
                told
            })
            .collect();
        same("warnings", Value::Array(warnings), vector["warnings"].clone())
    })
}

pub fn pkce() -> Run {
    Run::of("pkce.json").each(|vector, produced| {
        let Ok(verifier) = outcome(vector, CodeVerifier::parse(text(vector, "codeVerifier")), produced)? else {
            return Ok(());
        };
        same("code_challenge", verifier.challenge().as_str(), text(vector, "codeChallenge"))?;
        match vector["random"].as_str() {
            Some(random) => {
                same("code_verifier", CodeVerifier::from_random(&bytes(random)).expose(), verifier.expose())
            }
            None => Ok(()),
        }
    })
}

pub fn endpoints() -> Run {
    Run::of("endpoints.json").each(|vector, produced| {
        let resolved = endpoint(vector);
        // `origin` in place of `url`: refused, or resolved within that origin.
        if let (Some(origin), Ok(url)) = (vector["origin"].as_str(), &resolved) {
            let parsed = url::Url::parse(url).map_err(|error| format!("{url} is no URL: {error}"))?;
            return same("origin", parsed.origin().ascii_serialization().as_str(), origin);
        }
        if vector["origin"].is_string() {
            return Ok(());
        }
        match outcome(vector, resolved, produced)? {
            Ok(url) => same("url", url.as_str(), text(vector, "url")),
            Err(_) => Ok(()),
        }
    })
}

fn endpoint(vector: &Value) -> Result<String, Error> {
    let subdomain = Subdomain::parse(text(vector, "subdomain"))?;
    let template = match vector["template"].as_str() {
        Some(template) => AccountTemplate::parse(template)?,
        None => AccountTemplate::zendesk(),
    };
    let path = match vector["endpoint"].as_str() {
        Some("authorization") => AUTHORIZATION_PATH,
        Some("token") => TOKEN_PATH,
        // A vector about the template alone has failed by now.
        _ => return Ok(template.origin(&subdomain)),
    };
    let resolved = resolve(vector["custom"].as_str(), path, &template, &subdomain)?;
    match resolved.strip_prefix(&template.origin(&subdomain)) {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => Ok(resolved),
        _ => Err(Error::on(Code::EndpointOtherHost, "resolved outside of the account's origin")),
    }
}
