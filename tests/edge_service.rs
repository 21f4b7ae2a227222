//! The edge service on a platform of the test's own: virtual time, a scripted Zendesk, a store in memory, and every
//! await a chance for another isolate.
#![cfg(feature = "edge")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "edge/answers.rs"]
mod answers;
#[path = "edge/basic.rs"]
mod basic;
#[path = "edge/callback.rs"]
mod callback;
#[path = "edge/client_credentials.rs"]
mod client_credentials;
#[path = "edge/configuration.rs"]
mod configuration;
#[path = "edge/connections.rs"]
mod connections;
#[path = "edge/delivery.rs"]
mod delivery;
#[path = "edge/disconnect.rs"]
mod disconnect;
#[path = "edge/faults.rs"]
mod faults;
#[path = "edge/hand_off.rs"]
mod hand_off;
#[path = "edge/hook.rs"]
mod hook;
#[path = "edge/http_surface.rs"]
mod http_surface;
#[path = "edge/integration.rs"]
mod integration;
#[path = "edge/lifecycle.rs"]
mod lifecycle;
#[path = "edge/link_faults.rs"]
mod link_faults;
#[path = "edge/link_pages.rs"]
mod link_pages;
#[path = "edge/links.rs"]
mod links;
#[path = "messages/mod.rs"]
mod messages;
#[path = "edge/migrate.rs"]
mod migrate;
#[path = "edge/outbound.rs"]
mod outbound;
#[path = "edge/passing.rs"]
mod passing;
#[path = "edge/profiles.rs"]
mod profiles;
#[path = "edge/proxy.rs"]
mod proxy;
#[path = "edge/refresh.rs"]
mod refresh;
#[path = "edge/reply.rs"]
mod reply;
#[path = "edge/roles.rs"]
mod roles;
#[path = "edge/sealing.rs"]
mod sealing;
#[path = "edge/secrets.rs"]
mod secrets;
#[path = "edge/sessions.rs"]
mod sessions;
#[path = "edge/start.rs"]
mod start;
#[path = "edge/system.rs"]
mod system;
#[path = "edge/users.rs"]
mod users;
#[path = "edge/verify.rs"]
mod verify;
#[path = "edge/visitor.rs"]
mod visitor;
#[path = "edge/waiting.rs"]
mod waiting;
#[path = "edge/webhooks.rs"]
mod webhooks;
#[path = "edge/world.rs"]
mod world;
#[path = "edge/zendesk.rs"]
mod zendesk;
