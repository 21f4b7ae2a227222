//! Runs the files of `tests/vectors` against the crate. The npm package runs the same files: `tests/artifact`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "vectors_support/answers.rs"]
#[cfg(feature = "edge")]
mod answers;
#[path = "vectors_support/api.rs"]
#[cfg(feature = "edge")]
mod api;
#[path = "vectors_support/authorization.rs"]
mod authorization;
#[path = "vectors_support/basic.rs"]
#[cfg(feature = "edge")]
mod basic;
#[path = "vectors_support/callback.rs"]
mod callback;
#[path = "vectors_support/file.rs"]
mod file;
#[path = "vectors_support/form.rs"]
mod form;
#[path = "vectors_support/input.rs"]
mod input;
#[path = "vectors_support/lifecycle.rs"]
#[cfg(feature = "edge")]
mod lifecycle;
#[path = "vectors_support/parsers.rs"]
mod parsers;
#[path = "vectors_support/renewal.rs"]
#[cfg(feature = "edge")]
mod renewal;

use file::Run;
use std::collections::BTreeSet;
use zendesk_auth::Code;

macro_rules! suites {
    ($( $(#[$meta:meta])* $name:ident: $run:expr; )*) => {
        $( $(#[$meta])* #[test] fn $name() { $run().finish(); } )*

        /// Every suite once more, for what they produced.
        fn all() -> Vec<Run> {
            vec![ $( $(#[$meta])* { $run() } ),* ]
        }
    };
}

suites! {
    subdomains: input::subdomains;
    redirect_uris: input::redirect_uris;
    scopes: input::scopes;
    pkce: input::pkce;
    endpoints: input::endpoints;
    authorizations: authorization::authorizations;
    callbacks: callback::callbacks;
    forms: form::forms;
    #[cfg(feature = "edge")] token_responses: answers::token_responses;
    #[cfg(feature = "edge")] users_me: answers::users_me;
    #[cfg(feature = "edge")] current_token: answers::current_token;
    #[cfg(feature = "edge")] basic_headers: basic::basic_headers;
    #[cfg(feature = "edge")] basic_users_me: basic::basic_users_me;
    #[cfg(feature = "edge")] retirement: basic::retirement;
    #[cfg(feature = "edge")] integration: lifecycle::integration;
    #[cfg(feature = "edge")] renewal: renewal::steps;
    #[cfg(feature = "edge")] renewal_failures: renewal::failures;
    #[cfg(feature = "edge")] token_requests: renewal::requests;
    #[cfg(feature = "edge")] api_paths: api::paths;
    #[cfg(feature = "edge")] api_headers: api::headers;
    #[cfg(feature = "edge")] accounts: renewal::accounts;
}

#[test]
fn urls_are_read_as_other_parsers_read_them() {
    parsers::agree();
}

#[test]
#[cfg(feature = "edge")]
fn an_integration_has_no_other_states() {
    lifecycle::is_closed();
}

/// The codes of the service begin with `configuration_invalid`; its own tests produce those.
#[test]
fn every_code_of_the_core_comes_out_of_a_vector() {
    let produced: BTreeSet<&str> = all().into_iter().flat_map(|run| run.produced).collect();
    let of_the_core = Code::ALL.iter().map(|code| code.as_str()).take_while(|code| *code != "configuration_invalid");
    let missing: Vec<&str> = of_the_core.filter(|code| !produced.contains(code)).collect();
    assert!(missing.is_empty(), "no vector produces {missing:?}");
}
