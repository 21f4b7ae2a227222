//! What goes wrong, as a problem document (RFC 9457) with a stable `code`.

use super::json::{self, object, set, text};
use super::message::Response;
use super::message::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use crate::error::{Code, Error, Fault, ServerAnswer};
use http::StatusCode;
use serde_json::Value;
use std::format;
use std::prelude::v1::*;

/// One wrong field of a body, a form or the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field, with its place in a list: `sealingKeys[1].kid`.
    pub field: String,
    /// What kind of problem.
    pub code: Code,
    /// What is wrong and what to do; never the value.
    pub message: String,
}

impl FieldProblem {
    /// A problem with the code's own message.
    pub fn new(field: impl Into<String>, code: Code) -> Self {
        Self { field: field.into(), code, message: code.message().into() }
    }

    /// A problem with a message of its own.
    pub fn saying(field: impl Into<String>, code: Code, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }

    /// `{field, code, message}`.
    pub fn to_json(&self) -> Value {
        object([("field", text(&self.field)), ("code", text(self.code.as_str())), ("message", text(&self.message))])
    }
}

/// An answer other than the one asked for: one pointer, so that every function's result stays small. Its parts are those of
/// [`ProblemDetails`].
#[derive(Clone, Debug)]
pub struct Problem(Box<ProblemDetails>);

/// A problem's stable code, and what goes with it.
#[derive(Clone, Debug)]
pub struct ProblemDetails {
    /// The stable code.
    pub code: Code,
    server: Option<ServerAnswer>,
    fields: Vec<FieldProblem>,
    allow: Option<&'static str>,
}

impl core::ops::Deref for Problem {
    type Target = ProblemDetails;

    fn deref(&self) -> &ProblemDetails {
        &self.0
    }
}

impl Problem {
    #[inline(never)]
    fn with(code: Code, server: Option<ServerAnswer>, fields: Vec<FieldProblem>) -> Self {
        Self(Box::new(ProblemDetails { code, server, fields, allow: None }))
    }

    /// A problem that lists wrong fields.
    pub fn listing(code: Code, fields: Vec<FieldProblem>) -> Self {
        Self::with(code, None, fields)
    }

    /// A problem with what Zendesk said, if it said anything.
    pub fn answered(code: Code, server: Option<ServerAnswer>) -> Self {
        Self::with(code, server, Vec::new())
    }

    /// A problem that may be over after so many seconds.
    pub fn passing(code: Code, retry_after: u32) -> Self {
        Self::answered(code, Some(ServerAnswer { retry_after: Some(retry_after), ..ServerAnswer::default() }))
    }

    /// `method_not_allowed`, with the methods of the address.
    pub fn method(allow: &'static str) -> Self {
        let mut problem = Self::from(Code::MethodNotAllowed);
        problem.0.allow = Some(allow);
        problem
    }

    /// What Zendesk said, for refusals.
    pub fn server(&self) -> Option<&ServerAnswer> {
        self.server.as_ref()
    }

    /// The wrong fields.
    pub fn into_fields(self) -> Vec<FieldProblem> {
        self.0.fields
    }

    /// Whether a field is wrong.
    pub fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self.code {
            Code::BodyInvalid
            | Code::CallbackMalformed
            | Code::CallbackDuplicateParameter
            | Code::CallbackStateMissing
            | Code::CallbackAmbiguous
            | Code::CallbackCodeMissing => StatusCode::BAD_REQUEST,
            Code::AuthenticationMissing | Code::AuthenticationRefused | Code::SessionInvalid | Code::SessionExpired => {
                StatusCode::UNAUTHORIZED
            }
            Code::SessionRequired
            | Code::AdminKeyRequired
            | Code::RoleInsufficient
            | Code::ProxyNotGranted
            | Code::MigrationOtherOwner
            | Code::IntegrationNotForUsers
            | Code::IntegrationOtherChoice
            | Code::IntegrationNotEnabled
            | Code::LinkOtherBrowser
            | Code::LinkOtherSite => StatusCode::FORBIDDEN,
            Code::NotFound
            | Code::ProfileNotFound
            | Code::ConnectionNotFound
            | Code::TransactionNotFound
            | Code::LinkNotFound => StatusCode::NOT_FOUND,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::ProfileChanged
            | Code::ProfileInUse
            | Code::IntegrationChanged
            | Code::IntegrationNotChosen
            | Code::IntegrationProfileMissing
            | Code::IntegrationProfileUnused
            | Code::IntegrationProfileMechanism
            | Code::IntegrationUnverified
            | Code::IntegrationReauthorizationRequired
            | Code::IntegrationSystemUnavailable
            | Code::ReauthorizationRequired
            | Code::RefreshUnavailable
            | Code::ConnectionRevoked
            | Code::AccountNotFound
            | Code::ConnectionNotBasic => StatusCode::CONFLICT,
            Code::ApiTokensRetired | Code::LinkUsed | Code::LinkRevoked | Code::LinkExpired => StatusCode::GONE,
            Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::ContentTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::ZendeskUnreachable => StatusCode::BAD_GATEWAY,
            Code::ZendeskTimeout => StatusCode::GATEWAY_TIMEOUT,
            code => match code.fault() {
                Fault::Input | Fault::Caller | Fault::Refused => StatusCode::UNPROCESSABLE_ENTITY,
                Fault::Malformed => StatusCode::BAD_GATEWAY,
                Fault::Transport => StatusCode::SERVICE_UNAVAILABLE,
                Fault::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// The problem document.
    pub fn into_response(self) -> Response<Vec<u8>> {
        let status = self.status();
        let ProblemDetails { code: kind, server, fields, allow } = *self.0;
        let code = kind.as_str();
        let mut document = object([
            ("type", format!("urn:zendesk-auth:error:{code}").into()),
            ("title", code.replace('_', " ").into()),
            ("status", status.as_u16().into()),
            ("code", text(code)),
            ("detail", text(kind.message())),
        ]);
        if !fields.is_empty() {
            set(&mut document, "problems", fields.iter().map(FieldProblem::to_json).collect());
        }
        let server = server.unwrap_or_default();
        if !server.error.is_empty() {
            set(&mut document, "error", server.error.into());
        }
        if !server.description.is_empty() {
            set(&mut document, "errorDescription", server.description.into());
        }
        if let Some(seconds) = server.retry_after {
            set(&mut document, "retryAfter", seconds.into());
        }
        let mut response = Response::new(status, json::write(&document).into_bytes());
        let headers = response.headers_mut();
        headers.set(CONTENT_TYPE, "application/problem+json");
        if let Some(seconds) = server.retry_after {
            headers.set(RETRY_AFTER, &format!("{seconds}"));
        }
        let fixed: Option<(&'static str, &'static str)> = match (kind, allow) {
            (Code::AuthenticationMissing, _) => Some((WWW_AUTHENTICATE, "Bearer")),
            // RFC 6750 section 3.1.
            (Code::SessionInvalid | Code::SessionExpired, _) => {
                Some((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            }
            (_, Some(methods)) => Some((ALLOW, methods)),
            _ => None,
        };
        if let Some((name, value)) = fixed {
            headers.set(name, value);
        }
        response
    }
}

impl From<Code> for Problem {
    #[inline(never)]
    fn from(code: Code) -> Self {
        Self::answered(code, None)
    }
}

impl From<Error> for Problem {
    #[inline(never)]
    fn from(error: Error) -> Self {
        match error.field {
            None => Self::answered(error.code, error.server.clone()),
            Some(field) => Self::listing(error.code, Vec::from([FieldProblem::new(field, error.code)])),
        }
    }
}
