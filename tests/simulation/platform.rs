//! The platform of one call in one isolate: every operation takes time, may fail, and may be the last.

use crate::checks;
use crate::messages;
use crate::plan::{Fault, Plan};
use crate::world::{Due, Dying, START, World};
use crate::zendesk::Arrival;
use http::{Request, Response};
use std::cell::RefCell;
use std::rc::Rc;
use zendesk_auth::edge::platform::{Failure, FetchError, Head, Platform, Stored, StoredPage};
use zendesk_auth::edge::{Event, message};
use zendesk_auth::secret::Secret;

/// Milliseconds after which a platform gives up on an answer.
const PATIENCE: u64 = 10_000;

pub struct SimPlatform {
    pub world: Rc<World>,
    pub call: usize,
    pub isolate: usize,
    pub method: &'static str,
    pub passed: RefCell<Option<Head>>,
}

impl SimPlatform {
    /// One await: time passes, and the isolate or the call may die in it.
    async fn step(&self, least: u64, most: u64) {
        let world = &self.world;
        world.count(|tally| tally.awaits += 1);
        if world.strikes(world.plan.crash) {
            world.dying.borrow_mut().push(Dying::Isolate(self.isolate));
        } else if world.strikes(world.plan.cancel) {
            world.dying.borrow_mut().push(Dying::Call(self.call));
        }
        let milliseconds = world.between(least, most);
        world.sleep(milliseconds).await;
    }

    /// Now and then the store takes its time.
    async fn dawdle(&self, most: u64) {
        if self.world.strikes(self.world.plan.store_dawdles) {
            let began = self.world.now.get();
            self.step(1_000, most).await;
            self.world.books.borrow_mut().note_dawdling(self.call, self.world.now.get() - began);
        }
    }

    async fn before_store(&self, operation: &'static str, key: &str) -> Result<(), Failure> {
        // No longer than a lease leaves for it.
        self.dawdle(8_000).await;
        let slow = if self.world.strikes(20) { 900 } else { 12 };
        self.step(0, slow).await;
        let passed = self.world.now.get() - START;
        let is_down = self.world.plan.outages.iter().any(|(from, to)| (*from..*to).contains(&passed));
        if (is_down && !self.world.is_healed.get()) || self.world.strikes(self.world.plan.store_fails) {
            self.fails(operation, key, "before it took effect");
            return Err(Failure("the store is down".into()));
        }
        Ok(())
    }

    async fn after_store(&self, operation: &'static str, key: &str) -> Result<(), Failure> {
        self.step(0, 12).await;
        self.dawdle(20_000).await;
        if self.world.strikes(self.world.plan.store_forgets_to_say) {
            self.fails(operation, key, "after it took effect");
            return Err(Failure("the store did not answer".into()));
        }
        Ok(())
    }

    fn fails(&self, operation: &str, key: &str, when: &str) {
        self.world.count(|tally| tally.faults += 1);
        self.world.books.borrow_mut().note_store_failure(self.call);
        self.world.note(|| format!("call {} the store fails: {operation} {key}, {when}", self.call));
    }

    /// Sends a request, which arrives whatever becomes of its sender, and waits for what comes back.
    async fn exchange(&self, request: Request<Secret>) -> Result<(u16, Option<u64>, String), FetchError> {
        let (parts, body) = request.into_parts();
        let header = |name: &str| parts.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"));
        let path = parts.uri.path().to_string();
        let is_token = path == "/oauth/tokens";
        let world = &self.world;
        let faults = if is_token { &world.plan.token_faults } else { &world.plan.api_faults };
        let fault = if world.is_healed.get() { None } else { Plan::fault(faults, &mut world.rng.borrow_mut()) };
        let authorization = header("authorization").to_string();
        checks::used(world, self.call, &authorization);
        let refresh = checks::refresh_token_of(body.expose()).filter(|_| is_token);
        if let Some(refresh) = &refresh {
            checks::spent(world, self.call, refresh);
        }
        self.step(0, 2).await;
        let way = world.between(5, 250);
        let arrives = match fault {
            Some(Fault::Delayed) => world.between(1_000, 18_000),
            _ => way,
        };
        let back = arrives + world.between(5, 250);
        let is_late = back >= PATIENCE;
        let is_second = world.permille(500);
        let is_doomed = is_late
            || matches!(fault, Some(Fault::ResponseDropped | Fault::Truncated | Fault::Gateway))
            || (fault == Some(Fault::Duplicated) && is_second);
        let arrival = || {
            Rc::new(Arrival {
                method: parts.method.to_string(),
                path: path.clone(),
                authorization: authorization.clone(),
                body: body.expose().into(),
                sender: self.call,
                is_doomed,
                is_silent: world.strikes(world.plan.silent),
                answer: RefCell::default(),
            })
        };
        let first = arrival();
        if let Some(fault) = fault {
            world.count(|tally| tally.faults += 1);
            world.note(|| format!("call {} fault: {fault:?} for {path}", self.call));
        }
        let now = world.now.get();
        let instead = |status: u16, body: &str| Ok((status, None, String::from(body)));
        let answer = match fault {
            Some(Fault::RequestDropped) => {
                self.step(way, PATIENCE).await;
                Err(if is_second { FetchError::TimedOut } else { FetchError::Unreachable("reset".into()) })
            }
            Some(Fault::Limited) => {
                self.step(way, 2 * way).await;
                let seconds = is_second.then(|| world.between(1, 400));
                Ok((429, seconds, "slow down".into()))
            }
            Some(Fault::Down) => {
                self.step(way, 2 * way).await;
                instead(if is_second { 500 } else { 503 }, "<html>")
            }
            Some(Fault::Html) => {
                self.step(way, 2 * way).await;
                instead(200, "<html>We will be back soon</html>")
            }
            _ => {
                world.schedule(now + arrives, Due::Arrive(Rc::clone(&first)));
                let mut heard = Rc::clone(&first);
                if fault == Some(Fault::Duplicated) {
                    let again = arrival();
                    world.schedule(now + arrives + 1, Due::Arrive(Rc::clone(&again)));
                    if is_second {
                        heard = again;
                    }
                }
                if is_late || fault == Some(Fault::ResponseDropped) {
                    self.step(PATIENCE, PATIENCE).await;
                    Err(FetchError::TimedOut)
                } else {
                    self.step(back + 2, back + 2).await;
                    let (status, mut body) = heard.answer.borrow().clone().expect("it has arrived by now");
                    if fault == Some(Fault::Truncated) {
                        body.truncate(body.len() / 2);
                    }
                    match fault {
                        Some(Fault::Gateway) => instead(if is_second { 502 } else { 504 }, "<html>"),
                        _ => Ok((status, None, body)),
                    }
                }
            }
        };
        if let Some(refresh) = &refresh {
            checks::answered(world, self.call, refresh, &answer);
        }
        answer
    }
}

impl Platform for SimPlatform {
    fn now_ms(&self) -> u64 {
        let skew = self.world.plan.skews[self.isolate];
        self.world.now.get().checked_add_signed(skew).expect("a time after 1970")
    }

    async fn wait(&self, milliseconds: u32) {
        self.step(u64::from(milliseconds), u64::from(milliseconds) + 3).await;
    }

    async fn authenticate(&self) -> Result<Option<String>, Failure> {
        Ok(None)
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        let mut rng = self.world.rng.borrow_mut();
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&rng.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    async fn fetch(&self, request: message::Request<Secret>) -> Result<message::Response<Vec<u8>>, FetchError> {
        let (status, retry_after, body) = self.exchange(messages::sent(request)).await?;
        let mut response = Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header("retry-after", seconds);
        }
        Ok(messages::read(response.body(body.into_bytes()).expect("a response")))
    }

    fn is_trusted(&self) -> bool {
        false
    }

    fn request_headers(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    async fn forward(&self, url: &str, headers: &[(String, String)]) -> Result<Head, FetchError> {
        let mut request = Request::builder().method(self.method).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Secret::new("")).expect("a request");
        let (status, _, _) = self.exchange(request).await?;
        Ok(Head { status, headers: Vec::new() })
    }

    fn can_forward_again(&self) -> bool {
        true
    }

    fn pass_back(&self, head: Head) {
        *self.passed.borrow_mut() = Some(head);
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Failure> {
        self.before_store("get", key).await?;
        let now = self.world.now.get();
        let found = self
            .world
            .store
            .borrow()
            .live(key, now)
            .map(|entry| Stored { value: entry.value.clone(), version: entry.version.clone() });
        self.after_store("get", key).await?;
        Ok(found)
    }

    async fn put(
        &self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Failure> {
        self.before_store("put", key).await?;
        let now = self.world.now.get();
        let version = self.world.store.borrow_mut().put(key, value, expected, expires_at, now);
        match version {
            Some(_) => checks::stored(&self.world, self.call, key, value),
            None => self.world.note(|| format!("call {} conflict at {key}", self.call)),
        }
        self.after_store("put", key).await?;
        Ok(version)
    }

    async fn delete(&self, key: &str, expected: &str) -> Result<bool, Failure> {
        self.before_store("delete", key).await?;
        let now = self.world.now.get();
        let is_gone = self.world.store.borrow_mut().delete(key, expected, now);
        if is_gone {
            checks::deleted(&self.world, self.call, key);
        }
        self.after_store("delete", key).await?;
        Ok(is_gone)
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Failure> {
        self.before_store("list", prefix).await?;
        let mut page = StoredPage::default();
        {
            let store = self.world.store.borrow();
            let under = store.entries.iter().filter(|(key, _)| key.starts_with(prefix));
            let mut rest = under.filter(|(key, _)| cursor.is_none_or(|from| key.as_str() > from));
            for (key, entry) in rest.by_ref().take(limit as usize) {
                let stored = Stored { value: entry.value.clone(), version: entry.version.clone() };
                page.entries.push((key.clone(), stored));
            }
            if rest.next().is_some() {
                page.cursor = page.entries.last().map(|(key, _)| key.clone());
            }
        }
        self.after_store("list", prefix).await?;
        Ok(page)
    }

    fn emit(&self, event: &Event) {
        checks::told(&self.world, self.call, &event.to_json(self.world.now.get()));
    }

    fn deliver_later(&self, _: &str) {}
}
