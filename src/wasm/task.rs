//! What runs in the isolate: one task for each request, polled whenever something that it waits for at the host is there.
//!
//! The host's promises call [`settle`] and its like themselves. There is no queue between, as there would be with promises as
//! futures: a request goes on within what belongs to it, which workerd insists on, and each wait costs two calls across the
//! boundary and no objects.

use core::cell::{Cell, RefCell};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use js_sys::Date;
use std::prelude::v1::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// What has not gone on for so long was given up by its runtime, which settles nothing of it any more. Milliseconds: a day, which
/// no single call takes.
const LONGEST: f64 = 86_400_000.0;
/// Before so many run at once, nobody looks for those that were given up.
const MANY: usize = 64;

/// How a call to the host came out.
#[derive(Default)]
pub struct Settled {
    /// A status, or 1 for yes.
    pub number: u16,
    /// A value, a version, or headers.
    pub text: Option<String>,
    /// A version.
    pub version: Option<String>,
    /// A body.
    pub body: Vec<u8>,
    /// A listing.
    pub listing: JsValue,
}

/// Why a call to the host came to nothing.
pub struct Failed {
    /// `timeout`, `too-large`, or nothing in particular.
    pub trouble: String,
    /// What was thrown, as a text.
    pub message: String,
}

enum Call {
    Waiting,
    Over(Result<Settled, Failed>),
}

/// What a task waits for, by the numbers that the host gives back.
#[derive(Default)]
pub struct Task {
    number: u32,
    calls: RefCell<Vec<(u32, Call)>>,
    last_call: Cell<u32>,
}

/// A call that the host has begun.
pub struct Pending<'a> {
    task: &'a Task,
    call: u32,
}

impl Task {
    /// Hands a call to the host, which is to settle it under the task's and the call's number.
    pub fn ask(&self, begin: impl FnOnce(u32, u32)) -> Pending<'_> {
        let call = self.last_call.get().wrapping_add(1);
        self.last_call.set(call);
        self.calls.borrow_mut().push((call, Call::Waiting));
        begin(self.number, call);
        Pending { task: self, call }
    }

    fn settle(&self, call: u32, outcome: Result<Settled, Failed>) {
        if let Some((_, state)) = self.calls.borrow_mut().iter_mut().find(|(number, _)| *number == call) {
            *state = Call::Over(outcome);
        }
    }
}

impl Future for Pending<'_> {
    type Output = Result<Settled, Failed>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let mut calls = self.task.calls.borrow_mut();
        match calls.iter().position(|(number, state)| *number == self.call && matches!(state, Call::Over(_))) {
            Some(place) => match calls.swap_remove(place).1 {
                Call::Over(outcome) => Poll::Ready(outcome),
                Call::Waiting => Poll::Pending,
            },
            None => Poll::Pending,
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.task.calls.borrow_mut().retain(|(number, _)| *number != self.call);
    }
}

struct Running {
    number: u32,
    /// When it last went on.
    moved: f64,
    task: Rc<Task>,
    /// Not here while it is polled.
    work: Option<Work>,
}

thread_local! {
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
    static LAST_TASK: Cell<u32> = const { Cell::new(0) };
}

/// Begins a task, and takes it as far as it goes without the host.
pub fn start<W: Future<Output = ()> + 'static>(work: impl FnOnce(Rc<Task>) -> W) {
    let number = LAST_TASK.get().wrapping_add(1);
    LAST_TASK.set(number);
    let task = Rc::new(Task { number, ..Task::default() });
    let work: Work = Box::pin(work(Rc::clone(&task)));
    let now = Date::now();
    let given_up: Vec<Running> = RUNNING.with_borrow_mut(|running| {
        let is_given_up = |each: &mut Running| now - each.moved > LONGEST;
        let given_up = if running.len() < MANY { Vec::new() } else { running.extract_if(.., is_given_up).collect() };
        running.push(Running { number, moved: now, task, work: Some(work) });
        given_up
    });
    drop(given_up);
    go_on(number);
}

fn go_on(number: u32) {
    let taken = RUNNING.with_borrow_mut(|running| running.iter_mut().find(|each| each.number == number)?.work.take());
    let Some(mut work) = taken else { return };
    let is_over = work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
    let (mut work, moved) = (Some(work), Date::now());
    let over = RUNNING.with_borrow_mut(|running| {
        let place = running.iter().position(|each| each.number == number)?;
        if is_over {
            return Some(running.swap_remove(place));
        }
        let each = running.get_mut(place)?;
        (each.work, each.moved) = (work.take(), moved);
        None
    });
    // What they held may call the host when it is dropped, and so not while the list is borrowed.
    drop((over, work));
}

/// Tells a task of what it waits for; one that is over wants to know nothing more.
fn tell(task: u32, call: u32, outcome: Result<Settled, Failed>) {
    let told = RUNNING.with_borrow(|running| {
        running.iter().find(|each| each.number == task).map(|each| each.task.settle(call, outcome))
    });
    if told.is_some() {
        go_on(task);
    }
}

/// A call has come out.
#[wasm_bindgen]
pub fn settle(task: u32, call: u32, number: u16, text: Option<String>, version: Option<String>, body: Option<Vec<u8>>) {
    let body = body.unwrap_or_default();
    tell(task, call, Ok(Settled { number, text, version, body, listing: JsValue::UNDEFINED }));
}

/// A listing is there.
#[wasm_bindgen(js_name = settleListing)]
pub fn settle_listing(task: u32, call: u32, listing: JsValue) {
    tell(task, call, Ok(Settled { listing, ..Settled::default() }));
}

/// A call has failed.
#[wasm_bindgen]
pub fn fail(task: u32, call: u32, trouble: String, message: String) {
    tell(task, call, Err(Failed { trouble, message }));
}
