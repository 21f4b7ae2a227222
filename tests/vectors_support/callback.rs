//! Callbacks against a stored transaction.

use crate::file::{Run, outcome, same, text};
use serde_json::Value;
use zendesk_auth::Error;
use zendesk_auth::callback::{Callback, DEFAULT_MAX_AGE, Expectation, check};
use zendesk_auth::transaction::{StoredTransaction, Transaction};

pub fn callbacks() -> Run {
    let run = Run::of("callbacks.json");
    let (now, usual) = (run.header()["now"].as_u64().expect("now"), run.header()["transaction"].clone());
    run.each(move |vector, produced| {
        let mut stored = usual.clone();
        if let Some(differing) = vector["transaction"].as_object() {
            stored.as_object_mut().expect("a transaction").extend(differing.clone());
        }
        let judged = judge(vector, &stored, now);
        let shown = format!("{judged:?} {}", judged.as_ref().err().map(Error::to_string).unwrap_or_default());
        for secret in [text(&stored, "state"), text(&stored, "codeVerifier")].iter().filter(|secret| secret.len() > 8) {
            same("a secret in what is formatted", shown.contains(*secret), false)?;
        }
        let Ok(callback) = outcome(vector, judged, produced)? else { return Ok(()) };
        same("the code in what is formatted", shown.contains(&format!("\"{}\"", callback.expose_code())), false)?;
        same("code", callback.expose_code(), text(&vector["ok"], "code"))?;
        same("code_verifier", callback.code_verifier().expose(), text(&stored, "codeVerifier"))?;
        same("subdomain", callback.subdomain().as_str(), text(&stored, "subdomain"))?;
        same("redirect_uri", callback.redirect_uri().as_str(), text(&stored, "redirectUri"))?;
        same("tenant", callback.tenant(), text(&stored, "tenant"))?;
        same("profile", callback.profile(), text(&stored, "profile"))?;
        hand_off(&callback).map_err(|error| format!("cannot be handed off: {}", error.code.as_str()))?;
        #[cfg(feature = "edge")]
        request(callback, vector, &stored)?;
        Ok(())
    })
}

fn judge(vector: &Value, stored: &Value, now: u64) -> Result<Callback, Error> {
    let mut url = text(vector, "url").to_owned();
    if let Some(append) = vector.get("append") {
        url.push_str(&text(append, "text").repeat(append["times"].as_u64().expect("times") as usize));
    }
    let transaction = Transaction::restore(&StoredTransaction {
        state: text(stored, "state"),
        code_verifier: text(stored, "codeVerifier"),
        subdomain: text(stored, "subdomain"),
        tenant: text(stored, "tenant"),
        profile: text(stored, "profile"),
        redirect_uri: text(stored, "redirectUri"),
        created_at: stored["createdAt"].as_u64().expect("createdAt"),
    })?;
    let expect = Expectation {
        tenant: vector["expect"]["tenant"].as_str(),
        subdomain: vector["expect"]["subdomain"].as_str(),
        max_age: vector["expect"]["maxAge"].as_u64().unwrap_or(DEFAULT_MAX_AGE),
    };
    check(&url, transaction, &expect, now)
}

/// What a browser has checked, the worker must be able to take over.
fn hand_off(callback: &Callback) -> Result<Callback, Error> {
    Callback::handed_off(
        callback.expose_code(),
        callback.code_verifier().expose(),
        callback.subdomain().as_str(),
        callback.redirect_uri().as_str(),
        callback.tenant(),
        callback.profile(),
    )
}

/// The token request that the callback makes possible: all of it, and to the account of the transaction only.
#[cfg(feature = "edge")]
fn request(callback: Callback, vector: &Value, stored: &Value) -> Result<(), String> {
    use zendesk_auth::endpoint::AccountTemplate;
    use zendesk_auth::secret::Secret;
    use zendesk_auth::token::{Client, ExchangeOptions, exchange_request};

    let secret = Secret::new("d1e2f3");
    let options = ExchangeOptions {
        client: Client { id: "my_app", secret: Some(&secret) },
        token_url: None,
        template: &AccountTemplate::zendesk(),
        expires_in: 1800,
        scopes: None,
    };
    let request = exchange_request(callback, &options).map_err(|error| error.code.as_str().to_owned())?;
    same("url", request.url.as_str(), "https://acme.zendesk.com/oauth/tokens")?;
    let body: Value = serde_json::from_str(request.body.expose()).map_err(|error| error.to_string())?;
    let expected = serde_json::json!({
        "grant_type": "authorization_code",
        "code": vector["ok"]["code"],
        "redirect_uri": stored["redirectUri"],
        "code_verifier": stored["codeVerifier"],
        "client_id": "my_app",
        "client_secret": "d1e2f3",
        "expires_in": 1800,
    });
    same("body", body, expected)
}
