//! The life of a credential, and the requests that prolong it.

use crate::file::{Run, outcome, same, text};
use serde_json::Value;
use zendesk_auth::endpoint::AccountTemplate;
use zendesk_auth::identity::judge_account;
use zendesk_auth::renewal::{Demand, Failed, Lease, Life, State, Step, Trouble, Watch};
use zendesk_auth::scope::Scopes;
use zendesk_auth::secret::Secret;
use zendesk_auth::subdomain::Subdomain;
use zendesk_auth::token::{Client, ExchangeOptions, client_credentials_request, refresh_request};
use zendesk_auth::{Code, ServerAnswer};

const LEASE_ID: u64 = 7;

/// The vectors have seconds; an hour is added so that nothing lies before 1970.
fn moment(value: &Value) -> Option<u64> {
    value.as_u64().map(|seconds| 3_600_000 + seconds * 1000)
}

fn code(text: &str) -> Code {
    *Code::ALL.iter().find(|code| code.as_str() == text).unwrap_or_else(|| panic!("`{text}` is no code"))
}

pub fn steps() -> Run {
    Run::of("renewal.json").each(|vector, produced| {
        let now = moment(&vector["now"]).expect("the present");
        let lease = moment(&vector["lease"]["takenAt"]).map(|taken_at| Lease { id: LEASE_ID, taken_at });
        let state = match (text(vector, "state"), lease) {
            ("active", None) => State::Active,
            ("refreshing", Some(lease)) => State::Refreshing(lease),
            ("reauthorization-required", None) => State::ReauthorizationRequired,
            ("revoked", None) => State::Revoked,
            ("account-not-found", None) => State::AccountNotFound,
            other => panic!("{other:?} is no state"),
        };
        same("state", state.as_str(), text(vector, "state"))?;
        let trouble = vector.get("trouble").map(|trouble| Trouble {
            code: code(text(trouble, "code")),
            failures: trouble["failures"].as_u64().expect("a number") as u32,
            until: moment(&trouble["until"]).expect("a time"),
            pause: trouble["pause"].as_u64().expect("seconds") * 1000,
            is_unclear: trouble["unclear"].as_bool().expect("yes or no"),
        });
        let life = Life {
            state,
            trouble,
            expires_at: moment(&vector["expiresAt"]).expect("a time"),
            refresh_at: moment(&vector["refreshAt"]).expect("a time"),
            is_renewable: vector["renewable"].as_bool().expect("yes or no"),
        };
        let watch = moment(&vector["lease"]["watchedSince"]).map(|since| Watch { id: LEASE_ID, since });
        for (name, demand) in [("good", Demand::Good), ("another", Demand::Another), ("new", Demand::New)] {
            let written = match life.next(demand, now, watch) {
                Step::Use => "use".into(),
                Step::Try => "try".into(),
                Step::Renew => "renew".into(),
                Step::Wait => "wait".into(),
                Step::Refuse(code, after) => {
                    produced.insert(code.as_str());
                    let after = after.map(|milliseconds| format!(" after {}", milliseconds / 1000));
                    format!("{}{}", code.as_str(), after.unwrap_or_default())
                }
            };
            same(name, written.as_str(), text(vector, name))?;
        }
        Ok(())
    })
}

pub fn failures() -> Run {
    Run::of("renewal-failures.json").each(|vector, _| {
        let number = |name: &str| vector[name].as_u64().unwrap_or_else(|| panic!("no {name}"));
        let earlier = number("earlier") as u32;
        let code = code(text(vector, "with"));
        let trouble = Trouble { code, failures: earlier, until: 0, pause: 0, is_unclear: false };
        let life = Life {
            state: State::Active,
            trouble: (earlier > 0).then_some(trouble),
            expires_at: 9_000_000,
            refresh_at: 8_000_000,
            is_renewable: true,
        };
        let retry_after = vector["retryAfter"].as_u64().map(|seconds| seconds as u32);
        let status = vector["status"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or_default();
        let answer = ServerAnswer { status, retry_after, ..ServerAnswer::default() };
        let now = 5_000_000;
        match life.failed(code, Some(&answer), now, number("jitter") as u8) {
            Failed::Refused => same("becomes", vector["becomes"].as_str(), Some("refused")),
            Failed::Paused(trouble) => {
                let expected = &vector["becomes"];
                same("code", trouble.code, code)?;
                same("pause", Some(trouble.pause), expected["pause"].as_u64())?;
                same("until", trouble.until, now + trouble.pause)?;
                same("failures", Some(u64::from(trouble.failures)), expected["failures"].as_u64())?;
                same("unclear", Some(trouble.is_unclear), expected["unclear"].as_bool())
            }
        }
    })
}

pub fn requests() -> Run {
    Run::of("token-requests.json").each(|vector, produced| {
        let secret = vector["clientSecret"].as_str().map(Secret::new);
        let scopes = vector["scope"].as_str().map(|scope| Scopes::parse(scope).expect("scopes"));
        let options = ExchangeOptions {
            client: Client { id: text(vector, "clientId"), secret: secret.as_ref() },
            token_url: vector["tokenUrl"].as_str(),
            template: &AccountTemplate::zendesk(),
            expires_in: vector["expiresIn"].as_u64().expect("seconds") as u32,
            scopes: scopes.as_ref(),
        };
        let account = Subdomain::parse("acme").expect("a subdomain");
        let request = match text(vector, "grant") {
            "refresh_token" => refresh_request(&Secret::new(text(vector, "refreshToken")), &account, &options),
            _ => client_credentials_request(&account, &options),
        };
        let Ok(request) = outcome(vector, request, produced)? else { return Ok(()) };
        same("url", request.url.as_str(), text(vector, "url"))?;
        let body: Value = serde_json::from_str(request.body.expose()).map_err(|error| error.to_string())?;
        same("request", body, vector["request"].clone())
    })
}

pub fn accounts() -> Run {
    Run::of("accounts.json").each(|vector, _| {
        let status = vector["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
        let judged = match judge_account(status, text(vector, "body").as_bytes()) {
            Some(true) => "there",
            Some(false) => "gone",
            None => "unknown",
        };
        same("account", judged, text(vector, "account"))
    })
}
