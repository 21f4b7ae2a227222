//! The configuration forms: one judgement for the page, the worker and the native caller.

use crate::endpoint::{AUTHORIZATION_PATH, AccountTemplate, TOKEN_PATH, resolve};
use crate::error::{Code, Result};
use crate::scope::Scopes;
use crate::subdomain::Subdomain;
use crate::text;
use alloc::string::String;
use alloc::vec::Vec;

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// OAuth - Custom: the customer's own OAuth client.
    OauthCustom,
    /// OAuth - System: the operator's preconfigured client.
    OauthSystem,
    /// Basic: e-mail address and API token.
    Basic,
    /// A profile for users who give their own e-mail address and API token.
    BasicProfile,
}

impl FormKind {
    /// `oauth-custom`, `oauth-system`, `basic` or `basic-profile`.
    ///
    /// # Errors
    /// `form_kind_unknown`.
    pub fn parse(kind: &str) -> Result<Self> {
        match kind {
            "oauth-custom" => Ok(Self::OauthCustom),
            "oauth-system" => Ok(Self::OauthSystem),
            "basic" => Ok(Self::Basic),
            "basic-profile" => Ok(Self::BasicProfile),
            _ => Err(Code::FormKindUnknown.into()),
        }
    }

    /// The form's fields in their order.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::OauthCustom => &[
                "name",
                "subdomain",
                "clientId",
                "clientKind",
                "clientSecret",
                "clientSecretSet",
                "authorizationUrl",
                "tokenUrl",
                "scope",
            ],
            Self::OauthSystem => &["subdomain"],
            Self::Basic => &["subdomain", "email", "apiToken"],
            Self::BasicProfile => &["name", "subdomain"],
        }
    }
}

/// Something to say about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name, as it was given where it is unknown.
    pub field: String,
    /// What is wrong.
    pub code: Code,
}

/// A judged form.
#[derive(Default)]
pub struct FormOutcome {
    /// Every field of the form with its normalised value; secrets are among them.
    pub values: Vec<(&'static str, String)>,
    /// What must be mended before the form can be sent.
    pub problems: Vec<FieldProblem>,
    /// What is legal but probably not meant.
    pub warnings: Vec<FieldProblem>,
}

impl core::fmt::Debug for FormOutcome {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("FormOutcome")
            .field("problems", &self.problems)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl FormOutcome {
    /// The normalised value of a field; empty where the form has none.
    pub fn value(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }
}

/// Judges a whole form. Fields that are not given count as empty. Nothing typed is lost: `values` holds every field.
pub fn validate(kind: FormKind, given: &[(&str, &str)], template: &AccountTemplate) -> FormOutcome {
    let mut form = Judge { given, template, subdomain: None, outcome: FormOutcome::default() };
    for (name, _) in given {
        if !kind.fields().contains(name) {
            form.problem(name, Code::FieldUnknown);
        }
    }
    match kind {
        FormKind::OauthCustom => form.oauth_custom(),
        FormKind::OauthSystem => form.subdomain(),
        FormKind::Basic => {
            form.subdomain();
            form.email();
            form.token_text("apiToken", true);
        }
        FormKind::BasicProfile => {
            form.text("name", 100);
            if form.trimmed("subdomain").is_empty() {
                form.keep("subdomain", "");
            } else {
                form.subdomain();
            }
        }
    }
    form.outcome
}

struct Judge<'a> {
    given: &'a [(&'a str, &'a str)],
    template: &'a AccountTemplate,
    subdomain: Option<Subdomain>,
    outcome: FormOutcome,
}

impl<'a> Judge<'a> {
    fn oauth_custom(&mut self) {
        self.text("name", 100);
        self.subdomain();
        self.token_text("clientId", true);
        let is_public = self.client_kind() == "public";
        let is_set = self.trimmed("clientSecretSet") == "true";
        self.token_text("clientSecret", !is_public && !is_set);
        if is_public && !self.trimmed("clientSecret").is_empty() {
            self.warning("clientSecret", Code::ClientSecretIgnored);
        }
        self.keep("clientSecretSet", if is_set { "true" } else { "" });
        self.endpoint("authorizationUrl", AUTHORIZATION_PATH);
        self.endpoint("tokenUrl", TOKEN_PATH);
        self.scope();
    }

    fn trimmed(&self, field: &str) -> &'a str {
        self.given.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| text::trim(value))
    }

    fn keep(&mut self, field: &'static str, value: &str) {
        self.outcome.values.push((field, value.into()));
    }

    fn problem(&mut self, field: &str, code: Code) {
        self.outcome.problems.push(FieldProblem { field: field.into(), code });
    }

    fn warning(&mut self, field: &str, code: Code) {
        self.outcome.warnings.push(FieldProblem { field: field.into(), code });
    }

    /// A text of one line; returns whether it is fit for further judgement.
    fn text(&mut self, field: &'static str, limit: usize) -> bool {
        let value = self.trimmed(field);
        self.keep(field, value);
        let code = if value.is_empty() {
            Code::FieldRequired
        } else if value.chars().any(text::is_control) {
            Code::FieldControlCharacter
        } else if text::length(value) > limit {
            Code::FieldTooLong
        } else {
            return true;
        };
        self.problem(field, code);
        false
    }

    /// An identifier or secret of at most 255 characters without white space.
    fn token_text(&mut self, field: &'static str, required: bool) {
        let value = self.trimmed(field);
        if value.is_empty() && !required {
            self.keep(field, "");
        } else if self.text(field, 255) && value.chars().any(text::is_space) {
            self.problem(field, Code::FieldWhitespaceInside);
        }
    }

    fn subdomain(&mut self) {
        let value = self.trimmed("subdomain");
        match Subdomain::parse(value) {
            Ok(subdomain) => {
                self.keep("subdomain", subdomain.as_str());
                self.subdomain = Some(subdomain);
            }
            Err(error) => {
                self.keep("subdomain", value);
                self.problem("subdomain", error.code);
            }
        }
    }

    fn client_kind(&mut self) -> &'static str {
        let kind = match self.trimmed("clientKind") {
            "" | "confidential" => "confidential",
            "public" => "public",
            other => {
                self.keep("clientKind", other);
                self.problem("clientKind", Code::ClientKindUnknown);
                return "";
            }
        };
        self.keep("clientKind", kind);
        kind
    }

    /// A URL template. Without a valid subdomain it is judged for one that is certainly valid, so that both errors show.
    fn endpoint(&mut self, field: &'static str, path: &str) {
        let value = self.trimmed(field);
        if value.is_empty() {
            let default = text::concat(&[self.template.as_str(), path]);
            return self.keep(field, &default);
        }
        self.keep(field, value);
        if text::length(value) > 3000 {
            return self.problem(field, Code::FieldTooLong);
        }
        let judged = match &self.subdomain {
            Some(subdomain) => resolve(Some(value), path, self.template, subdomain),
            None if text::contains(value, "{subdomain}") => match Subdomain::parse("a") {
                Ok(any) => resolve(Some(value), path, self.template, &any),
                Err(error) => Err(error),
            },
            None => return,
        };
        if let Err(error) = judged {
            self.problem(field, error.code);
        }
    }

    fn scope(&mut self) {
        let value = self.trimmed("scope");
        match Scopes::parse(value) {
            Ok(scopes) => {
                self.keep("scope", &scopes.joined());
                for warning in scopes.warnings() {
                    self.warning("scope", warning.code);
                }
            }
            Err(error) => {
                self.keep("scope", value);
                self.problem("scope", error.code);
            }
        }
    }

    /// An e-mail address; the `/token` that API-token users append is taken off, to be added once when it is used.
    fn email(&mut self) {
        if !self.text("email", 255) {
            return;
        }
        let value = self.trimmed("email");
        let address = value.strip_suffix("/token").unwrap_or(value);
        if let Some(kept) = self.outcome.values.iter_mut().find(|(name, _)| *name == "email") {
            kept.1 = address.into();
        }
        let is_address = text::split_once(address, "@").is_some_and(|(local, domain)| {
            !local.is_empty()
                && !text::has(domain, b'@')
                && text::has(domain, b'.')
                && text::split(domain, b'.').all(|label| !label.is_empty())
        });
        // A colon would end the user name in an `Authorization: Basic` header (RFC 7617 section 2).
        if !is_address || address.chars().any(|character| text::is_space(character) || character == ':') {
            self.problem("email", Code::EmailInvalid);
        }
    }
}
