//! Scopes: `read`, `write`, `impersonate`, or `resource:read` and `resource:write`, separated by spaces.

use crate::error::{Code, Error, Judged, Result};
use crate::out::{Draft, Out};
use crate::text;
use alloc::string::String;
use alloc::vec::Vec;

/// Resources that take both `:read` and `:write` (Zendesk help 4408845965210 and the list of August 2026).
const READ_WRITE: &[u8] = b"account_settings apps automations brands custom_objects deletion_schedules dynamic_content groups hc macros organizations requests satisfaction_ratings sla_policies targets themes ticket_attachments ticket_views tickets triggers users webhooks zis";
const READ_ONLY: &[u8] = b"auditlogs security";
const WRITE_ONLY: &[u8] = b"any_channel web_widget";
/// All that Zendesk knows come to 835 characters. Each scope is compared with all before it, which longer lists would
/// make costly: 60 kB of them took eight seconds.
const LONGEST: usize = 4096;

/// One or more scopes, in the order given, without repeats.
///
/// ```
/// use zendesk_auth::{Code, scope::Scopes};
/// let scopes = Scopes::parse(" read  tickets:read ")?;
/// assert_eq!(scopes.joined(), "read tickets:read");
/// assert_eq!(scopes.warnings()[0].code, Code::ScopeCovered);
/// # Ok::<(), zendesk_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(String);

/// A scope that is legal to ask for, but probably not what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeWarning {
    /// The scope in question.
    pub scope: String,
    /// `scope_unknown` or `scope_covered`.
    pub code: Code,
    /// The broader scope that covers it; empty for `scope_unknown`.
    pub by: &'static str,
}

impl Scopes {
    /// Parses a `scope` parameter (RFC 6749 section 3.3). Unknown names are kept: [`Scopes::warnings`] flags them.
    ///
    /// # Errors
    /// `scope_empty`, `scope_invalid`.
    pub fn parse(scope: &str) -> Result<Self> {
        let mut out = Draft::new();
        match put_joined(scope.as_bytes(), &mut out) {
            Ok(()) => Ok(Self(out.text())),
            Err(code) => Err(Error::on(code, "scope")),
        }
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ')
    }

    /// Whether exactly this scope is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|known| known == scope)
    }

    /// The `scope` parameter: separated by single spaces.
    pub fn joined(&self) -> String {
        self.0.clone()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Those of these scopes that `granted` neither names nor covers by a broader one.
    pub fn missing_from(&self, granted: &Scopes) -> Vec<String> {
        let is_covered =
            |scope: &str| granted.contains(scope) || broader(scope.as_bytes(), granted.as_bytes()).is_some();
        self.iter().filter(|scope| !is_covered(scope)).map(String::from).collect()
    }

    /// Unknown scopes, and scopes that a broader one in the list covers.
    pub fn warnings(&self) -> Vec<ScopeWarning> {
        self.iter()
            .filter_map(|scope| {
                let code = warning(scope.as_bytes(), self.as_bytes())?;
                let by = if code == Code::ScopeCovered { broader(scope.as_bytes(), self.as_bytes()) } else { None };
                let by = ["read", "write"].into_iter().find(|access| Some(access.as_bytes()) == by).unwrap_or_default();
                Some(ScopeWarning { scope: scope.into(), code, by })
            })
            .collect()
    }
}

/// Writes a `scope` parameter with single spaces and without repeats.
#[inline(never)]
pub(crate) fn put_joined(scope: &[u8], out: &mut impl Out) -> Judged<()> {
    let start = out.len();
    if scope.len() > LONGEST {
        return Err(Code::ScopeInvalid);
    }
    for word in text::words(scope) {
        if !text::all(word, text::SCOPE) {
            return Err(Code::ScopeInvalid);
        }
        if !text::has_word(out.since(start), word) {
            if out.len() > start {
                out.push(b' ');
            }
            out.put(word);
        }
    }
    if out.len() == start { Err(Code::ScopeEmpty) } else { Ok(()) }
}

/// What there is to say about one scope of a list.
#[inline(never)]
pub(crate) fn warning(scope: &[u8], list: &[u8]) -> Option<Code> {
    let (resource, access) = text::split(scope, b':');
    let is_known = match access {
        None => text::has_word(b"read write impersonate", scope),
        Some(access) => {
            let others = if text::eq(access, b"read") { READ_ONLY } else { WRITE_ONLY };
            is_access(access) && (text::has_word(READ_WRITE, resource) || text::has_word(others, resource))
        }
    };
    if !is_known {
        Some(Code::ScopeUnknown)
    } else if broader(scope, list).is_some() {
        Some(Code::ScopeCovered)
    } else {
        None
    }
}

fn is_access(access: &[u8]) -> bool {
    text::has_word(b"read write", access)
}

/// The broader scope of a list that covers this one.
#[inline(never)]
pub(crate) fn broader<'a>(scope: &'a [u8], list: &[u8]) -> Option<&'a [u8]> {
    text::split(scope, b':').1.filter(|access| is_access(access) && text::has_word(list, access))
}
