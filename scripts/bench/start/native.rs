//! The start of an authorization by the same crate, compiled for this machine: what `npm run bench` compares with. For each
//! line of milliseconds it works for so long and prints the nanoseconds of one start.

use std::hint::black_box;
use std::io::{BufRead, Write, stdin, stdout};
use std::time::{Duration, Instant};
use zendesk_auth::Result;
use zendesk_auth::authorize::{AuthorizationOptions, begin};
use zendesk_auth::endpoint::AccountTemplate;
use zendesk_auth::redirect::RedirectUri;
use zendesk_auth::scope::Scopes;
use zendesk_auth::subdomain::Subdomain;

fn main() -> std::io::Result<()> {
    for line in stdin().lock().lines() {
        let length = Duration::from_millis(line?.trim().parse().unwrap_or(100));
        let (since, mut count) = (Instant::now(), 0u32);
        while since.elapsed() < length {
            for _ in 0..32 {
                black_box(start().map_err(std::io::Error::other)?);
            }
            count += 32;
        }
        println!("{}", since.elapsed().as_nanos() / u128::from(count.max(1)));
        stdout().flush()?;
    }
    Ok(())
}

/// All of it, from the texts on.
fn start() -> Result<String> {
    let mut entropy = [[0; 32]; 2];
    // Never fails on the systems that this is measured on; the URL would be checked otherwise, and this is no use of it.
    let _filled = getrandom::fill(entropy.as_flattened_mut());
    let options = AuthorizationOptions {
        subdomain: &Subdomain::parse(black_box("acme"))?,
        template: &AccountTemplate::parse(black_box(""))?,
        authorization_url: None,
        client_id: black_box("acme_custom"),
        redirect_uri: &RedirectUri::parse(black_box("https://app.example/oauth/callback"))?,
        scopes: &Scopes::parse(black_box("tickets:read users:read"))?,
        tenant: "default",
        profile: "",
    };
    Ok(begin(&options, &entropy, 1)?.0)
}
