//! `zendesk-auth` connects a product to its customers' Zendesk accounts.
//!
//! The core is pure: building a request and judging a response are separate functions, without I/O, clock or random
//! source inside. The `edge` feature adds the service that exchanges, stores and serves credentials; `wasm` is the thin
//! boundary to JavaScript, one for each artifact.
#![cfg_attr(all(target_arch = "wasm32", not(feature = "edge")), no_std)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

extern crate alloc;

#[cfg(feature = "edge")]
pub mod api_path;
pub mod authorize;
#[cfg(feature = "edge")]
pub mod basic;
pub mod callback;
#[cfg(feature = "edge")]
pub mod catalogue;
#[cfg(feature = "edge")]
mod embed;
pub mod endpoint;
pub mod error;
pub mod form;
#[cfg(feature = "edge")]
pub mod form_fields;
#[cfg(feature = "edge")]
pub mod form_schema;
#[cfg(feature = "edge")]
pub mod identity;
#[cfg(feature = "edge")]
pub mod integration;
mod out;
pub mod pkce;
pub mod redirect;
#[cfg(feature = "edge")]
pub mod renewal;
#[cfg(feature = "edge")]
pub mod retirement;
pub mod scope;
pub mod secret;
pub mod subdomain;
mod text;
#[cfg(feature = "edge")]
pub mod token;
pub mod transaction;
pub mod wipe;

#[cfg(feature = "edge")]
pub mod edge;

#[cfg(target_arch = "wasm32")]
mod wasm;

pub use error::{Code, Error, Fault, Result, ServerAnswer};
