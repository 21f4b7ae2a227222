//! The shell of the pages that the worker serves to people. One fixed script and one fixed style, named by their digests
//! in the Content-Security-Policy; whatever varies is escaped text or a `data-` attribute.

use super::message::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use super::message::{Headers, Response};
use crate::catalogue::{Catalogue, Language};
use http::StatusCode;
use std::format;
use std::prelude::v1::*;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
/// The digests are those of the two texts above; a test holds them together.
const POLICY: &str = "default-src 'none'; script-src 'sha256-rAUz/CgapNhVsm3bja7x73c6gOYf/172QL4ebCPJKeg='; style-src 'sha256-453jiKKcdVUygJL6CNBVTCeDM5EktdcO/7ICBRFZde0='; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
/// The same with forms that are sent to this worker. What leads on to Zendesk is a link all the same, because browsers hold
/// redirects after a form against `form-action`, also those that Zendesk makes to a customer's own sign-in.
const POLICY_WITH_FORM: &str = "default-src 'none'; script-src 'sha256-rAUz/CgapNhVsm3bja7x73c6gOYf/172QL4ebCPJKeg='; style-src 'sha256-453jiKKcdVUygJL6CNBVTCeDM5EktdcO/7ICBRFZde0='; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// What stands above the title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Something is asked.
    #[default]
    None,
    /// It went well.
    Good,
    /// It did not.
    Bad,
}

/// A page, built from top to bottom.
pub struct Page<'a> {
    texts: &'a Catalogue,
    product: &'a str,
    status: StatusCode,
    title: String,
    mark: Mark,
    has_form: bool,
    data: String,
    head: String,
    body: String,
}

impl<'a> Page<'a> {
    /// A page with a title and nothing more.
    pub fn new(texts: &'a Catalogue, product: &'a str, mark: Mark, title: &str) -> Self {
        Self {
            texts,
            product,
            status: StatusCode::OK,
            title: title.into(),
            mark,
            has_form: false,
            data: String::new(),
            head: String::new(),
            body: String::new(),
        }
    }

    /// The HTTP status, where it is not 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A `data-` attribute, for the script and for tests.
    pub fn data(&mut self, name: &'static str, value: &str) {
        self.data += &format!(" data-{name}=\"{}\"", escape(value));
    }

    /// The same, where there is a value.
    pub fn data_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.data(name, value);
        }
    }

    /// Goes to another address at once.
    pub fn refresh(&mut self, url: &str) {
        self.head += &format!("<meta http-equiv=\"refresh\" content=\"0;url={}\">", escape(url));
    }

    /// Adds what is markup already.
    pub fn html(&mut self, markup: &str) {
        self.body += markup;
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.body += &escape(text);
    }

    /// Adds an element with a text; `open` is its name with its attributes.
    pub fn element(&mut self, open: &'static str, text: &str) {
        let name = open.split(' ').next().unwrap_or_default();
        self.body += &format!("<{open}>{}</{name}>", escape(text));
    }

    /// Adds what is to be read out as soon as the page is there.
    pub fn say(&mut self, sentence: &str) {
        self.body += &format!("<div role=\"status\"><p>{}</p></div>", escape(sentence));
    }

    /// Begins a form that is sent to the page's own address.
    pub fn begin_form(&mut self) {
        self.has_form = true;
        self.body += "<form method=\"post\" novalidate>";
    }

    /// Adds a link.
    pub fn link(&mut self, open: &'static str, url: &str, text: &str) {
        self.body += &format!("<a{open} href=\"{}\">{}</a>", escape(url), escape(text));
    }

    /// The answer.
    pub fn response(self) -> Response<Vec<u8>> {
        let (language, title, product) = (self.texts.language().as_str(), escape(&self.title), escape(self.product));
        let Self { data, head, body, .. } = &self;
        let mark = match self.mark {
            Mark::None => "",
            Mark::Good => "<div class=\"mark good\" aria-hidden=\"true\">✓</div>",
            Mark::Bad => "<div class=\"mark\" aria-hidden=\"true\">!</div>",
        };
        let html = format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             <title>{title} - {product}</title>{head}<style>{STYLE}</style></head><body{data}><main>\
             {mark}<h1>{title}</h1>{body}</main><script>{SCRIPT}</script></body></html>"
        );
        let mut response = Response::new(self.status, html.into_bytes());
        let headers = response.headers_mut();
        headers.set(CONTENT_TYPE, "text/html; charset=utf-8");
        let policy = if self.has_form { POLICY_WITH_FORM } else { POLICY };
        headers.set(CONTENT_SECURITY_POLICY, policy);
        if self.has_form {
            // With `no-referrer`, browsers would say that the form comes from nowhere.
            headers.set(REFERRER_POLICY, "same-origin");
        }
        response
    }
}

/// The language that a browser asks for.
pub fn language_of(headers: &Headers) -> Language {
    let wanted = headers.get(ACCEPT_LANGUAGE);
    Language::negotiate(wanted.unwrap_or_default())
}

/// A text in which nothing is markup.
pub fn escape(text: &str) -> String {
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
            for policy in [POLICY, POLICY_WITH_FORM] {
                assert!(policy.contains(&format!("{name} 'sha256-{digest}';")), "{name} is sha256-{digest}");
            }
            assert!(!text.contains("</"), "{name} must not end its own element");
        }
    }

    #[test]
    fn nothing_that_varies_can_become_markup() {
        let hostile = "</script><img src=x onerror=alert(1)>\"'&";
        let texts = Catalogue::of(Language::English);
        let mut page = Page::new(&texts, hostile, Mark::Bad, hostile);
        page.data("transaction", hostile);
        page.refresh(hostile);
        page.text(hostile);
        page.element("p", hostile);
        page.link("", hostile, hostile);
        let html = String::from_utf8(page.response().into_body()).unwrap();
        assert!(!html.contains("<img") && !html.contains("'&\""));
        assert_eq!(html.matches("<script>").count(), 1);
        assert!(
            html.contains("data-transaction=\"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\"")
        );
    }
}
