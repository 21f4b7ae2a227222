//! Which call a request is. A plain match over path segments: twenty addresses without wildcards, ids without encodings,
//! and the compiler checks that every address has its methods. (In a bare module, matchit 0.9 came to 12 kB brotli more.)

use super::fields::Fields;
use super::json::{object, text};
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use super::{
    answer, connect, connection_api, disconnect, exchange, integration, link_api, link_page, migrate, profile, proxy,
    rotate, session, transaction_record, upkeep_api,
};
use crate::embed::embed;
use crate::error::Code;
use http::{Method, StatusCode};
use serde_json::Map;
use std::future::ready;
use std::pin::Pin;
use std::prelude::v1::*;

/// The calls and their answers, as OpenAPI 3.1. Tests hold every answer against it.
const OPENAPI: &str = embed!("openapi.json", All);

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
    let path = request.path().strip_prefix(cx.config.mount.as_str()).ok_or(Code::NotFound)?;
    let route = Route::find(path).ok_or(Code::NotFound)?;
    let method = request.method();
    if method == Method::OPTIONS {
        return Ok(answer::options(route.methods()));
    }
    if !route.methods().split(',').any(|allowed| allowed.trim_start() == method.as_str()) {
        return Err(Problem::method(route.methods()));
    }
    handler(cx, request, route).await
}

/// Boxed, so that none of them is part of another: what a request does not need is then neither compiled nor moved for it.
type Handling<'a> = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Problem>> + 'a>>;

fn handler<'a, P: Platform>(cx: &'a Context<'a, P>, request: &'a Request<Vec<u8>>, route: Route<'a>) -> Handling<'a> {
    let method = request.method();
    let is_read = method == Method::GET || method == Method::HEAD;
    match route {
        Route::Health => {
            let body = object([("status", text("ok")), ("version", text(env!("CARGO_PKG_VERSION")))]);
            Box::pin(ready(Ok(answer::json(StatusCode::OK, &body))))
        }
        Route::Description => Box::pin(ready(Ok(answer::json_text(OPENAPI)))),
        Route::Sessions => Box::pin(session::create(cx, request)),
        Route::Session => Box::pin(session::show(cx, request)),
        Route::Profiles if is_read => Box::pin(profile::list(cx, request)),
        Route::Profiles => Box::pin(profile::create(cx, request)),
        Route::Profile(id) if is_read => Box::pin(profile::show(cx, request, id)),
        Route::Profile(id) if method == Method::DELETE => Box::pin(profile::remove(cx, request, id)),
        Route::Profile(id) => Box::pin(profile::replace(cx, request, id)),
        Route::Duplicate(id) => Box::pin(profile::duplicate(cx, request, id)),
        Route::Integration if is_read => Box::pin(integration::show(cx, request)),
        Route::Integration => Box::pin(integration::choose(cx, request)),
        Route::Switch(is_on) => Box::pin(integration::switch(cx, request, is_on)),
        Route::Connections if is_read => Box::pin(connection_api::list(cx, request)),
        Route::Connections => Box::pin(connect::start(cx, request)),
        Route::Connection(id) if method == Method::DELETE => Box::pin(disconnect::disconnect(cx, request, id)),
        Route::Connection(id) => Box::pin(connection_api::show(cx, request, id)),
        Route::Refresh(id) => Box::pin(upkeep_api::refresh(cx, request, id)),
        Route::Verify(id) => Box::pin(upkeep_api::verify(cx, request, id)),
        Route::Credentials(id) => Box::pin(upkeep_api::credentials(cx, request, id)),
        Route::Migrate(id) => Box::pin(migrate::start(cx, request, id)),
        Route::Proxy(id, path) => Box::pin(proxy::forward(cx, request, id, path)),
        Route::Transaction(id) => Box::pin(transaction_record::show(cx, request, id)),
        Route::Links => Box::pin(link_api::create(cx, request)),
        Route::Link(id) if method == Method::DELETE => Box::pin(link_api::revoke(cx, request, id)),
        Route::Link(id) => Box::pin(link_api::show(cx, request, id)),
        Route::Authorize(token) => Box::pin(async move { Ok(link_page::visit(cx, request, token).await) }),
        Route::Callback => Box::pin(async move { Ok(connect::callback(cx, request).await) }),
        Route::Exchange => Box::pin(exchange::hand_off(cx, request)),
        Route::Rotate => Box::pin(rotate::rotate(cx, request)),
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
    for (name, value) in url::form_urlencoded::parse(request.query().as_bytes()) {
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
