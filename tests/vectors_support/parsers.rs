//! Parsers that disagree on a host are how a secret ends up elsewhere. Every input of the WHATWG test data, and every
//! one of its variants with a Zendesk host put in, and every text put together at random of what hosts are confused with,
//! is refused by ours or read alike by the `url` crate.

use serde_json::Value;
use url::{Host, Url};
use zendesk_auth::endpoint::{AccountTemplate, TOKEN_PATH, resolve};
use zendesk_auth::redirect::RedirectUri;
use zendesk_auth::subdomain::Subdomain;

/// Hosts of the test data that are exchanged for ours.
const HOSTS: [&str; 8] = ["example.com", "example.org", "example.net", "foo.com", "host", "foo", "test", "h"];

/// What an attacker puts together; `tests/artifact/url-parsers.mjs` has the same.
const PARTS: [&str; 44] = [
    "https://",
    "http://",
    "//",
    "/",
    "\\",
    "@",
    ":",
    ":443",
    ":80",
    ":8443",
    ".",
    "..",
    "-",
    "_",
    "acme",
    "ACME",
    "zendesk",
    ".zendesk.com",
    "zendesk.com",
    "acme.zendesk.com",
    ".com",
    "evil.example",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "0x7f",
    "1",
    "#",
    "?",
    "&",
    ";",
    "%",
    "%2e",
    "%40",
    "{subdomain}",
    "xn--",
    " ",
    "\t",
    "\n",
    "\0",
    "\u{df}",
    "\u{3002}",
    "\u{ff0f}",
    "\u{212a}",
];
const BEGINNINGS: [&str; 5] =
    ["https://", "https://acme", "https://acme.zendesk.com", "https://{subdomain}.zendesk.com", ""];
const ROUNDS: usize = 20_000;

#[derive(Default)]
struct Accepted {
    subdomains: usize,
    endpoints: usize,
    redirect_uris: usize,
    templates: usize,
    differing: Vec<String>,
}

impl Accepted {
    fn check(&mut self, holds: bool, what: &str, input: &str) {
        if !holds {
            self.differing.push(format!("{what}: {input:?}"));
        }
    }
}

pub fn agree() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/urltestdata.json");
    let data: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).expect("the data")).expect("JSON");
    let inputs: Vec<&str> = data.iter().filter_map(|case| case["input"].as_str()).collect();
    assert!(inputs.len() >= 860, "{} inputs", inputs.len());

    let mut accepted = Accepted::default();
    for input in inputs {
        judge(input, &mut accepted);
        for host in HOSTS.into_iter().filter(|host| input.contains(host)) {
            for ours in ["acme.zendesk.com", "{subdomain}.zendesk.com", "acme", "localhost", "127.0.0.1", "app.example"]
            {
                judge(&input.replace(host, ours), &mut accepted);
            }
        }
    }
    for puzzle in puzzles() {
        judge(&puzzle, &mut accepted);
    }
    assert!(accepted.differing.is_empty(), "read in another way elsewhere:\n{}", accepted.differing.join("\n"));
    assert!(accepted.subdomains > 50, "only {} subdomains were accepted", accepted.subdomains);
    assert!(accepted.endpoints > 20, "only {} endpoints were accepted", accepted.endpoints);
    assert!(accepted.redirect_uris > 50, "only {} redirect_uris were accepted", accepted.redirect_uris);
    assert!(accepted.templates > 0, "no template was accepted");
}

/// Texts of 1 to 6 parts after a beginning, the same in every run (xorshift32).
fn puzzles() -> impl Iterator<Item = String> {
    let mut seed: u32 = 0x2545_f491;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize % below
    };
    (0..ROUNDS).map(move |_| {
        let mut text = BEGINNINGS[next(BEGINNINGS.len())].to_owned();
        for _ in 0..=next(6) {
            text.push_str(PARTS[next(PARTS.len())]);
        }
        text
    })
}

fn judge(input: &str, accepted: &mut Accepted) {
    let acme = Subdomain::parse("acme").expect("a subdomain");
    let zendesk = AccountTemplate::zendesk();

    if let Ok(subdomain) = Subdomain::parse(input) {
        accepted.subdomains += 1;
        let label = subdomain.as_str();
        let whole = format!("{label}.zendesk.com");
        let read = Url::parse(&zendesk.origin(&subdomain)).ok();
        accepted.check(read.as_ref().and_then(Url::host_str) == Some(&whole), "origin", input);
        let host = host_of(input).unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(&host);
        // A label alone is no host: `1` becomes 1.zendesk.com, where a parser of hosts would read 0.0.0.1.
        let typed = input.trim().to_ascii_lowercase();
        let typed = typed.strip_suffix(":443").unwrap_or(&typed);
        let is_alone = typed.strip_suffix('.').unwrap_or(typed) == label;
        accepted.check(is_alone || host == label || host == whole, "subdomain", input);
    }
    if let Ok(url) = resolve(Some(input), TOKEN_PATH, &zendesk, &acme) {
        accepted.endpoints += usize::from(!input.is_empty());
        let agrees = Url::parse(&url).is_ok_and(|read| {
            read.origin().ascii_serialization() == "https://acme.zendesk.com" && !has_user_info(&read)
        });
        accepted.check(agrees, "endpoint", input);
    }
    // Whether an `xn--` label decodes is left to the host: what no parser reads leads nowhere.
    // With capitals, idna_adapter 1.0.0 fails an assertion of its own in debug builds.
    let is_undecodable = input.contains("xn--") && Url::parse(&input.to_ascii_lowercase()).is_err();
    if let Ok(uri) = RedirectUri::parse(input)
        && !is_undecodable
    {
        accepted.redirect_uris += 1;
        accepted.check(uri.as_str() == input, "verbatim", input);
        let agrees = Url::parse(&input.to_ascii_lowercase()).is_ok_and(|read| {
            let host = read.host_str().unwrap_or_default();
            let port = read.port().map(|port| format!(":{port}")).unwrap_or_default();
            let is_safe =
                read.scheme() == "https" || (read.scheme() == "http" && matches!(host, "localhost" | "127.0.0.1"));
            is_safe
                && !has_user_info(&read)
                && read.fragment().is_none()
                && written_authority(input) == format!("{host}{port}")
        });
        accepted.check(agrees, "redirect_uri", input);
    }
    if !input.is_empty()
        && let Ok(template) = AccountTemplate::parse(input)
    {
        accepted.templates += 1;
        let origin = template.origin(&acme);
        let agrees = Url::parse(&origin).is_ok_and(|read| {
            read.as_str() == format!("{origin}/")
                && matches!(read.host(), Some(Host::Domain(host)) if host.starts_with("acme."))
        });
        accepted.check(agrees, "template", input);
    }
}

fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The host as the `url` crate reads it; an input without a scheme is read as people mean it.
fn host_of(input: &str) -> Option<String> {
    let trimmed = input.trim();
    let absolute = Url::parse(trimmed).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = absolute.or_else(|| Url::parse(&format!("https://{}", trimmed.trim_start_matches("//"))).ok())?;
    url.host_str().map(str::to_owned)
}

/// The authority as it stands in the text, without a default port.
fn written_authority(input: &str) -> String {
    let (scheme, rest) = input.split_once("://").expect("a scheme");
    let authority = rest.split(['/', '?']).next().expect("an authority").to_ascii_lowercase();
    let default = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    authority.strip_suffix(default).unwrap_or(&authority).to_owned()
}
