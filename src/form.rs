//! The configuration forms: one judgement for the page, the worker and the native caller.

use crate::endpoint::{AUTHORIZATION_PATH, AccountTemplate, PLACEHOLDER, TOKEN_PATH, Template};
use crate::error::{Code, Judged, Result};
use crate::out::{self, Draft, Out};
use crate::{scope, subdomain, text};
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
        Ok(Self::read(kind.as_bytes())?)
    }

    pub(crate) fn read(kind: &[u8]) -> Judged<Self> {
        if text::eq(kind, b"oauth-custom") {
            Ok(Self::OauthCustom)
        } else if text::eq(kind, b"oauth-system") {
            Ok(Self::OauthSystem)
        } else if text::eq(kind, b"basic") {
            Ok(Self::Basic)
        } else if text::eq(kind, b"basic-profile") {
            Ok(Self::BasicProfile)
        } else {
            Err(Code::FormKindUnknown)
        }
    }

    /// The form's fields in their order.
    #[cfg(feature = "edge")]
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        self.names().split(' ')
    }

    /// The same with spaces between them.
    fn names(self) -> &'static str {
        match self {
            Self::OauthCustom => {
                "name subdomain clientId clientKind clientSecret clientSecretSet authorizationUrl tokenUrl scope"
            }
            Self::OauthSystem => "subdomain",
            Self::Basic => "subdomain email apiToken",
            Self::BasicProfile => "name subdomain",
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
///
/// ```
/// use zendesk_auth::{Code, endpoint::AccountTemplate, form::{FormKind, validate}};
/// let given = [("subdomain", " https://Acme.zendesk.com/agent "), ("email", "jane@acme.com/token")];
/// let outcome = validate(FormKind::Basic, &given, &AccountTemplate::zendesk());
/// assert_eq!((outcome.value("subdomain"), outcome.value("email")), ("acme", "jane@acme.com"));
/// assert_eq!((outcome.problems[0].field.as_str(), outcome.problems[0].code), ("apiToken", Code::FieldRequired));
/// ```
pub fn validate(kind: FormKind, given: &[(&str, &str)], template: &AccountTemplate) -> FormOutcome {
    let mut outcome = FormOutcome::default();
    let given = given.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    judge(kind, given, template.parts(), &mut Draft::new(), &mut outcome);
    outcome
}

/// Where a judgement is told.
pub(crate) trait Notes {
    fn value(&mut self, field: &'static str, value: &[u8]);
    fn problem(&mut self, field: &[u8], code: Code);
    fn warning(&mut self, field: &'static str, code: Code);
}

impl Notes for FormOutcome {
    fn value(&mut self, field: &'static str, value: &[u8]) {
        self.values.push((field, out::text(value)));
    }

    fn problem(&mut self, field: &[u8], code: Code) {
        self.problems.push(FieldProblem { field: out::text(field), code });
    }

    fn warning(&mut self, field: &'static str, code: Code) {
        self.warnings.push(FieldProblem { field: field.into(), code });
    }
}

/// See [`validate`].
pub(crate) fn judge<'a>(
    kind: FormKind,
    given: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone,
    template: Template<'a>,
    scratch: &mut impl Out,
    notes: &mut impl Notes,
) {
    for (name, _) in given.clone() {
        if !text::has_word(kind.names().as_bytes(), name) {
            notes.problem(name, Code::FieldUnknown);
        }
    }
    let mut form = Judge { given, template, label: None, scratch, notes };
    if matches!(kind, FormKind::OauthCustom | FormKind::BasicProfile) {
        let name = form.given("name");
        form.line("name", name, name, 100);
    }
    if kind == FormKind::BasicProfile && form.given("subdomain").is_empty() {
        form.notes.value("subdomain", b"");
    } else {
        form.subdomain();
    }
    match kind {
        FormKind::OauthCustom => form.oauth_client(),
        FormKind::OauthSystem | FormKind::BasicProfile => {}
        FormKind::Basic => {
            form.email();
            form.token_text("apiToken", true);
        }
    }
}

struct Judge<'a, 'n, G, O, N> {
    given: G,
    template: Template<'a>,
    label: Option<&'a [u8]>,
    scratch: &'n mut O,
    notes: &'n mut N,
}

impl<'a, G: Iterator<Item = (&'a [u8], &'a [u8])> + Clone, O: Out, N: Notes> Judge<'a, '_, G, O, N> {
    fn oauth_client(&mut self) {
        self.token_text("clientId", true);
        let kind = self.given("clientKind");
        let is_public = text::eq(kind, b"public");
        let is_known = is_public || kind.is_empty() || text::eq(kind, b"confidential");
        self.notes.value("clientKind", if kind.is_empty() { b"confidential" } else { kind });
        if !is_known {
            self.problem("clientKind", Code::ClientKindUnknown);
        }
        let is_set: &[u8] = if text::eq(self.given("clientSecretSet"), b"true") { b"true" } else { b"" };
        self.token_text("clientSecret", !is_public && is_set.is_empty());
        if is_public && !self.given("clientSecret").is_empty() {
            self.notes.warning("clientSecret", Code::ClientSecretIgnored);
        }
        self.notes.value("clientSecretSet", is_set);
        self.endpoint("authorizationUrl", AUTHORIZATION_PATH);
        self.endpoint("tokenUrl", TOKEN_PATH);
        self.scope();
    }

    #[inline(never)]
    fn given(&self, field: &'static str) -> &'a [u8] {
        self.given
            .clone()
            .find(|(name, _)| text::eq(name, field.as_bytes()))
            .map_or(b"", |(_, value)| text::trimmed(value))
    }

    #[inline(never)]
    fn problem(&mut self, field: &'static str, code: Code) {
        self.notes.problem(field.as_bytes(), code);
    }

    /// A text of one line, of which `kept` is kept; returns whether it is fit for further judgement.
    #[inline(never)]
    fn line(&mut self, field: &'static str, value: &[u8], kept: &[u8], limit: usize) -> bool {
        self.notes.value(field, kept);
        let code = if value.is_empty() {
            Code::FieldRequired
        } else if text::has_control(value) {
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
    #[inline(never)]
    fn token_text(&mut self, field: &'static str, required: bool) {
        let value = self.given(field);
        if value.is_empty() && !required {
            self.notes.value(field, b"");
        } else if self.line(field, value, value, 255) && text::has_space(value) {
            self.problem(field, Code::FieldWhitespaceInside);
        }
    }

    fn subdomain(&mut self) {
        let value = self.given("subdomain");
        match subdomain::label(value) {
            Ok(label) => {
                self.label = Some(label);
                self.scratch.put_lower(label);
                self.notes.value("subdomain", self.scratch.since(0));
                self.scratch.rewind(0);
            }
            Err(code) => {
                self.notes.value("subdomain", value);
                self.problem("subdomain", code);
            }
        }
    }

    /// A URL template. Without a valid subdomain it is judged for one that is certainly valid, so that both errors show.
    #[inline(never)]
    fn endpoint(&mut self, field: &'static str, path: &'static str) {
        let value = self.given(field);
        if value.is_empty() {
            self.template.put_origin(PLACEHOLDER, self.scratch);
            self.scratch.put(path.as_bytes());
            self.notes.value(field, self.scratch.since(0));
        } else {
            self.notes.value(field, value);
            let label = match self.label {
                None if text::contains(value, PLACEHOLDER) => Some(b"a".as_slice()),
                label => label,
            };
            if text::length(value) > 3000 {
                self.problem(field, Code::FieldTooLong);
            } else if let Some(label) = label
                && let Err(code) = self.template.put_endpoint(value, b"", label, self.scratch)
            {
                self.problem(field, code);
            }
        }
        self.scratch.rewind(0);
    }

    fn scope(&mut self) {
        let value = self.given("scope");
        // With it, the worker's cookie stays below the 4096 bytes that browsers keep.
        let judged =
            if text::length(value) > 1000 { Err(Code::FieldTooLong) } else { scope::put_joined(value, self.scratch) };
        match judged {
            Ok(()) => {
                let list = self.scratch.since(0);
                self.notes.value("scope", list);
                for scope in text::words(list) {
                    if let Some(code) = scope::warning(scope, list) {
                        self.notes.warning("scope", code);
                    }
                }
            }
            Err(code) => {
                self.notes.value("scope", value);
                self.problem("scope", code);
            }
        }
        self.scratch.rewind(0);
    }

    /// An e-mail address; the `/token` that API-token users append is taken off, to be added once when it is used.
    fn email(&mut self) {
        let value = self.given("email");
        let address = text::before(value, b"/token").unwrap_or(value);
        let (local, domain) = text::split(address, b'@');
        let domain = domain.unwrap_or_default();
        // A colon would end the user name in an `Authorization: Basic` header (RFC 7617 section 2).
        let is_address = !local.is_empty()
            && text::has(domain, b'.')
            && !text::has(domain, b'@')
            && !text::has(address, b':')
            && !text::has_space(address)
            && !text::parts(domain, b'.').any(<[u8]>::is_empty);
        if self.line("email", value, address, 255) && !is_address {
            self.problem("email", Code::EmailInvalid);
        }
    }
}
