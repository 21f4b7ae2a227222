//! Where a redirect may end: under a listed URL, on a segment boundary.

use crate::error::{Code, Error};
use std::prelude::v1::*;
use url::{Url, form_urlencoded};

const PARAMETER: &str = "zendesk_auth_transaction";
/// The cookie that carries it has to stay below 4096 bytes.
const LONGEST: usize = 1024;

/// The URL, normalised, if it is under one of the listed ones.
///
/// # Errors
/// `return_to_not_allowed`.
pub fn allowed(listed: &[Url], text: &str) -> Result<String, Error> {
    let refused = || Error::on(Code::ReturnToNotAllowed, "returnTo");
    let url = Url::parse(text).map_err(|_| refused())?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || url.as_str().len() > LONGEST || !listed.iter().any(|prefix| is_under(prefix, &url)) {
        return Err(refused());
    }
    Ok(url.into())
}

fn is_under(prefix: &Url, url: &Url) -> bool {
    let base = prefix.path().strip_suffix('/').unwrap_or(prefix.path());
    let rest = url.path().strip_prefix(base);
    // The origin of a `blob:` URL is that of the URL within, so the scheme is compared as well.
    url.scheme() == prefix.scheme()
        && url.origin() == prefix.origin()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && (base.is_empty() || stays_below(rest)))
}

/// Whether servers that decode a path before they route it, or drop what follows a `;`, still find it below.
fn stays_below(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    let is_up = |segment: &str| matches!(segment.split(';').next(), Some(".." | ".%2e" | "%2e." | "%2e%2e"));
    !rest.contains("%2f") && !rest.contains("%5c") && !rest.split('/').any(is_up)
}

/// The URL with the transaction's id, by which the page asks how it ended. A page that gives its own address may hold
/// that of an earlier one, which must not be found first.
pub fn with_transaction(return_to: &str, id: &str) -> Option<String> {
    let mut url = Url::parse(return_to).ok()?;
    if let Some(query) = url.query() {
        // By pairs as they are written, so that the others keep their spelling.
        let is_other = |pair: &&str| form_urlencoded::parse(pair.as_bytes()).all(|(name, _)| name != PARAMETER);
        let others = query.split('&').filter(is_other).collect::<Vec<_>>().join("&");
        url.set_query(Some(others.as_str()).filter(|query| !query.is_empty()));
    }
    url.query_pairs_mut().append_pair(PARAMETER, id);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_under_a_listed_url_passes() {
        let listed = [Url::parse("https://app.example/settings").unwrap(), Url::parse("https://two.example/").unwrap()];
        for (text, is_allowed) in [
            ("https://app.example/settings", true),
            ("https://app.example/settings/", true),
            ("https://app.example/settings/zendesk?x=1#y", true),
            ("HTTPS://APP.EXAMPLE:443/settings", true),
            ("https://two.example/anything", true),
            ("https://app.example/settingsevil", false),
            ("https://app.example/", false),
            ("https://app.example/settings/../admin", false),
            ("https://app.example/settings/%2e%2e/admin", false),
            ("https://app.example/settings/..%2fadmin", false),
            ("https://app.example/settings/..%5Cadmin", false),
            ("https://app.example/settings/%2E%2e%2Fadmin", false),
            ("https://app.example/settings/..;x/admin", false),
            ("https://app.example/settings/%2e.;/admin", false),
            ("https://app.example/settings/a..b", true),
            ("https://app.example/settings?next=%2Fadmin", true),
            ("https://two.example/a%2Fb", true),
            ("blob:https://app.example/settings", false),
            ("blob:https://two.example/", false),
            ("https://app.example\\.evil.example/settings", false),
            ("https://app.example.evil.example/settings", false),
            ("https://app.example@evil.example/settings", false),
            ("https://user@app.example/settings", false),
            ("http://app.example/settings", false),
            ("https://app.example:8443/settings", false),
            ("//app.example/settings", false),
            ("/settings", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("", false),
        ] {
            assert_eq!(allowed(&listed, text).is_ok(), is_allowed, "{text}");
        }
        let long = ["https://two.example/", &"x".repeat(LONGEST)].concat();
        assert!(allowed(&listed, &long).is_err());
        assert!(allowed(&[], "https://two.example/").is_err());
    }

    #[test]
    fn the_transaction_is_added_to_what_is_there() {
        let url = with_transaction("https://app.example/a?b=c#d", "id").unwrap();
        assert_eq!(url, "https://app.example/a?b=c&zendesk_auth_transaction=id#d");
        for earlier in [
            "?zendesk_auth_transaction=old&b=c%20d",
            "?b=c%20d&zendesk%5Fauth_transaction=old&zendesk_auth_transaction",
        ] {
            let url = with_transaction(&["https://app.example/a", earlier].concat(), "new").unwrap();
            assert_eq!(url, "https://app.example/a?b=c%20d&zendesk_auth_transaction=new");
        }
        let only = with_transaction("https://app.example/a?zendesk_auth_transaction=old", "new").unwrap();
        assert_eq!(only, "https://app.example/a?zendesk_auth_transaction=new");
    }
}
