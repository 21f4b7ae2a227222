//! The pages a person sees: how an authorization ended. One fixed script and one fixed style, named by their digests in
//! the Content-Security-Policy; whatever varies is escaped text or a `data-` attribute.

use super::connection::Connection;
use super::problem::Problem;
use crate::error::Code;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use std::format;
use std::prelude::v1::*;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
/// The digests are those of the two texts above; a test holds them together.
const POLICY: &str = "default-src 'none'; script-src 'sha256-rAUz/CgapNhVsm3bja7x73c6gOYf/172QL4ebCPJKeg='; style-src 'sha256-yI9mP7MSma9pr5SuC1DsjzvhsBb1KysJgMoS1bjYxDI='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How a transaction ended.
pub enum Outcome<'a> {
    /// Well.
    Connected(&'a Connection),
    /// Otherwise.
    Failed(&'a Problem),
}

/// The end of a popup: tells the page that opened it, and closes itself; the text stays if it cannot.
pub fn result_page(id: &str, outcome: &Outcome<'_>, return_to: Option<&str>, product: &str) -> Response<Vec<u8>> {
    let mut page = Page { product, data: Vec::from([("transaction", id)]), ..Page::default() };
    match outcome {
        Outcome::Connected(connection) => {
            page.data.extend([("status", "connected"), ("connection", connection.id.as_str())]);
            page.title = "Connected".into();
            let user = &connection.user.name;
            let subject = capitalised(product);
            let account = &connection.subdomain;
            page.sentences.push(format!("{subject} is connected to the Zendesk account {account} as {user}."));
        }
        Outcome::Failed(problem) => {
            page.data.extend([("status", "failed"), ("code", problem.code.as_str())]);
            page.trouble(problem);
        }
    }
    page.sentences.push("You can close this window.".into());
    page.link = return_to;
    page.response(StatusCode::OK)
}

/// The end where no transaction of this browser is known.
pub fn error_page(problem: &Problem, product: &str) -> Response<Vec<u8>> {
    let mut page =
        Page { product, data: Vec::from([("status", "failed"), ("code", problem.code.as_str())]), ..Page::default() };
    page.trouble(problem);
    page.sentences.push(format!("Close this window and go back to {product}."));
    page.response(problem.status())
}

#[derive(Default)]
struct Page<'a> {
    product: &'a str,
    data: Vec<(&'static str, &'a str)>,
    title: String,
    sentences: Vec<String>,
    link: Option<&'a str>,
}

impl Page<'_> {
    fn trouble(&mut self, problem: &Problem) {
        self.title = match problem.code {
            Code::AccessDenied => "Access was not granted",
            Code::TransactionUsed => "This link was used already",
            Code::TransactionOtherBrowser => "Started in another browser",
            Code::CallbackExpired | Code::TransactionExpired => "That took too long",
            _ => "Not connected",
        }
        .into();
        self.sentences.push(sentence(problem.code.message()));
        if let Some(server) = problem.server.as_ref().filter(|server| !server.error.is_empty()) {
            let said = if server.description.is_empty() { &server.error } else { &server.description };
            self.sentences.push(format!("Zendesk said: {said}"));
        }
    }

    fn response(&self, status: StatusCode) -> Response<Vec<u8>> {
        let data: String =
            self.data.iter().map(|(name, value)| format!(" data-{name}=\"{}\"", escape(value))).collect();
        let (title, product) = (escape(&self.title), escape(self.product));
        let mark = if self.data.contains(&("status", "connected")) { "✓" } else { "!" };
        let mut text = String::new();
        for (index, sentence) in self.sentences.iter().enumerate() {
            let class = if index == 0 { "" } else { " class=\"soft\"" };
            text += &format!("<p{class}>{}</p>", escape(sentence));
        }
        if let Some(link) = self.link {
            text += &format!("<p><a href=\"{}\">Back to {product}</a></p>", escape(link));
        }
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             <title>{title} - {product}</title><style>{STYLE}</style></head><body{data}><main>\
             <div class=\"mark\" aria-hidden=\"true\">{mark}</div><h1>{title}</h1><div role=\"status\">{text}</div></main>\
             <script>{SCRIPT}</script></body></html>"
        );
        let mut response = Response::new(html.into_bytes());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response
    }
}

/// An error message as a sentence for a person.
fn sentence(message: &str) -> String {
    capitalised(&message.replace('`', "")) + "."
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_names_the_script_and_the_style() {
        for (name, text) in [("script-src", SCRIPT), ("style-src", STYLE)] {
            let digest = Base64::encode_string(&Sha256::digest(text.as_bytes()));
            assert!(POLICY.contains(&format!("{name} 'sha256-{digest}';")), "{name} is sha256-{digest}");
            assert!(!text.contains("</"), "{name} must not end its own element");
        }
    }

    #[test]
    fn nothing_that_varies_can_become_markup() {
        let hostile = "</script><img src=x onerror=alert(1)>\"'&";
        let mut problem = Problem::from(Code::AuthorizationRefused);
        problem.server = Some(Box::new(crate::ServerAnswer { error: hostile.into(), ..Default::default() }));
        let response = result_page(hostile, &Outcome::Failed(&problem), Some(hostile), hostile);
        let html = String::from_utf8(response.into_body()).unwrap();
        assert!(!html.contains("<img") && !html.contains("'&\""));
        assert_eq!(html.matches("<script>").count(), 1);
        assert!(
            html.contains("data-transaction=\"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\"")
        );
    }
}
