//! The promises, checked at every step.

use crate::books::{ONE_REQUEST, Sent, SentState, StoredConnection};
use crate::world::World;
use serde_json::Value;
use zendesk_auth::edge::platform::FetchError;

/// What came back: status, `Retry-After`, body.
pub type Answer = Result<(u16, Option<u64>, String), FetchError>;

pub fn refresh_token_of(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["refresh_token"].as_str()?.into())
}

/// A refresh token is about to be sent.
pub fn spent(world: &World, call: usize, refresh: &str) {
    let mut books = world.books.borrow_mut();
    for earlier in books.sent.iter().filter(|sent| sent.refresh == refresh) {
        let lives = books.alive.contains(&earlier.call);
        let broken = match &earlier.state {
            SentState::InFlight => lives,
            SentState::Granted(access) if books.durable.contains(access) => true,
            SentState::Granted(_) => lives,
            SentState::Failed => false,
        };
        if broken {
            let message = format!("call {call} sends {refresh}, which call {} has sent", earlier.call);
            world.violate("no refresh token is spent twice while its owner lives", message);
        }
    }
    world.note(|| format!("call {call} spends {refresh}"));
    books.sent.push(Sent { refresh: refresh.into(), call, state: SentState::InFlight });
}

/// Something came back for it.
pub fn answered(world: &World, call: usize, refresh: &str, answer: &Answer) {
    let granted = match answer {
        Ok((200, _, body)) => {
            serde_json::from_str::<Value>(body).ok().and_then(|body| Some(body["access_token"].as_str()?.to_string()))
        }
        _ => None,
    };
    world.note(|| match (&granted, answer) {
        (Some(access), _) => format!("call {call} gets {access}"),
        (None, Ok((status, _, body))) => {
            format!("call {call} gets {status} {}", body.chars().take(40).collect::<String>())
        }
        (None, Err(error)) => format!("call {call} gets no answer: {}", error.word()),
    });
    if granted.is_some() {
        world.count(|tally| tally.refreshes += 1);
    }
    let mut books = world.books.borrow_mut();
    let sent = books.sent.iter_mut().rev().find(|sent| sent.call == call && sent.refresh == refresh);
    if let Some(sent) = sent {
        sent.state = granted.map_or(SentState::Failed, SentState::Granted);
    }
}

/// A token goes to Zendesk with a request of the service's own.
pub fn used(world: &World, call: usize, authorization: &str) {
    if let Some(access) = authorization.strip_prefix("Bearer ") {
        durable_before_use(world, call, access);
    }
}

fn durable_before_use(world: &World, call: usize, access: &str) {
    let zendesk = world.zendesk.borrow();
    // The first token of a grant is shown to Zendesk before it is stored: that is how its user is known.
    let is_by_refresh = zendesk.tokens.get(access).is_some_and(|known| known.is_by_refresh);
    if is_by_refresh && !world.books.borrow().durable.contains(access) && !belongs_to_nobody(world, access) {
        world.violate("a new pair is durable before anyone uses it", format!("call {call} uses {access}"));
    }
}

/// A pair whose connection was disconnected, or authorized again, is shown to Zendesk to be revoked.
fn belongs_to_nobody(world: &World, access: &str) -> bool {
    let zendesk = world.zendesk.borrow();
    let family = zendesk.tokens[access].family;
    let books = world.books.borrow();
    let is_of_family = |stored: &StoredConnection| {
        zendesk.tokens.get(&stored.access).is_some_and(|known| known.family == family) && stored.state != "revoked"
    };
    !books.stored.values().any(is_of_family)
}

/// The product was given a credential.
pub fn handed_out(world: &World, call: usize, key: &str, access: &str) {
    world.count(|tally| tally.handed_out += 1);
    durable_before_use(world, call, access);
    let (zendesk, now) = (world.zendesk.borrow(), world.now.get());
    let Some(known) = zendesk.tokens.get(access) else {
        return world.violate("only Zendesk's tokens are handed out", format!("call {call} was given {access}"));
    };
    let since = |at: u64| now.saturating_sub(at);
    // What the store has read, and was slow to say, is old without anybody's fault.
    let one_request = ONE_REQUEST + world.books.borrow().dawdled(call);
    if let Some(ended_at) = known.ended_at
        && since(ended_at) > one_request
    {
        let message = format!("call {call} was given {access}, replaced {} ms ago", since(ended_at));
        world.violate("no credential is handed out that ended longer than one request ago", message);
    }
    // While no new one is to be had, the old one is handed out as long as it lasts by the clock at hand.
    let has_trouble = {
        let books = world.books.borrow();
        books.was_failed(call) || books.stored.get(key).is_some_and(|stored| stored.has_trouble)
    };
    let skews = &world.plan.skews;
    let apart = skews.iter().max().zip(skews.iter().min()).map_or(0, |(most, least)| (most - least) as u64);
    let allowed = one_request + if has_trouble { apart } else { 0 };
    if known.expires_at + allowed < now {
        let message = format!("call {call} was given {access}, expired {} ms ago", since(known.expires_at));
        world.violate("no credential is handed out that ended longer than one request ago", message);
    }
}

/// Something was written.
pub fn stored(world: &World, call: usize, key: &str, value: &str) {
    if value.split('.').count() != 5 || value.contains("-secret-") {
        world.violate("no secret is unsealed in the store", format!("call {call} wrote {key}"));
    }
    if !key.starts_with("connections/") {
        return;
    }
    let mut books = world.books.borrow_mut();
    let Ok(plaintext) = books.ring.open(key, value) else {
        return world.violate("no secret is unsealed in the store", format!("{key} does not open"));
    };
    let record: Value = serde_json::from_slice(&plaintext).expect("a record");
    let text = |path: &str| record.pointer(path).and_then(Value::as_str).unwrap_or_default().to_string();
    let next = StoredConnection {
        state: text("/state/word"),
        access: text("/credential/access_token"),
        refresh: text("/credential/refresh_token"),
        has_trouble: record["trouble"].is_object(),
        end: String::new(),
        ended_by: None,
    };
    let earlier = books.stored.get(key).cloned().unwrap_or_default();
    let (end, ended_by) = match next.state.as_str() {
        "refreshing" => (earlier.end.clone(), earlier.ended_by),
        end @ ("reauthorization-required" | "account-not-found") if earlier.end == end => {
            (end.into(), earlier.ended_by)
        }
        end @ ("reauthorization-required" | "account-not-found") => (end.into(), Some(call)),
        _ => (String::new(), None),
    };
    books.durable.insert(next.access.clone());
    books.stored.insert(key.into(), StoredConnection { end, ended_by, ..next.clone() });
    if next.state == "reauthorization-required" {
        books.given_up.insert(call, next.access.clone());
    }
    drop(books);
    world.note(|| {
        format!(
            "call {call} stores {key}: {}, {}{}",
            next.state,
            next.access,
            if next.has_trouble { ", in trouble" } else { "" }
        )
    });
    if earlier.state != next.state {
        ended(world, call, &next);
    }
}

/// Whether a connection that was just called useless is.
fn ended(world: &World, call: usize, next: &StoredConnection) {
    let zendesk = world.zendesk.borrow();
    let is_gone = zendesk.is_gone(world.now.get());
    match next.state.as_str() {
        "reauthorization-required" => {
            world.count(|tally| tally.reauthorizations += 1);
            let promise = "what Zendesk would still serve is not called useless, but for the one ambiguous case";
            if !is_gone && zendesk.would_refresh(&next.refresh) {
                world.violate(promise, format!("call {call} gave {} up, which works", next.refresh));
            }
            let family = zendesk.refresh_tokens.get(&next.refresh).map(|index| &zendesk.families[*index]);
            if !family.is_some_and(|family| family.is_taken_back || family.is_pair_lost || !family.is_alive) {
                world.violate(promise, format!("call {call} gave {} up, and no fault had spent it", next.refresh));
            }
        }
        "account-not-found" if !is_gone => {
            world.violate("an account that is there is not called gone", format!("call {call} did"));
        }
        _ => {}
    }
}

pub fn deleted(world: &World, call: usize, key: &str) {
    world.note(|| format!("call {call} deletes {key}"));
    let mut books = world.books.borrow_mut();
    if let Some(stored) = books.stored.remove(key) {
        books.left.insert(call, stored);
    }
}

/// The product hears of something.
pub fn told(world: &World, call: usize, event: &Value) {
    let kind = event["type"].as_str().unwrap_or_default();
    if !kind.starts_with("connection.") {
        return;
    }
    world.note(|| format!("call {call} tells {kind}"));
    let key = format!(
        "connections/{}/{}",
        event["tenant"].as_str().unwrap_or_default(),
        event["connection"].as_str().unwrap_or_default()
    );
    let mut books = world.books.borrow_mut();
    let Some(stored) = books.stored.get_mut(&key) else { return };
    if matches!(kind, "connection.reauthorization-required" | "connection.account-not-found") {
        stored.ended_by = None;
    }
    let stored = stored.access.clone();
    // By now another credential may be in its place.
    let access = books.given_up.get(&call).cloned().unwrap_or_else(|| stored.clone());
    match kind {
        "connection.reauthorization-required" if !books.told.insert(access.clone()) => {
            let message = format!("call {call} told it again of {access}");
            world.violate("that a credential is of no use is told once", message);
        }
        "connection.recovered" => {
            books.told.remove(&stored);
        }
        _ => {}
    }
}

/// A call is over, by itself or by force.
pub fn over(world: &World, call: usize, is_by_force: bool) {
    let mut books = world.books.borrow_mut();
    books.alive.remove(&call);
    let was_failed = books.was_failed(call);
    if !is_by_force
        && !was_failed
        && let Some((key, _)) = books.stored.iter().find(|(_, stored)| stored.ended_by == Some(call))
    {
        world.violate("that a credential is of no use is told once", format!("call {call} did not tell it of {key}"));
    }
    let mut zendesk = world.zendesk.borrow_mut();
    let lost: Vec<(String, bool)> = zendesk
        .rotations
        .iter()
        .filter(|rotation| rotation.sender == call && !books.durable.contains(&rotation.access))
        .map(|rotation| (rotation.access.clone(), rotation.is_doomed))
        .collect();
    for (access, is_doomed) in lost {
        let family = zendesk.tokens[&access].family;
        let is_wanted = books.stored.values().any(|stored| {
            zendesk.tokens.get(&stored.access).is_some_and(|known| known.family == family) && stored.state != "revoked"
        });
        if !is_wanted || !zendesk.families[family].is_alive {
            continue;
        }
        world.count(|tally| tally.lost_pairs += 1);
        if !is_by_force && !is_doomed && !was_failed {
            world.violate("no new pair is dropped without a fault", format!("call {call} dropped {access}"));
        }
        zendesk.families[family].is_pair_lost = true;
    }
}

/// A grant that was said to be revoked must be dead.
pub fn said_to_be_revoked(world: &World, call: usize) {
    let (books, zendesk) = (world.books.borrow(), world.zendesk.borrow());
    let Some(known) = books.left.get(&call).and_then(|left| zendesk.tokens.get(&left.access)) else { return };
    if zendesk.families[known.family].is_alive && !zendesk.is_gone(world.now.get()) {
        world.violate("what is said to be revoked is", format!("call {call} said so, and a token lives on"));
    }
}

/// The last look at a connection: it works, or the truth is told.
pub fn last_look(world: &World, connection: usize, key: &str, (status, code): (u16, &str), access: &str) {
    let (books, zendesk, now) = (world.books.borrow(), world.zendesk.borrow(), world.now.get());
    let promise = &books.promises[connection];
    let stored = books.stored.get(key).cloned().unwrap_or_default();
    let family = zendesk.tokens.get(&stored.access).map(|known| &zendesk.families[known.family]);
    let is_excused = zendesk.is_gone(now) || family.is_some_and(|family| family.is_taken_back);
    let is_right = match (status, code) {
        (200, _) => !promise.is_gone && (zendesk.takes(access, now) || is_excused),
        (409, "reauthorization_required") => !zendesk.would_refresh(&stored.refresh),
        (409, "account_not_found") => zendesk.is_gone(now),
        (409, "connection_revoked") => promise.is_leaving,
        (404, "connection_not_found") => promise.is_leaving,
        _ => false,
    };
    if !is_right {
        let message = format!("connection {connection} ends with {status} {code} {access}, stored as {stored:?}");
        world.violate("no acknowledged connection is lost", message);
    }
}
