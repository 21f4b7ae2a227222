//! What everything in one run shares: virtual time, chance, the store, the model of Zendesk, the plan of faults, and the
//! record of what happened.

use crate::books::Books;
use crate::plan::Plan;
use crate::rng::Rng;
use crate::store::Store;
use crate::zendesk::{Arrival, Zendesk};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// 2026-11-23T12:00:00Z
pub const START: u64 = 1_795_435_200_000;

/// Something that will happen.
pub enum Due {
    /// A call goes on.
    Poll(usize),
    /// A request reaches Zendesk, whatever has become of its sender.
    Arrive(Rc<Arrival>),
    /// The scenario does something.
    Act(usize),
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub message: String,
}

/// How much has happened, for the report.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub calls: u64,
    pub awaits: u64,
    pub refreshes: u64,
    pub faults: u64,
    pub crashes: u64,
    pub lost_pairs: u64,
    pub reauthorizations: u64,
    pub handed_out: u64,
}

pub struct World {
    pub now: Cell<u64>,
    pub rng: RefCell<Rng>,
    pub plan: Plan,
    pub store: RefCell<Store>,
    pub zendesk: RefCell<Zendesk>,
    pub books: RefCell<Books>,
    pub tally: Cell<Tally>,
    pub violation: RefCell<Option<Violation>>,
    /// From some moment on nothing goes wrong any more, so that one can see what is left.
    pub is_healed: Cell<bool>,
    /// The call that is being polled.
    pub current: Cell<usize>,
    /// What is to die as soon as the present poll is over: a whole isolate, or one call.
    pub dying: RefCell<Vec<Dying>>,
    queue: RefCell<BinaryHeap<Reverse<(u64, u64, u64)>>>,
    dues: RefCell<Vec<Option<Due>>>,
    trace: RefCell<Option<Vec<String>>>,
}

#[derive(Clone, Copy, Debug)]
pub enum Dying {
    Isolate(usize),
    Call(usize),
}

impl World {
    pub fn new(seed: u64, is_traced: bool) -> Rc<Self> {
        let mut rng = Rng::of(seed);
        let plan = Plan::draw(&mut rng);
        Rc::new(Self {
            now: Cell::new(START),
            zendesk: RefCell::new(Zendesk::new(plan.lifetime)),
            plan,
            rng: RefCell::new(rng),
            store: RefCell::default(),
            books: RefCell::default(),
            tally: Cell::default(),
            violation: RefCell::default(),
            is_healed: Cell::new(false),
            current: Cell::new(usize::MAX),
            dying: RefCell::default(),
            queue: RefCell::default(),
            dues: RefCell::default(),
            trace: RefCell::new(is_traced.then(Vec::new)),
        })
    }

    pub fn schedule(&self, at: u64, due: Due) {
        let mut dues = self.dues.borrow_mut();
        // What falls on one moment happens in any order.
        let order = self.rng.borrow_mut().next();
        self.queue.borrow_mut().push(Reverse((at.max(self.now.get()), order, dues.len() as u64)));
        dues.push(Some(due));
    }

    /// The next thing that happens; time passes until then.
    pub fn next_due(&self) -> Option<Due> {
        let Reverse((at, _, index)) = self.queue.borrow_mut().pop()?;
        self.now.set(self.now.get().max(at));
        self.dues.borrow_mut()[index as usize].take()
    }

    /// A while passes for the present call.
    pub fn sleep(self: &Rc<Self>, milliseconds: u64) -> Sleep {
        Sleep { world: Rc::clone(self), until: self.now.get() + milliseconds, is_scheduled: false }
    }

    pub fn between(&self, least: u64, most: u64) -> u64 {
        self.rng.borrow_mut().between(least, most)
    }

    pub fn permille(&self, times: u64) -> bool {
        times > 0 && self.rng.borrow_mut().permille(times)
    }

    /// Whether a misfortune happens.
    pub fn strikes(&self, permille: u64) -> bool {
        !self.is_healed.get() && self.permille(permille)
    }

    pub fn count(&self, change: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        change(&mut tally);
        self.tally.set(tally);
    }

    /// Notes what happened, where somebody wants to read it.
    pub fn note(&self, line: impl FnOnce() -> String) {
        if let Some(trace) = self.trace.borrow_mut().as_mut() {
            let passed = self.now.get() - START;
            let (minutes, seconds, millis) = (passed / 60_000, passed / 1000 % 60, passed % 1000);
            trace.push(format!("{minutes:>4}:{seconds:02}.{millis:03}  {}", line()));
        }
    }

    pub fn take_trace(&self) -> Vec<String> {
        self.trace.borrow_mut().take().unwrap_or_default()
    }

    /// Records the first broken promise.
    pub fn violate(&self, invariant: &'static str, message: String) {
        self.note(|| format!("VIOLATION of `{invariant}`: {message}"));
        self.violation.borrow_mut().get_or_insert(Violation { invariant, message });
    }
}

pub struct Sleep {
    world: Rc<World>,
    until: u64,
    is_scheduled: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        // Also without any time: every await is a chance for somebody else.
        if self.is_scheduled && self.world.now.get() >= self.until {
            return Poll::Ready(());
        }
        if !std::mem::replace(&mut self.is_scheduled, true) {
            self.world.schedule(self.until, Due::Poll(self.world.current.get()));
        }
        Poll::Pending
    }
}
