//! One run: isolates, calls, and the loop that lets one thing happen after another.

use crate::books::Promise;
use crate::checks;
use crate::messages::Serve;
use crate::platform::SimPlatform;
use crate::scenario::{Act, Ask, LONGEST_CALL, draw};
use crate::service::{ADMIN_KEY, HAND_OFF, Keys, PUBLIC, edge};
use crate::world::{Due, Dying, START, Tally, Violation, World};
use http::Request;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use zendesk_auth::edge::Edge;

const CLIENT_SECRET: &str = "client-secret-of-the-simulation";
/// More than this, and the run would not end.
const MOST_STEPS: u64 = 400_000;

type Reply = (u16, String);

struct Call {
    future: Option<Pin<Box<dyn Future<Output = Reply>>>>,
    isolate: usize,
    began: u64,
    ask: Ask,
}

pub struct Run {
    world: Rc<World>,
    isolates: Vec<(Rc<Edge>, Keys)>,
    calls: Vec<Call>,
    acts: Vec<Act>,
    /// For each connection's tenant: an admin's session, and the profile.
    tenants: Vec<(String, String)>,
    codes: usize,
    /// From where the sweep of the keys goes on; `None` when it is done.
    sweep: Option<String>,
}

/// What came of a run.
pub struct Outcome {
    pub tally: Tally,
    pub violation: Option<Violation>,
    pub trace: Vec<String>,
}

/// Runs a seed to its end, or to the first broken promise.
pub fn run(seed: u64, is_traced: bool) -> Outcome {
    let world = World::new(seed, is_traced);
    let isolates = (0..world.plan.isolates).map(|_| (edge(&world.plan, Keys::Old), Keys::Old)).collect();
    let mut run = Run {
        world,
        isolates,
        calls: Vec::new(),
        acts: Vec::new(),
        tenants: Vec::new(),
        codes: 0,
        sweep: Some("0:".into()),
    };
    run.world.note(|| format!("{:?}", run.world.plan));
    run.set_up();
    let acts = draw(&run.world.plan, &mut run.world.rng.borrow_mut());
    for (at, act) in acts {
        run.world.schedule(START + at, Due::Act(run.acts.len()));
        run.acts.push(act);
    }
    run.go();
    run.finish();
    let violation = run.world.violation.borrow().clone();
    Outcome { tally: run.world.tally.get(), violation, trace: run.world.take_trace() }
}

impl Run {
    /// Connects every account while nothing goes wrong.
    fn set_up(&mut self) {
        self.world.is_healed.set(true);
        for connection in 0..self.world.plan.connections {
            self.world.books.borrow_mut().promises.push(Promise::default());
            let tenant = format!("tenant-{connection}");
            let body = json!({ "role": "admin", "tenant": tenant, "expiresIn": 86_400 });
            let session = field(&self.now("POST", "/sessions", ADMIN_KEY, Some(body)), "session");
            let form = json!({
                "name": "Support", "subdomain": "acme", "clientId": "acme_client", "clientSecret": CLIENT_SECRET,
                "scope": "read write",
            });
            let profile = field(&self.now("POST", "/profiles", &session, Some(form)), "id");
            self.tenants.push((session, profile));
            self.begin(Ask::Authorize(connection), 0);
            self.go();
        }
        self.world.is_healed.set(false);
        self.world.now.set(START);
    }

    /// One call from its beginning to its end.
    fn now(&mut self, method: &'static str, path: &str, bearer: &str, body: Option<Value>) -> Reply {
        let call = self.spawn(0, Ask::Rotate(String::new()), method, path, bearer, body);
        loop {
            match self.world.next_due() {
                Some(Due::Poll(due)) if due == call => {
                    if let Some(reply) = self.poll(call) {
                        return reply;
                    }
                }
                Some(Due::Arrive(arrival)) => self.arrive(&arrival),
                Some(_) => {}
                None => panic!("the set-up does not end"),
            }
        }
    }

    fn begin(&mut self, ask: Ask, isolate: usize) {
        let (method, path, bearer, body) = self.request(&ask);
        self.world.books.borrow_mut().begins(&ask);
        self.spawn(isolate, ask, method, &path, &bearer, body);
    }

    fn request(&mut self, ask: &Ask) -> (&'static str, String, String, Option<Value>) {
        let of = |connection: usize, rest: &str| {
            let id = self.world.books.borrow().promises[connection].id.clone();
            format!("/connections/{id}{rest}?tenant=tenant-{connection}")
        };
        let key = String::from(ADMIN_KEY);
        match ask {
            Ask::Credentials(connection) | Ask::Final(connection) => {
                ("GET", of(*connection, "/credentials"), key, None)
            }
            Ask::Refresh(connection) => ("POST", of(*connection, "/refresh"), key, None),
            Ask::Verify(connection) => ("POST", of(*connection, "/verify"), key, None),
            Ask::Proxy(connection) => ("GET", of(*connection, "/proxy/api/v2/tickets.json"), key, None),
            Ask::Disconnect(connection) => {
                let path = of(*connection, "");
                let path = path.split('?').next().unwrap_or_default().to_string();
                ("DELETE", path, self.tenants[*connection].0.clone(), None)
            }
            Ask::Rotate(cursor) => ("POST", "/keys/rotate".into(), key, Some(json!({ "cursor": cursor, "limit": 2 }))),
            Ask::Authorize(connection) => {
                self.codes += 1;
                let (session, profile) = self.tenants[*connection].clone();
                let body = json!({
                    "profile": profile, "code": format!("code-{connection}-secret-{}", self.codes),
                    "codeVerifier": "v".repeat(43), "subdomain": "acme", "redirectUri": HAND_OFF,
                });
                ("POST", "/oauth/exchange".into(), session, Some(body))
            }
        }
    }

    fn spawn(
        &mut self,
        isolate: usize,
        ask: Ask,
        method: &'static str,
        path: &str,
        bearer: &str,
        body: Option<Value>,
    ) -> usize {
        let call = self.calls.len();
        self.world.count(|tally| tally.calls += 1);
        self.world.note(|| format!("call {call} begins in isolate {isolate}: {method} {path}"));
        let edge = Rc::clone(&self.isolates[isolate].0);
        let platform = SimPlatform { world: Rc::clone(&self.world), call, isolate, method, passed: RefCell::default() };
        let mut request = Request::builder().method(method).uri(format!("{PUBLIC}{path}"));
        request = request.header("authorization", format!("Bearer {bearer}"));
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                body.to_string().into_bytes()
            }
            None => Vec::new(),
        };
        let request = request.body(body).expect("a request");
        let future = Box::pin(async move {
            let response = edge.serve(&platform, request).await;
            let status = platform.passed.borrow().as_ref().map_or(response.status().as_u16(), |head| head.status);
            (status, String::from_utf8(response.into_body()).expect("UTF-8"))
        });
        self.calls.push(Call { future: Some(future), isolate, began: self.world.now.get(), ask });
        self.world.books.borrow_mut().alive.insert(call);
        self.world.schedule(self.world.now.get(), Due::Poll(call));
        call
    }

    /// Lets one thing happen after another, until nothing is left to happen.
    fn go(&mut self) {
        let mut steps = 0;
        while let Some(due) = self.world.next_due() {
            steps += 1;
            if steps > MOST_STEPS {
                return self.world.violate("every call ends", "the run does not".into());
            }
            match due {
                Due::Arrive(arrival) => self.arrive(&arrival),
                Due::Act(index) => self.act(index),
                Due::Poll(call) => {
                    if let Some(reply) = self.poll(call) {
                        self.answered(call, reply);
                    }
                }
            }
            if self.world.violation.borrow().is_some() {
                return;
            }
        }
    }

    fn arrive(&mut self, arrival: &Rc<crate::zendesk::Arrival>) {
        let now = self.world.now.get();
        let answer = self.world.zendesk.borrow_mut().receive(arrival, now);
        self.world.note(|| {
            let said: String = answer.1.chars().take(60).collect();
            format!(
                "Zendesk receives {} {} of call {}: {} {said}",
                arrival.method, arrival.path, arrival.sender, answer.0
            )
        });
        *arrival.answer.borrow_mut() = Some(answer);
        // Whoever sent it may be dead by now.
        if !self.world.books.borrow().alive.contains(&arrival.sender) {
            checks::over(&self.world, arrival.sender, true);
        }
    }

    fn act(&mut self, index: usize) {
        match self.acts[index].clone() {
            Act::Call { ask, isolate } => {
                if let Ask::Final(_) = ask {
                    // Once all is sealed anew, nobody needs the old key.
                    let keys = if self.sweep.is_none() { Keys::New } else { self.isolates[isolate].1 };
                    self.restart(isolate, keys);
                }
                self.begin(ask, isolate);
            }
            Act::Deploy { isolate, keys } => {
                self.world.note(|| format!("isolate {isolate} gets its keys: {keys:?}"));
                self.restart(isolate, keys);
            }
            Act::Sweep(isolate) => {
                if let Some(cursor) = self.sweep.clone() {
                    self.begin(Ask::Rotate(cursor), isolate);
                }
            }
            Act::TakeBack(connection) => {
                self.world.note(|| format!("the grant of connection {connection} is taken back"));
                self.world.zendesk.borrow_mut().take_back(connection);
            }
            Act::Rename => {
                self.world.note(|| "the account is renamed".into());
                self.world.zendesk.borrow_mut().gone_from = Some(self.world.now.get());
            }
            Act::Heal => {
                self.world.note(|| "nothing goes wrong from here on".into());
                self.world.is_healed.set(true);
            }
        }
    }

    /// Goes on with a call; its reply, if that was its end.
    fn poll(&mut self, call: usize) -> Option<Reply> {
        let mut future = self.calls[call].future.take()?;
        self.world.current.set(call);
        let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.world.current.set(usize::MAX);
        let dying: Vec<Dying> = self.world.dying.borrow_mut().drain(..).collect();
        let reply = match polled {
            Poll::Ready(reply) => Some(reply),
            Poll::Pending => {
                self.calls[call].future = Some(future);
                None
            }
        };
        if reply.is_some() {
            let took = self.world.now.get() - self.calls[call].began;
            if took > LONGEST_CALL + self.world.books.borrow().dawdled(call) {
                self.world.violate("every call ends", format!("call {call} took {took} ms"));
            }
            checks::over(&self.world, call, false);
            self.world.books.borrow_mut().ends(&self.calls[call].ask, self.world.now.get());
        }
        for death in dying {
            self.kill(death);
        }
        reply
    }

    fn kill(&mut self, death: Dying) {
        self.world.count(|tally| tally.crashes += 1);
        self.world.note(|| format!("{death:?} dies"));
        let is_hit = |call: usize, isolate: usize| match death {
            Dying::Isolate(dying) => isolate == dying,
            Dying::Call(dying) => call == dying,
        };
        for call in 0..self.calls.len() {
            if is_hit(call, self.calls[call].isolate) && self.calls[call].future.take().is_some() {
                checks::over(&self.world, call, true);
                self.world.books.borrow_mut().ends(&self.calls[call].ask, self.world.now.get());
            }
        }
        if let Dying::Isolate(isolate) = death {
            self.restart(isolate, self.isolates[isolate].1);
        }
    }

    /// Whether no other call of this kind goes on, or has ended since this one began.
    fn was_alone(&self, call: usize, other: &Ask, ended_at: u64) -> bool {
        let goes_on = |each: &Call| each.future.is_some() && each.ask == *other;
        ended_at < self.calls[call].began && !self.calls.iter().any(goes_on)
    }

    fn restart(&mut self, isolate: usize, keys: Keys) {
        self.isolates[isolate] = (edge(&self.world.plan, keys), keys);
    }

    fn answered(&mut self, call: usize, (status, text): Reply) {
        let ask = self.calls[call].ask.clone();
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        let code = json["code"].as_str().unwrap_or_default().to_string();
        self.world.note(|| format!("call {call} is answered with {status} {code}"));
        if matches!(code.as_str(), "sealing_key_unknown" | "seal_broken") || text.contains("\"unreadable\":[{") {
            self.world.violate("keys rotate without downtime", format!("call {call} is answered with {text}"));
        }
        match ask {
            Ask::Authorize(connection) if status == 201 => {
                let left_at = self.world.books.borrow().promises[connection].left_at;
                let is_last = self.was_alone(call, &Ask::Disconnect(connection), left_at);
                let mut books = self.world.books.borrow_mut();
                let promise = &mut books.promises[connection];
                promise.id = json["id"].as_str().expect("an id").into();
                promise.is_leaving &= !is_last;
            }
            Ask::Credentials(connection) | Ask::Final(connection) if status == 200 => {
                let key = self.key(connection);
                let access =
                    json["authorization"].as_str().unwrap_or_default().trim_start_matches("Bearer ").to_string();
                checks::handed_out(&self.world, call, &key, &access);
                if let Ask::Final(_) = ask {
                    checks::last_look(&self.world, connection, &key, (status, &code), &access);
                }
            }
            Ask::Final(connection) => {
                checks::last_look(&self.world, connection, &self.key(connection), (status, &code), "");
            }
            Ask::Disconnect(connection) if status == 200 => {
                let authorized_at = self.world.books.borrow().promises[connection].authorized_at;
                let is_last = self.was_alone(call, &Ask::Authorize(connection), authorized_at);
                self.world.books.borrow_mut().promises[connection].is_gone = is_last;
                if json["revoked"] == "confirmed" {
                    checks::said_to_be_revoked(&self.world, call);
                }
            }
            Ask::Rotate(_) if status == 200 => {
                self.sweep = json["cursor"].as_str().map(String::from);
                if let Some(cursor) = self.sweep.clone() {
                    let isolate = self.calls[call].isolate;
                    self.begin(Ask::Rotate(cursor), isolate);
                }
            }
            _ => {}
        }
    }

    fn key(&self, connection: usize) -> String {
        format!("connections/tenant-{connection}/{}", self.world.books.borrow().promises[connection].id)
    }

    fn finish(&mut self) {
        if self.world.violation.borrow().is_none()
            && let Some(call) = (0..self.calls.len()).find(|call| self.calls[*call].future.is_some())
        {
            self.world.violate("every call ends", format!("call {call} does not"));
        }
    }
}

fn field((status, text): &Reply, name: &str) -> String {
    let json: Value = serde_json::from_str(text).expect("JSON");
    json[name].as_str().unwrap_or_else(|| panic!("{status} {text}")).into()
}
