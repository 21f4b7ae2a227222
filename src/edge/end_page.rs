//! The pages on which an authorization ends.

use super::connection::Connection;
use super::message::Response;
use super::page::{Mark, Page};
use super::problem::Problem;
use crate::catalogue::Catalogue;
use crate::error::Code;
use std::prelude::v1::*;

/// How a transaction ended.
pub enum Outcome<'a> {
    /// Well.
    Connected(&'a Connection),
    /// Otherwise.
    Failed(&'a Problem),
}

/// Where a person goes from the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'a> {
    /// The window closes by itself; the text stays if it cannot.
    Closes,
    /// Back to where the embedding product wants them.
    Returns(&'a str),
    /// Back to the conversation; after a failure, to the link once more.
    Conversation(&'a str),
}

/// The end of a transaction. In a popup, its script tells the page that opened it.
pub fn result_page(
    texts: &Catalogue,
    product: &str,
    transaction: &str,
    outcome: &Outcome<'_>,
    way: Way<'_>,
) -> Response<Vec<u8>> {
    // With it, the page's script tells whoever waits and closes the window; behind a link nobody waits.
    let transaction = Some(transaction).filter(|_| !matches!(way, Way::Conversation(_)));
    let mut page = match outcome {
        Outcome::Connected(connection) => {
            let mut page = connected_page(texts, product, connection, transaction);
            page.data("connection", &connection.id);
            page
        }
        Outcome::Failed(problem) => failed_page(texts, product, problem, transaction),
    };
    // Nobody has to try what is over.
    let is_over = matches!(outcome, Outcome::Failed(problem) if link_words(problem.code).is_some());
    let has_failed = matches!(outcome, Outcome::Failed(_));
    match way {
        Way::Closes => page.element("p class=\"soft\"", texts.text("page.close")),
        Way::Returns(url) => {
            page.element("p class=\"soft\"", texts.text("page.close"));
            page.html("<p>");
            page.link("", url, &texts.with("page.back", &[("product", product)]));
            page.html("</p>");
        }
        Way::Conversation(_) if is_over => page.element("p class=\"soft\"", texts.text("page.link.new")),
        Way::Conversation(url) if has_failed => {
            page.link(" class=\"button\"", url, texts.text("page.failed.again"));
        }
        Way::Conversation(_) => page.element("p", texts.text("page.done.conversation")),
    }
    page.response()
}

/// Says who is connected to which account.
pub fn connected_page<'a>(
    texts: &'a Catalogue,
    product: &'a str,
    connection: &Connection,
    transaction: Option<&str>,
) -> Page<'a> {
    let mut page = Page::new(texts, product, Mark::Good, texts.text("page.done.title"));
    page.data_if("transaction", transaction);
    page.data("status", "connected");
    let names =
        [("product", product), ("account", connection.subdomain.as_str()), ("user", connection.user.name.as_str())];
    let sentence = crate::catalogue::capitalised(&texts.with("page.done.text", &names));
    page.say(&sentence);
    if connection.migrated_at == Some(connection.updated_at) {
        page.element("p", texts.text("page.done.migrated"));
    }
    page
}

/// The end where no transaction of this browser is known.
pub fn error_page(texts: &Catalogue, product: &str, problem: &Problem) -> Response<Vec<u8>> {
    let mut page = failed_page(texts, product, problem, None).status(problem.status());
    page.element("p class=\"soft\"", &texts.with("page.close_and_return", &[("product", product)]));
    page.response()
}

/// The title and the text of a link that is of no use any more.
pub fn link_words(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::LinkUsed => ("page.link.used.title", "page.link.used.text"),
        Code::LinkExpired => ("page.link.expired.title", "page.link.expired.text"),
        Code::LinkRevoked => ("page.link.revoked.title", "page.link.revoked.text"),
        Code::LinkOtherBrowser => ("page.link.other_browser.title", "page.link.other_browser.text"),
        Code::LinkNotFound => ("page.link.unknown.title", "page.link.unknown.text"),
        _ => return None,
    })
}

fn failed_page<'a>(texts: &'a Catalogue, product: &'a str, problem: &Problem, transaction: Option<&str>) -> Page<'a> {
    let title = match problem.code {
        Code::AccessDenied => "page.failed.denied",
        Code::TransactionUsed => "page.failed.used",
        Code::TransactionOtherBrowser => "page.failed.other_browser",
        Code::CallbackExpired | Code::TransactionExpired => "page.failed.too_long",
        _ => "page.failed.title",
    };
    let (title, sentence) = match link_words(problem.code) {
        Some((title, text)) => (title, texts.text(text).into()),
        None => (title, texts.error(problem.code)),
    };
    let mut page = Page::new(texts, product, Mark::Bad, texts.text(title));
    page.data_if("transaction", transaction);
    page.data("status", "failed");
    page.data("code", problem.code.as_str());
    page.say(&sentence);
    if let Some(server) = problem.server().filter(|server| !server.error.is_empty()) {
        let said = if server.description.is_empty() { &server.error } else { &server.description };
        page.element("p class=\"soft\"", &texts.with("page.zendesk_said", &[("text", said)]));
    }
    page
}
