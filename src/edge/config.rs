//! The worker's configuration, judged whole: one start, every problem. Needs no clock, no chance and no network,
//! because workerd allows none of them while a worker starts.

use super::fields::{Fields, is_key_part, is_line};
use super::problem::FieldProblem;
use super::profile::ClientKind;
use super::seal::{KeyRing, SealingKey};
use super::webhook::Webhook;
use crate::callback::DEFAULT_MAX_AGE;
use crate::endpoint::AccountTemplate;
use crate::error::Code;
use crate::form::{FormKind, validate};
use crate::redirect::RedirectUri;
use crate::secret::Secret;
use crate::text::concat;
use crate::wipe::Wiped;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;
use url::{Host, Url};
use zeroize::Zeroize;

/// Seconds asked for as `expires_in`. Zendesk's bounds are 300 and 172800, and its documents differ on whether they are
/// inside.
const ACCESS_TOKEN_LIFETIME: std::ops::RangeInclusive<u32> = 301..=172_799;
const DEFAULT_ACCESS_TOKEN_LIFETIME: u32 = 1800;
/// More than clocks differ, so that a token is refreshed before it expires by anybody's.
const DEFAULT_REFRESH_BEFORE: u32 = 300;

/// A judged configuration.
pub struct Config {
    /// The worker's own origin, as browsers say it in `Origin`.
    pub origin: String,
    /// The path the worker is mounted under, without a slash at the end; empty at the root.
    pub mount: String,
    /// The worker's own callback.
    pub callback: RedirectUri,
    /// SHA-256 of the admin key; the key itself is not kept. `None` where the embedding product says itself who asks.
    pub admin_key_digest: Option<[u8; 32]>,
    /// What seals and opens.
    pub keys: KeyRing,
    /// How an account's origin is built.
    pub template: AccountTemplate,
    /// The redirect_uris that frontends may use for the hand-off.
    pub redirect_uris: Vec<RedirectUri>,
    /// What a redirect may end on.
    pub return_to: Vec<Url>,
    /// Origins of frontends on other origins than the worker's.
    pub allowed_origins: Vec<String>,
    /// Seconds.
    pub access_token_lifetime: u32,
    /// How long before a token expires it is refreshed, in seconds.
    pub refresh_before: u32,
    /// Seconds.
    pub transaction_max_age: u32,
    /// The product's name on pages.
    pub product: String,
    /// The operator's own OAuth client, for OAuth - System.
    pub system_client: Option<SystemClient>,
    /// Who is told of events.
    pub webhooks: Vec<Webhook>,
}

/// An OAuth client of the operator's, good for every account.
pub struct SystemClient {
    /// The client's unique identifier.
    pub id: String,
    /// The client's kind.
    pub kind: ClientKind,
    /// The secret of a confidential client.
    pub secret: Option<Secret>,
    /// What is asked for.
    pub scope: String,
}

impl core::fmt::Debug for Config {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Config").field("callback", &self.callback).field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl Config {
    /// Judges a configuration given as JSON.
    ///
    /// # Errors
    /// Every problem there is.
    pub fn parse(options: &str) -> Result<Self, Vec<FieldProblem>> {
        let Ok(Value::Object(options)) = serde_json::from_slice(options.as_bytes()) else {
            return Err(Vec::from([FieldProblem::saying(
                "",
                Code::ConfigurationInvalid,
                "the configuration must be an object",
            )]));
        };
        let mut fields = Fields::new(options, String::new());
        let public_url = public_url(&mut fields);
        let is_hooked = fields.flag("authenticate");
        let admin_key_digest = admin_key_digest(&mut fields, is_hooked);
        let keys = sealing_keys(&mut fields);
        let template = match fields.text("accountTemplate") {
            None => AccountTemplate::zendesk(),
            Some(template) => AccountTemplate::parse(&template).unwrap_or_else(|error| {
                fields.refuse("accountTemplate", error.code);
                AccountTemplate::zendesk()
            }),
        };
        let redirect_uris = fields.list("redirectUris", |item| {
            let parsed = RedirectUri::parse(item.as_str().unwrap_or_default());
            parsed.map_err(|error| Vec::from([FieldProblem::new("", error.code)]))
        });
        let return_to = fields.list("returnTo", |item| web_address(item.as_str().unwrap_or_default()));
        let allowed_origins = fields.list("allowedOrigins", |item| origin(item.as_str().unwrap_or_default()));
        let access_token_lifetime = fields.integer("accessTokenLifetime", ACCESS_TOKEN_LIFETIME);
        let refresh_before = fields.integer("refreshBefore", 30..=3600);
        let transaction_max_age = fields.integer("transactionMaxAge", 60..=3600);
        let product = fields.text("product").unwrap_or_else(|| "this application".into());
        if product.trim().is_empty() || !is_line(&product, 80) {
            fields.problem("product", Code::FieldInvalid, "this must have 1 to 80 characters, all on one line");
        }
        let system_client = system_client(&mut fields, &template);
        let webhooks = webhooks(&mut fields);
        let problems = fields.into_problems();
        match (public_url, keys) {
            (Some((origin, mount, callback)), Some(keys)) if problems.is_empty() => Ok(Self {
                origin,
                mount,
                callback,
                admin_key_digest,
                keys,
                template,
                redirect_uris,
                return_to,
                allowed_origins,
                access_token_lifetime: access_token_lifetime.unwrap_or(DEFAULT_ACCESS_TOKEN_LIFETIME),
                refresh_before: refresh_before.unwrap_or(DEFAULT_REFRESH_BEFORE),
                transaction_max_age: transaction_max_age.unwrap_or(DEFAULT_MAX_AGE as u32),
                product,
                system_client,
                webhooks,
            }),
            _ => Err(problems),
        }
    }

    /// Where the worker is, without a slash at the end.
    pub fn base(&self) -> String {
        concat(&[self.origin.as_str(), self.mount.as_str()])
    }
}

/// The outbox knows a receiver by its address.
fn webhooks(fields: &mut Fields) -> Vec<Webhook> {
    let mut known = Vec::new();
    fields.list("webhooks", |item| {
        let webhook = Webhook::read(item)?;
        if known.contains(&webhook.url) {
            let message = "another webhook has this `url`: name all secrets and events there";
            return Err(Vec::from([FieldProblem::saying(".url", Code::FieldInvalid, message)]));
        }
        known.push(webhook.url.clone());
        Ok(webhook)
    })
}

/// The origin, the mount path, and the callback below both.
fn public_url(fields: &mut Fields) -> Option<(String, String, RedirectUri)> {
    let text = fields.required("publicUrl");
    if text.is_empty() {
        return None;
    }
    let url = match web_address(&text) {
        Ok(url) => url,
        Err(problems) => {
            for problem in problems {
                fields.problem("publicUrl", problem.code, problem.message);
            }
            return None;
        }
    };
    let whole = url.as_str().trim_end_matches('/');
    match RedirectUri::parse(&format!("{whole}/oauth/callback")) {
        Ok(callback) => Some((url.origin().ascii_serialization(), url.path().trim_end_matches('/').into(), callback)),
        Err(error) => {
            fields.refuse("publicUrl", error.code);
            None
        }
    }
}

fn admin_key_digest(fields: &mut Fields, is_hooked: bool) -> Option<[u8; 32]> {
    if is_hooked {
        if fields.take("adminKey").is_some() {
            let message = "this is of no use beside `authenticate`, which says itself who is a backend: leave one out";
            fields.problem("adminKey", Code::FieldInvalid, message);
        }
        return None;
    }
    let key = Wiped::new(fields.required("adminKey"));
    if key.is_empty() {
        return None;
    }
    if key.len() < 32 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "this must have at least 32 characters, all of them visible ASCII without spaces";
        fields.problem("adminKey", Code::FieldInvalid, message);
        return None;
    }
    Some(Sha256::digest(key.as_bytes()).into())
}

/// Judged as the client of a profile is.
fn system_client(fields: &mut Fields, template: &AccountTemplate) -> Option<SystemClient> {
    if !fields.has("systemClient") {
        return None;
    }
    let known = fields.problems.len();
    let mut client = fields.object("systemClient");
    if fields.problems.len() > known {
        return None;
    }
    let mut given = Vec::from([("name", Wiped::new(String::from("-"))), ("subdomain", Wiped::new("a".into()))]);
    for name in ["clientId", "clientKind", "clientSecret", "scope"] {
        given.push((name, Wiped::new(client.text(name).unwrap_or_default())));
    }
    let given: Vec<(&str, &str)> = given.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let mut judged = validate(FormKind::OauthCustom, &given, template);
    for problem in &judged.problems {
        // What has the wrong type was named already.
        if !client.has_problem(&problem.field) {
            client.refuse(&problem.field, problem.code);
        }
    }
    fields.problems.append(&mut client.into_problems());
    let is_public = judged.value("clientKind") == "public";
    let (id, scope) = (judged.value("clientId").into(), judged.value("scope").into());
    let secret = judged.values.iter_mut().find(|(name, _)| *name == "clientSecret");
    let secret = secret.map(|(_, text)| Secret::new(std::mem::take(text)));
    let kind = if is_public { ClientKind::Public } else { ClientKind::Confidential };
    Some(SystemClient { id, kind, secret: secret.filter(|_| !is_public), scope })
}

fn sealing_keys(fields: &mut Fields) -> Option<KeyRing> {
    let known = fields.problems.len();
    let mut kids: Vec<String> = Vec::new();
    let keys = fields.list("sealingKeys", |item| sealing_key(item, &mut kids));
    if keys.is_empty() && fields.problems.len() == known {
        fields.problem("sealingKeys", Code::FieldRequired, "at least one key is required: `{ kid, key }`");
    }
    KeyRing::new(keys)
}

fn sealing_key(item: Value, kids: &mut Vec<String>) -> Result<SealingKey, Vec<FieldProblem>> {
    let Value::Object(item) = item else {
        return refuse("this must be `{ kid, key }`");
    };
    let mut item = Fields::new(item, ".".into());
    let kid = item.required("kid");
    if !kid.is_empty() && !is_key_part(&kid) {
        item.problem("kid", Code::FieldInvalid, "this must have 1 to 64 of the characters A-Z, a-z, 0-9, `-` and `_`");
    } else if kids.contains(&kid) {
        item.problem("kid", Code::FieldInvalid, "two keys have the same `kid`");
    }
    kids.push(kid.clone());
    let text = Wiped::new(item.required("key"));
    let mut bytes = [0; 32];
    let is_whole = Base64UrlUnpadded::decode(text.as_bytes(), &mut bytes).is_ok_and(|bytes| bytes.len() == 32);
    if !text.is_empty() && !is_whole {
        item.problem("key", Code::FieldInvalid, "this must be 32 bytes as base64url without padding (43 characters)");
    }
    let key = SealingKey::new(kid, &bytes);
    bytes.zeroize();
    match item.into_problems() {
        problems if problems.is_empty() => Ok(key),
        problems => Err(problems),
    }
}

fn refuse<T>(message: &str) -> Result<T, Vec<FieldProblem>> {
    Err(Vec::from([FieldProblem::saying("", Code::FieldInvalid, message)]))
}

/// An https URL without user, query and fragment; plain http for loopback only.
pub fn web_address(text: &str) -> Result<Url, Vec<FieldProblem>> {
    let Ok(url) = Url::parse(text) else {
        return refuse("this must be a whole URL such as `https://app.example/path`");
    };
    let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !is_secure {
        return refuse("this must begin with `https://`: plain http is for loopback addresses only");
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return refuse("this must have no user name, query or fragment");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn origin(text: &str) -> Result<String, Vec<FieldProblem>> {
    if text == "*" {
        return refuse("name each origin: sessions must not be usable from every site");
    }
    let origin = web_address(text)?.origin().ascii_serialization();
    if origin != text {
        return refuse("this must be an origin such as `https://app.example`, without a path or a slash at the end");
    }
    Ok(origin)
}
