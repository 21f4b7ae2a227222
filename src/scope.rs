//! Scopes: `read`, `write`, `impersonate`, or `resource:read` and `resource:write`, separated by spaces.

use crate::error::{Code, Error, Result};
use crate::text;
use alloc::string::String;
use alloc::vec::Vec;

/// Resources that take both `:read` and `:write` (Zendesk help 4408845965210 and the list of August 2026).
const READ_WRITE: &str = " account_settings apps automations brands custom_objects deletion_schedules dynamic_content groups hc macros organizations requests satisfaction_ratings sla_policies targets themes ticket_attachments ticket_views tickets triggers users webhooks zis ";
const READ_ONLY: &str = " auditlogs security ";
const WRITE_ONLY: &str = " any_channel web_widget ";

/// One or more scopes, in the order given, without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

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
        let mut scopes: Vec<String> = Vec::new();
        for token in text::split_white(scope) {
            if !is_scope(token) {
                return Err(Error::on(Code::ScopeInvalid, "scope"));
            }
            if !scopes.iter().any(|known| known == token) {
                scopes.push(token.into());
            }
        }
        if scopes.is_empty() {
            return Err(Error::on(Code::ScopeEmpty, "scope"));
        }
        Ok(Self(scopes))
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether exactly this scope is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|known| known == scope)
    }

    /// The `scope` parameter: separated by single spaces.
    pub fn joined(&self) -> String {
        self.0.iter().fold(String::new(), |mut joined, scope| {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(scope);
            joined
        })
    }

    /// Those of these scopes that `granted` neither names nor covers by a broader one.
    pub fn missing_from(&self, granted: &Scopes) -> Vec<String> {
        self.0.iter().filter(|scope| !granted.contains(scope) && granted.broader(scope).is_none()).cloned().collect()
    }

    /// Unknown scopes, and scopes that a broader one in the list covers.
    pub fn warnings(&self) -> Vec<ScopeWarning> {
        let mut warnings = Vec::new();
        for scope in &self.0 {
            if !is_known(scope) {
                warnings.push(ScopeWarning { scope: scope.clone(), code: Code::ScopeUnknown, by: "" });
            } else if let Some(by) = self.broader(scope) {
                warnings.push(ScopeWarning { scope: scope.clone(), code: Code::ScopeCovered, by });
            }
        }
        warnings
    }

    fn broader(&self, scope: &str) -> Option<&'static str> {
        let broad = match text::split_once(scope, ":")?.1 {
            "read" => "read",
            "write" => "write",
            _ => return None,
        };
        self.contains(broad).then_some(broad)
    }
}

/// A scope-token of RFC 6749 without the comma, which people use as a separator by mistake.
fn is_scope(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b','))
}

fn is_known(scope: &str) -> bool {
    let Some((resource, access)) = text::split_once(scope, ":") else {
        return matches!(scope, "read" | "write" | "impersonate");
    };
    let listed = |list: &str| text::split(list, b' ').any(|name| !name.is_empty() && name == resource);
    match access {
        "read" => listed(READ_WRITE) || listed(READ_ONLY),
        "write" => listed(READ_WRITE) || listed(WRITE_ONLY),
        _ => false,
    }
}
