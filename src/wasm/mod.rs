//! The boundary to JavaScript, thin: texts in, texts out for the browser artifact; values and promises for the edge.

#[cfg(not(feature = "edge"))]
mod browser;
#[cfg(not(feature = "edge"))]
mod record;
#[cfg(not(feature = "edge"))]
mod runtime;

#[cfg(feature = "edge")]
mod edge;
#[cfg(feature = "edge")]
mod platform;
#[cfg(feature = "edge")]
mod task;
