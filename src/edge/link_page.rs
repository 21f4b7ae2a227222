//! The page behind an authorization link. It says first for whom an account would be connected, binds itself to the
//! browser whose owner says to be that person, and only then asks for anything. Looking at it changes nothing: messengers
//! open links to preview them.

use super::basic::{Given, connect_through_link};
use super::cookie;
use super::end_page::{Way as Onward, connected_page, link_words};
use super::event::Event;
use super::fields::Fields;
use super::held::{Mode, Start};
use super::link::{Link, Progress, browser_digest, cookie_name, link_id};
use super::link_form::{Ask, ask_page, intro_page, leaving_page};
use super::message::header::{CONTENT_TYPE, LOCATION, ORIGIN, SEC_FETCH_SITE};
use super::message::{Headers, Request, Response};
use super::page::{Mark, Page, language_of};
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use super::way::Way;
use crate::catalogue::Catalogue;
use crate::error::{Code, Fault};
use crate::integration::{Authorization, Integration};
use crate::pkce::base64url;
use crate::subdomain::Subdomain;
use http::StatusCode;
use serde_json::Map;
use std::format;
use std::prelude::v1::*;

const FORM: &str = "application/x-www-form-urlencoded";

/// A link with what its page needs.
struct Visit<'a> {
    token: &'a str,
    link: Box<Link>,
    texts: Catalogue,
    cookie: Option<String>,
}

/// `GET /authorize/{token}` and `POST /authorize/{token}`: always a page, because a person is looking.
pub async fn visit<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>, token: &str) -> Response<Vec<u8>> {
    let id = link_id(token);
    let mut texts = Catalogue::of(language_of(request.headers()));
    let link = match cx.link(&id).await {
        Ok(loaded) => loaded.record,
        Err(problem) => return refusal(&texts, &cx.config.product, &problem, Onward::Closes),
    };
    if let Some(language) = link.language() {
        texts = Catalogue::of(language);
    }
    let cookie = cookie::read(request.headers(), &cookie_name(&id)).map(String::from);
    let visit = Visit { token, link, texts, cookie };
    let answer = match request.method().as_str() {
        "POST" => act(cx, request, &visit).await,
        _ => show(cx, &visit).await,
    };
    answer.unwrap_or_else(|problem| {
        let url = visit.url(cx);
        let again = if is_final(problem.code) { Onward::Closes } else { Onward::Conversation(&url) };
        refusal(&visit.texts, &cx.config.product, &problem, again)
    })
}

impl Visit<'_> {
    fn url<P: Platform>(&self, cx: &Context<'_, P>) -> String {
        format!("{}/authorize/{}", cx.config.base(), self.token)
    }
}

/// Whether the link is of no use any more, to this browser at least.
fn is_final(code: Code) -> bool {
    link_words(code).is_some()
}

async fn show<P: Platform>(cx: &Context<'_, P>, visit: &Visit<'_>) -> Result<Response<Vec<u8>>, Problem> {
    let Visit { link, texts, cookie, .. } = visit;
    demand_usable(cx, link).await?;
    let integration = cx.integration(&link.tenant).await?.record.integration;
    let (way, _) = permitted(cx, link, &integration).await?;
    if link.progress == Progress::Open {
        let mut response = intro_page(texts, &cx.config.product, link, cx.platform.now_ms()).response();
        // Set before it counts, so that a browser without cookies is found out before the link is bound to it.
        let secret = match cookie {
            Some(cookie) => cookie.clone(),
            None => base64url(&cx.random::<32>()?),
        };
        set_cookie(cx, link, response.headers_mut(), &secret);
        return Ok(response);
    }
    if !link.is_bound_to(cookie.as_deref()) {
        return Err(Code::LinkOtherBrowser.into());
    }
    let account = fixed_account(cx, link, &way).await?;
    Ok(ask_page(texts, &cx.config.product, link, &Ask::new(way.authorization, account)).response())
}

/// What the form was sent for.
async fn act<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    visit: &Visit<'_>,
) -> Result<Response<Vec<u8>>, Problem> {
    let Visit { link, texts, cookie, .. } = visit;
    demand_own_page(cx, request.headers())?;
    let mut body = form_of(request)?;
    demand_usable(cx, link).await?;
    let step = body.text("step").unwrap_or_default();
    if step == "decline" {
        let now = cx.platform.now_ms();
        let may_decline = |link: &Link| {
            link.demand_usable(now)?;
            let is_free = link.progress == Progress::Open || link.is_bound_to(cookie.as_deref());
            if is_free { Ok(()) } else { Err(Code::LinkOtherBrowser) }
        };
        cx.revoke_link(&link.id, "recipient", may_decline).await?;
        let mut page = Page::new(texts, &cx.config.product, Mark::None, texts.text("page.link.declined.title"));
        page.data("status", "declined");
        page.say(texts.text("page.link.declined.text"));
        page.element("p class=\"soft\"", texts.text("page.close"));
        return Ok(page.response());
    }
    let Some(cookie) = cookie else {
        let code = if link.progress == Progress::Open { Code::LinkCookieMissing } else { Code::LinkOtherBrowser };
        return Err(code.into());
    };
    if step == "begin" {
        return bind(cx, visit, cookie).await;
    }
    if !link.is_bound_to(Some(cookie)) {
        return Err(Code::LinkOtherBrowser.into());
    }
    let integration = cx.integration(&link.tenant).await?.record.integration;
    let (way, _) = permitted(cx, link, &integration).await?;
    let account = fixed_account(cx, link, &way).await?;
    let mut ask = Ask::new(way.authorization, account);
    ask.keep(&mut body);
    let answered = match way.authorization {
        Authorization::Basic => connect_basic(cx, visit, cookie, body).await,
        _ => begin_oauth(cx, request, visit, &way, &ask).await,
    };
    match answered {
        // What can be mended on the page is said there, with everything typed but the secret still in it.
        Err(problem) if may_mend(&problem) => {
            ask.problem(problem);
            Ok(ask_page(texts, &cx.config.product, link, &ask).status(StatusCode::UNPROCESSABLE_ENTITY).response())
        }
        answered => answered,
    }
}

fn may_mend(problem: &Problem) -> bool {
    let fault = problem.code.fault();
    let is_typed = fault == Fault::Input || problem.has_fields();
    is_typed || matches!(fault, Fault::Transport | Fault::Refused) && !is_final(problem.code)
}

/// Binds the link to the browser whose owner says to be the one it is for.
async fn bind<P: Platform>(cx: &Context<'_, P>, visit: &Visit<'_>, cookie: &str) -> Result<Response<Vec<u8>>, Problem> {
    let was_open = visit.link.progress == Progress::Open;
    let now = cx.platform.now_ms();
    let link = cx
        .move_link(&visit.link.id, |link| {
            link.demand_usable(now)?;
            match link.progress {
                Progress::Open => {
                    let browser = Some(browser_digest(cookie));
                    Ok(Link { progress: Progress::Opened, browser, ..link.clone() })
                }
                _ if link.is_bound_to(Some(cookie)) => Ok(link.clone()),
                _ => Err(Code::LinkOtherBrowser),
            }
        })
        .await?;
    if was_open {
        cx.announce(&Event::of_link("link.opened", &link)).await;
    }
    let mut response = Response::new(StatusCode::SEE_OTHER, Vec::new());
    response.headers_mut().set(LOCATION, &visit.url(cx));
    Ok(response)
}

async fn connect_basic<P: Platform>(
    cx: &Context<'_, P>,
    visit: &Visit<'_>,
    cookie: &str,
    mut body: Fields,
) -> Result<Response<Vec<u8>>, Problem> {
    let given = Given::take(&mut body);
    let connection = connect_through_link(cx, &visit.link, visit.token, Some(cookie), given).await?;
    let mut page = connected_page(&visit.texts, &cx.config.product, &connection, None);
    page.element("p", visit.texts.text("page.done.conversation"));
    Ok(page.response())
}

async fn begin_oauth<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    visit: &Visit<'_>,
    way: &Way,
    ask: &Ask,
) -> Result<Response<Vec<u8>>, Problem> {
    let account = Subdomain::parse(ask.account.as_deref().unwrap_or(&ask.subdomain))?;
    let begun = cx
        .begin_held(Start {
            tenant: &visit.link.tenant,
            owner: &visit.link.owner(),
            way,
            account: Some(&account),
            mode: Mode::Popup,
            return_to: None,
            link: Some(visit.token),
        })
        .await?;
    let page = leaving_page(&visit.texts, &cx.config.product, account.as_str(), &begun.authorization_url);
    let mut response = page.response();
    begun.bind(request.headers(), response.headers_mut(), cx.config.transaction_max_age);
    Ok(response)
}

async fn demand_usable<P: Platform>(cx: &Context<'_, P>, link: &Link) -> Result<(), Problem> {
    cx.tell_if_expired(link).await;
    Ok(link.demand_usable(cx.platform.now_ms())?)
}

/// The way that the integration lets users authorize in, just now.
async fn permitted<P: Platform>(
    cx: &Context<'_, P>,
    link: &Link,
    integration: &Integration,
) -> Result<(Way, Authorization), Problem> {
    let (authorization, _) = integration.choice.ok_or(Code::IntegrationNotEnabled)?;
    let profile = integration.profile.clone().filter(|_| authorization != Authorization::OauthSystem);
    let way = cx.permit(&link.tenant, &link.owner(), Way { authorization, profile }).await?;
    Ok((way, authorization))
}

/// The account that the profile fixes, so that it need not be asked for.
async fn fixed_account<P: Platform>(cx: &Context<'_, P>, link: &Link, way: &Way) -> Result<Option<String>, Problem> {
    let Some(id) = &way.profile else { return Ok(None) };
    let subdomain = cx.profile(&link.tenant, id).await?.record.subdomain;
    Ok(Some(subdomain).filter(|subdomain| !subdomain.is_empty()))
}

/// Another site can send a form here, but not from this origin.
fn demand_own_page<P: Platform>(cx: &Context<'_, P>, headers: &Headers) -> Result<(), Problem> {
    let is_own = match (headers.get(ORIGIN), headers.get(SEC_FETCH_SITE)) {
        (Some(origin), _) => origin == cx.config.origin,
        (None, site) => site == Some("same-origin"),
    };
    if is_own { Ok(()) } else { Err(Code::LinkOtherSite.into()) }
}

fn form_of(request: &Request<Vec<u8>>) -> Result<Fields, Problem> {
    let content_type = request.headers().get(CONTENT_TYPE).unwrap_or_default();
    if content_type.split(';').next() != Some(FORM) {
        return Err(Code::ContentTypeUnsupported.into());
    }
    if request.body().len() > super::MAX_BODY {
        return Err(Code::BodyTooLarge.into());
    }
    let pairs = url::form_urlencoded::parse(request.body());
    let mut values = Map::new();
    for (name, value) in pairs {
        values.insert(name.into_owned(), value.into_owned().into());
    }
    Ok(Fields::new(values, String::new()))
}

fn set_cookie<P: Platform>(cx: &Context<'_, P>, link: &Link, headers: &mut Headers, secret: &str) {
    // A consent that began in time may end a little later.
    let left = link.expires_at.saturating_sub(cx.platform.now_ms()) / 1000;
    let max_age = u32::try_from(left).unwrap_or(u32::MAX).saturating_add(cx.config.transaction_max_age);
    cookie::set(headers, &cookie_name(&link.id), secret, max_age);
}

/// Why there is nothing to do here, or not now.
fn refusal(texts: &Catalogue, product: &str, problem: &Problem, again: Onward<'_>) -> Response<Vec<u8>> {
    let (title, text) = link_words(problem.code).unwrap_or(("page.link.unavailable.title", ""));
    let mut page = Page::new(texts, product, Mark::Bad, texts.text(title)).status(problem.status());
    page.data("status", "failed");
    page.data("code", problem.code.as_str());
    let sentence = if text.is_empty() { texts.error(problem.code) } else { texts.text(text).into() };
    page.say(&sentence);
    match again {
        Onward::Conversation(url) => page.link(" class=\"button\"", url, texts.text("page.failed.again")),
        _ => page.element("p class=\"soft\"", texts.text("page.link.new")),
    }
    page.response()
}
