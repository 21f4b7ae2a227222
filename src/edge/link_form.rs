//! What the page of an authorization link asks, in the order of its steps.

use super::fields::Fields;
use super::link::Link;
use super::page::{Mark, Page, escape};
use super::problem::{FieldProblem, Problem};
use crate::catalogue::Catalogue;
use crate::integration::Authorization;
use std::format;
use std::prelude::v1::*;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 3_600_000;

/// Says who asks, for whom, and until when; asks for nothing but whether that is oneself.
pub fn intro_page<'a>(texts: &'a Catalogue, product: &'a str, link: &Link, now: u64) -> Page<'a> {
    let mut page = Page::new(texts, product, Mark::None, texts.text("page.link.title"));
    page.data("status", "open");
    let names = [("product", product), ("user", link.name.as_str())];
    page.element("p", &texts.with("page.link.intro", &names));
    facts(&mut page, texts, product, link);
    let decline = [("decline", texts.text("page.link.decline"))];
    page.element("p class=\"note\"", &texts.with("page.link.not_you", &decline));
    page.begin_form();
    button(&mut page, "begin", "button", &texts.with("page.link.begin", &names));
    button(&mut page, "decline", "button quiet", texts.text("page.link.decline"));
    page.html("</form>");
    let left = link.expires_at.saturating_sub(now);
    let (key, count) = match left {
        left if left <= MINUTE => ("page.link.expires_minute", 1),
        left if left < 2 * HOUR => ("page.link.expires_minutes", left.div_ceil(MINUTE)),
        left => ("page.link.expires_hours", left / HOUR),
    };
    page.element("p class=\"soft\"", &texts.with(key, &[("count", &format!("{count}"))]));
    page
}

fn facts(page: &mut Page<'_>, texts: &Catalogue, product: &str, link: &Link) {
    page.html("<dl>");
    let mut fact = |key: &str, value: &str, more: &str| {
        page.html("<div>");
        page.element("dt", texts.text(key));
        page.html("<dd>");
        page.text(value);
        if !more.is_empty() && more != value {
            page.element("span class=\"soft\"", more);
        }
        page.html("</dd></div>");
    };
    fact("page.link.product", product, "");
    if let Some(name) = &link.tenant_name {
        fact("page.link.tenant", name, "");
    } else if link.tenant != "default" {
        fact("page.link.tenant", &link.tenant, "");
    }
    fact("page.link.user", &link.name, link.email.as_deref().unwrap_or(&link.subject));
    page.html("</dl>");
}

fn button(page: &mut Page<'_>, step: &'static str, class: &'static str, label: &str) {
    let label = escape(label);
    page.html(&format!("<button class=\"{class}\" name=\"step\" value=\"{step}\">{label}</button>"));
}

/// What is asked, what was typed, and what was wrong with it.
pub struct Ask {
    authorization: Authorization,
    /// The account that the profile fixes.
    pub account: Option<String>,
    /// What was typed as subdomain.
    pub subdomain: String,
    email: String,
    problems: Vec<FieldProblem>,
    general: Option<Problem>,
}

impl Ask {
    /// A form that nothing was typed into.
    pub fn new(authorization: Authorization, account: Option<String>) -> Self {
        let (subdomain, email) = (String::new(), String::new());
        Self { authorization, account, subdomain, email, problems: Vec::new(), general: None }
    }

    /// Keeps what was typed, but for secrets.
    pub fn keep(&mut self, body: &mut Fields) {
        let mut kept = |name: &str| {
            let value = body.take(name);
            let text = value.as_ref().and_then(|value| value.as_str()).map(String::from).unwrap_or_default();
            if let Some(value) = value {
                body.put(name, value);
            }
            text
        };
        (self.subdomain, self.email) = (kept("subdomain"), kept("email"));
    }

    /// Says what was wrong: at its field, or above all.
    pub fn problem(&mut self, problem: Problem) {
        if problem.has_fields() {
            self.problems = problem.into_fields();
        } else if problem.code.as_str().starts_with("subdomain_") {
            self.problems.push(FieldProblem::new("subdomain", problem.code));
        } else {
            self.general = Some(problem);
        }
    }
}

/// Asks for the account, or for e-mail address and API token, or only to go on.
pub fn ask_page<'a>(texts: &'a Catalogue, product: &'a str, link: &Link, ask: &Ask) -> Page<'a> {
    let mut page = Page::new(texts, product, Mark::None, texts.text("page.link.title"));
    page.data("status", "opened");
    let names = [("product", product), ("user", link.name.as_str())];
    page.element("p class=\"soft\"", &texts.with("page.link.intro", &names));
    let is_basic = ask.authorization == Authorization::Basic;
    match (&ask.account, is_basic) {
        (_, true) => page.element("p", texts.text("page.link.basic")),
        (Some(account), _) => page.element("p", &texts.with("page.link.consent", &[("account", account)])),
        (None, _) => page.element("p", texts.text("page.link.subdomain")),
    }
    if let Some(problem) = &ask.general {
        page.html("<div class=\"problem\" role=\"alert\">");
        page.element("p", &texts.error(problem.code));
        if let Some(server) = problem.server().filter(|server| !server.error.is_empty()) {
            let said = if server.description.is_empty() { &server.error } else { &server.description };
            page.element("p class=\"soft\"", &texts.with("page.zendesk_said", &[("text", said)]));
        }
        page.html("</div>");
    } else if !ask.problems.is_empty() {
        page.element("p class=\"problem\" role=\"alert\"", texts.text("page.link.problem"));
    }
    page.begin_form();
    match &ask.account {
        None => field(&mut page, texts, ask, &Input { name: "subdomain", kind: "text", value: &ask.subdomain }),
        Some(account) if is_basic => {
            page.element("p class=\"label\"", texts.text("field.subdomain.label"));
            page.element("p", account);
        }
        Some(_) => {}
    }
    if is_basic {
        field(&mut page, texts, ask, &Input { name: "email", kind: "email", value: &ask.email });
        field(&mut page, texts, ask, &Input { name: "apiToken", kind: "password", value: "" });
        let date = texts.text("date.basic_until");
        page.element("p class=\"soft\"", &texts.with("page.link.basic_until", &[("date", date)]));
    }
    let label = if is_basic { "page.link.connect" } else { "page.link.continue" };
    button(&mut page, "submit", "button", texts.text(label));
    button(&mut page, "decline", "button quiet", texts.text("page.link.decline"));
    page.html("</form>");
    page
}

struct Input<'a> {
    name: &'static str,
    kind: &'static str,
    value: &'a str,
}

fn field(page: &mut Page<'_>, texts: &Catalogue, ask: &Ask, input: &Input<'_>) {
    let Input { name, kind, value } = input;
    let key = |part: &str| format!("field.{name}.{part}");
    let problem = ask.problems.iter().find(|problem| problem.field == *name);
    let words = |key: &str| escape(&texts.text(key).replace('`', ""));
    let (label, help, find) = (words(&key("label")), words(&key("help")), words(&key("find")));
    let autocomplete = if *kind == "email" { "email" } else { "off" };
    let is_first = problem.is_some() && ask.problems.first() == problem;
    let invalid = match (problem, is_first) {
        (None, _) => "",
        (Some(_), true) => " aria-invalid=\"true\" autofocus",
        (Some(_), false) => " aria-invalid=\"true\"",
    };
    page.html(&format!(
        "<label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\" type=\"{kind}\" value=\"{}\" \
         autocomplete=\"{autocomplete}\" autocapitalize=\"none\" spellcheck=\"false\" \
         aria-describedby=\"{name}-note {name}-help\"{invalid}>",
        escape(value)
    ));
    page.html(&format!("<p class=\"problem\" id=\"{name}-note\">"));
    if let Some(problem) = problem {
        page.text(&texts.error(problem.code));
    }
    page.html(&format!("</p><p class=\"soft\" id=\"{name}-help\">{help} {find}</p>"));
}

/// Goes on to Zendesk: by itself, or by a tap where that does not work. No redirect: see the policy of [`Page`].
pub fn leaving_page<'a>(texts: &'a Catalogue, product: &'a str, account: &str, url: &str) -> Page<'a> {
    let mut page = Page::new(texts, product, Mark::None, texts.text("page.link.leaving"));
    page.data("status", "leaving");
    page.refresh(url);
    page.element("p", &texts.with("page.link.consent", &[("account", account)]));
    page.link(" class=\"button\"", url, texts.text("page.link.continue"));
    page
}
