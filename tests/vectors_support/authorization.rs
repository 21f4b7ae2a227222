//! The start of an authorization.

use crate::file::{Run, bytes, outcome, same, text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use zendesk_auth::Error;
use zendesk_auth::authorize::{AuthorizationOptions, begin};
use zendesk_auth::endpoint::AccountTemplate;
use zendesk_auth::redirect::RedirectUri;
use zendesk_auth::scope::Scopes;
use zendesk_auth::subdomain::Subdomain;
use zendesk_auth::transaction::Transaction;

const NOW: u64 = 1_795_000_000_000;

pub fn authorizations() -> Run {
    Run::of("authorizations.json").each(|vector, produced| {
        let Ok((url, transaction)) = outcome(vector, start(vector), produced)? else { return Ok(()) };
        let parsed = url::Url::parse(&url).map_err(|error| format!("{url} is no URL: {error}"))?;
        same("endpoint", url.split('?').next(), vector["endpoint"].as_str())?;
        same("fragment", parsed.fragment(), None)?;

        let mut names = BTreeSet::new();
        let mut query = Map::new();
        for (name, value) in parsed.query_pairs() {
            if !names.insert(name.to_string()) {
                return Err(format!("{name} comes twice"));
            }
            query.insert(name.into(), value.into());
        }
        same("query", &Value::Object(query), &vector["query"])?;

        same("state", transaction.state.expose(), text(&vector["query"], "state"))?;
        same("code_verifier", transaction.code_verifier.expose(), text(vector, "codeVerifier"))?;
        same("redirect_uri", transaction.redirect_uri.as_str(), text(&vector["options"], "redirectUri"))?;
        same("subdomain", transaction.subdomain.as_str(), "acme")?;
        same("tenant and profile", (transaction.tenant.as_str(), transaction.profile.as_str()), ("shop-7", "p1"))?;
        same("created_at", transaction.created_at, NOW)
    })
}

fn start(vector: &Value) -> Result<(String, Transaction), Error> {
    let options = &vector["options"];
    let entropy: [u8; 64] = bytes(text(vector, "random"));
    let (state, verifier) = entropy.split_at(32);
    begin(
        &AuthorizationOptions {
            subdomain: &Subdomain::parse(text(options, "subdomain"))?,
            template: &AccountTemplate::parse(options["accountTemplate"].as_str().unwrap_or_default())?,
            authorization_url: options["authorizationUrl"].as_str(),
            client_id: text(options, "clientId"),
            redirect_uri: &RedirectUri::parse(text(options, "redirectUri"))?,
            scopes: &Scopes::parse(text(options, "scope"))?,
            tenant: "shop-7",
            profile: "p1",
        },
        &[state.try_into().expect("32 bytes"), verifier.try_into().expect("32 bytes")],
        NOW,
    )
}
