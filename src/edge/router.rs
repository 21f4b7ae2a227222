//! Which call a request is. A plain match over path segments: twenty addresses without wildcards, ids without encodings,
//! and the compiler checks that every address has its methods. (In a bare module, matchit 0.9 came to 12 kB brotli more.)

use super::fields::Fields;
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use super::{
    answer, connect, connection_api, disconnect, exchange, integration, link_api, link_page, migrate, profile, proxy,
    rotate, session, transaction_record, upkeep_api,
};
use crate::error::Code;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Map, json};
use std::prelude::v1::*;

/// The calls and their answers, as OpenAPI 3.1. Tests hold every answer against it.
const OPENAPI: &str = include_str!("openapi.json");

/// The most records of one page.
pub const LARGEST_PAGE: u32 = 200;

/// An address of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route<'a> {
    Health,
    Description,
    Sessions,
    Session,
    Profiles,
    Profile(&'a str),
    Duplicate(&'a str),
    Integration,
    Switch(bool),
    Connections,
    Connection(&'a str),
    Refresh(&'a str),
    Verify(&'a str),
    Credentials(&'a str),
    Migrate(&'a str),
    Proxy(&'a str, &'a str),
    Transaction(&'a str),
    Links,
    Link(&'a str),
    Authorize(&'a str),
    Callback,
    Exchange,
    Rotate,
}

impl<'a> Route<'a> {
    fn find(path: &'a str) -> Option<Self> {
        if let Some((id, path)) = path.strip_prefix("/connections/").and_then(|rest| rest.split_once("/proxy/"))
            && !id.contains('/')
        {
            return Some(Self::Proxy(id, path));
        }
        let mut segments = path.strip_prefix('/')?.split('/');
        let route = match (segments.next()?, segments.next(), segments.next()) {
            ("healthz", None, None) => Self::Health,
            ("openapi.json", None, None) => Self::Description,
            ("sessions", None, None) => Self::Sessions,
            ("session", None, None) => Self::Session,
            ("profiles", None, None) => Self::Profiles,
            ("profiles", Some(id), None) => Self::Profile(id),
            ("profiles", Some(id), Some("duplicate")) => Self::Duplicate(id),
            ("integration", None, None) => Self::Integration,
            ("integration", Some("enable"), None) => Self::Switch(true),
            ("integration", Some("disable"), None) => Self::Switch(false),
            ("connections", None, None) => Self::Connections,
            ("connections", Some(id), None) => Self::Connection(id),
            ("connections", Some(id), Some("refresh")) => Self::Refresh(id),
            ("connections", Some(id), Some("verify")) => Self::Verify(id),
            ("connections", Some(id), Some("migrate")) => Self::Migrate(id),
            ("connections", Some(id), Some("credentials")) => Self::Credentials(id),
            ("transactions", Some(id), None) => Self::Transaction(id),
            ("links", None, None) => Self::Links,
            ("links", Some(id), None) => Self::Link(id),
            ("authorize", Some(token), None) => Self::Authorize(token),
            ("oauth", Some("callback"), None) => Self::Callback,
            ("oauth", Some("exchange"), None) => Self::Exchange,
            ("keys", Some("rotate"), None) => Self::Rotate,
            _ => return None,
        };
        segments.next().is_none().then_some(route)
    }

    /// The methods of the address, as the `Allow` header lists them. The callback has no HEAD: it changes things.
    fn methods(self) -> &'static str {
        match self {
            Self::Health | Self::Description | Self::Session | Self::Transaction(_) | Self::Credentials(_) => {
                "GET, HEAD, OPTIONS"
            }
            Self::Connection(_) | Self::Link(_) => "GET, HEAD, DELETE, OPTIONS",
            Self::Profiles | Self::Connections | Self::Authorize(_) => "GET, HEAD, POST, OPTIONS",
            Self::Profile(_) => "GET, HEAD, PUT, DELETE, OPTIONS",
            Self::Integration => "GET, HEAD, PUT, OPTIONS",
            Self::Sessions | Self::Links | Self::Exchange | Self::Duplicate(_) | Self::Switch(_) => "POST, OPTIONS",
            Self::Proxy(..) => "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
            Self::Refresh(_) | Self::Verify(_) | Self::Migrate(_) | Self::Rotate => "POST, OPTIONS",
            Self::Callback => "GET, OPTIONS",
        }
    }
}

/// Answers a request.
pub async fn dispatch<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    let path = request.uri().path().strip_prefix(cx.config.mount.as_str()).ok_or(Code::NotFound)?;
    let route = Route::find(path).ok_or(Code::NotFound)?;
    let method = request.method();
    if method == Method::OPTIONS {
        return Ok(answer::options(route.methods()));
    }
    if !route.methods().split(", ").any(|allowed| allowed == method.as_str()) {
        return Err(Problem::method(route.methods()));
    }
    let is_read = method == Method::GET || method == Method::HEAD;
    match route {
        Route::Health => {
            let body = json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") });
            Ok(answer::json(StatusCode::OK, &body))
        }
        Route::Description => Ok(answer::json_text(OPENAPI)),
        Route::Sessions => session::create(cx, request).await,
        Route::Session => session::show(cx, request).await,
        Route::Profiles if is_read => profile::list(cx, request).await,
        Route::Profiles => profile::create(cx, request).await,
        Route::Profile(id) if is_read => profile::show(cx, request, id).await,
        Route::Profile(id) if method == Method::DELETE => profile::remove(cx, request, id).await,
        Route::Profile(id) => profile::replace(cx, request, id).await,
        Route::Duplicate(id) => profile::duplicate(cx, request, id).await,
        Route::Integration if is_read => integration::show(cx, request).await,
        Route::Integration => integration::choose(cx, request).await,
        Route::Switch(is_on) => integration::switch(cx, request, is_on).await,
        Route::Connections if is_read => connection_api::list(cx, request).await,
        Route::Connections => connect::start(cx, request).await,
        Route::Connection(id) if method == Method::DELETE => disconnect::disconnect(cx, request, id).await,
        Route::Connection(id) => connection_api::show(cx, request, id).await,
        Route::Refresh(id) => upkeep_api::refresh(cx, request, id).await,
        Route::Verify(id) => upkeep_api::verify(cx, request, id).await,
        Route::Credentials(id) => upkeep_api::credentials(cx, request, id).await,
        Route::Migrate(id) => migrate::start(cx, request, id).await,
        Route::Proxy(id, path) => proxy::forward(cx, request, id, path).await,
        Route::Transaction(id) => transaction_record::show(cx, request, id).await,
        Route::Links => link_api::create(cx, request).await,
        Route::Link(id) if method == Method::DELETE => link_api::revoke(cx, request, id).await,
        Route::Link(id) => link_api::show(cx, request, id).await,
        Route::Authorize(token) => Ok(link_page::visit(cx, request, token).await),
        Route::Callback => Ok(connect::callback(cx, request).await),
        Route::Exchange => exchange::hand_off(cx, request).await,
        Route::Rotate => rotate::rotate(cx, request).await,
    }
}

/// `cursor` and `limit` of a listing; another parameter is an error rather than a silent nothing.
///
/// # Errors
/// `body_fields_invalid`.
pub fn list_query(
    request: &Request<Vec<u8>>,
    read_more: impl FnOnce(&mut Fields),
) -> Result<(Option<String>, Option<u32>), Problem> {
    let mut values = Map::new();
    for (name, value) in url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        let number = if name == "limit" { value.parse::<u32>().ok() } else { None };
        values.insert(name.into_owned(), number.map_or_else(|| value.into_owned().into(), Into::into));
    }
    let mut query = Fields::new(values, String::new());
    let cursor = query.text("cursor");
    let limit = query.integer("limit", 1..=LARGEST_PAGE);
    read_more(&mut query);
    query.finish()?;
    Ok((cursor, limit))
}
