//! Basic: an e-mail address and an API token, believed only after Zendesk has named the user behind them.

use super::answer;
use super::ask::ask_user;
use super::connection::{Connection, Identity, connection_id};
use super::credential::{ApiToken, Credential};
use super::event::{Event, Through};
use super::exchange::demand_user;
use super::fields::Fields;
use super::keep::keep;
use super::link::Link;
use super::message::Response;
use super::platform::Platform;
use super::problem::Problem;
use super::profile_form::refuse_problems;
use super::session::Session;
use super::store::Context;
use super::way::Way;
use crate::basic::{authorization, judge_user};
use crate::error::{Code, Error};
use crate::form::{FormKind, validate};
use crate::integration::{Authorization, Mechanism};
use crate::renewal::State;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::wipe::Wiped;
use http::StatusCode;
use std::prelude::v1::*;

/// What a person typed, judged.
struct Typed {
    account: Subdomain,
    email: String,
    api_token: Secret,
}

/// `POST /connections` with an e-mail address and an API token.
pub async fn connect<P: Platform>(
    cx: &Context<'_, P>,
    session: &Session,
    mut body: Fields,
) -> Result<Response<Vec<u8>>, Problem> {
    let given = Given::take(&mut body);
    let profile = body.text("profile");
    body.finish()?;
    let owner = session.owner();
    let way = cx.permit(&session.tenant, &owner, Way::basic(profile)).await?;
    let typed = judge(cx, &session.tenant, &way, given).await?;
    let result = verify(cx, &session.tenant, &owner, &way, typed, None).await;
    cx.announce(&Event::of_connection(&session.tenant, &owner, &way, Through::default(), &result)).await;
    Ok(answer::json(StatusCode::CREATED, &result?.to_json()))
}

/// The form's fields as they came.
pub struct Given(Vec<(&'static str, Wiped<String>)>);

impl Given {
    /// Takes the form's fields out of a body.
    pub fn take(body: &mut Fields) -> Self {
        let fields = FormKind::Basic.fields();
        Self(fields.filter_map(|name| Some((name, Wiped::new(body.text(name)?)))).collect())
    }
}

/// Connects through an authorization link, whose claim makes sure that it is used once.
pub async fn connect_through_link<P: Platform>(
    cx: &Context<'_, P>,
    link: &Link,
    token: &str,
    cookie: Option<&str>,
    given: Given,
) -> Result<Box<Connection>, Problem> {
    let owner = link.owner();
    let way = cx.permit(&link.tenant, &owner, Way::basic(None)).await?;
    let typed = judge(cx, &link.tenant, &way, given).await?;
    cx.claim_link(token, cookie).await?;
    let result = verify(cx, &link.tenant, &owner, &way, typed, link.email.as_deref()).await;
    cx.settle_link(&link.id, result.as_ref().ok().map(|connection| connection.id.as_str())).await;
    let through = Through { transaction: None, link: Some(&link.id) };
    cx.announce(&Event::of_connection(&link.tenant, &owner, &way, through, &result)).await;
    result
}

/// Judges the form. A profile may fix the account; then it need not be typed, and no other one counts.
async fn judge<P: Platform>(
    cx: &Context<'_, P>,
    tenant: &str,
    way: &Way,
    Given(mut given): Given,
) -> Result<Typed, Problem> {
    let mut fixed = String::new();
    if let Some(id) = &way.profile {
        let profile = cx.profile(tenant, id).await?.record;
        if profile.mechanism != Mechanism::Basic {
            return Err(Error::on(Code::IntegrationProfileMechanism, "profile").into());
        }
        fixed = profile.subdomain;
    }
    if !fixed.is_empty() && !given.iter().any(|(name, _)| *name == "subdomain") {
        given.push(("subdomain", Wiped::new(fixed.clone())));
    }
    let given: Vec<(&str, &str)> = given.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let mut outcome = validate(FormKind::Basic, &given, &cx.config.template);
    refuse_problems(&outcome)?;
    let account = Subdomain::parse(outcome.value("subdomain"))?;
    if !fixed.is_empty() && account.as_str() != fixed {
        return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
    }
    let email = outcome.value("email").into();
    let api_token =
        outcome.values.iter_mut().find(|(name, _)| *name == "apiToken").map(|(_, text)| std::mem::take(text));
    Ok(Typed { account, email, api_token: Secret::new(api_token.unwrap_or_default()) })
}

async fn verify<P: Platform>(
    cx: &Context<'_, P>,
    tenant: &str,
    owner: &str,
    way: &Way,
    typed: Typed,
    only_user: Option<&str>,
) -> Result<Box<Connection>, Problem> {
    let Typed { account, email, api_token } = typed;
    let user = ask_user(cx, &account, &authorization(&email, &api_token), judge_user).await?;
    let now = cx.platform.now_ms();
    let connection = Box::new(Connection {
        id: connection_id(tenant, owner, account.as_str()),
        tenant: tenant.into(),
        owner: owner.into(),
        subdomain: account.as_str().into(),
        authorization: Authorization::Basic,
        profile: way.profile.clone(),
        state: State::Active,
        trouble: None,
        user: Identity::from(user),
        requested: String::new(),
        granted: String::new(),
        credential: Credential::ApiToken(ApiToken { email, api_token }),
        migrated_at: None,
        created_at: now,
        updated_at: now,
    });
    demand_user(&connection, only_user)?;
    keep(cx, connection).await
}
