//! Virtual time: it passes when nobody has anything else to do.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::Poll;

/// One turn for whoever else is waiting.
pub async fn turn() {
    let mut is_over = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Whether anything else happens, and who waits until when.
#[derive(Default)]
pub struct Waiting {
    operations: Cell<u64>,
    until: RefCell<Vec<u64>>,
}

impl Waiting {
    /// Something has happened.
    pub fn note(&self) {
        self.operations.set(self.operations.get() + 1);
    }

    pub async fn wait(&self, now: &Cell<u64>, milliseconds: u32) {
        let until = now.get() + u64::from(milliseconds);
        self.until.borrow_mut().push(until);
        let (mut idle, mut seen) = (0, self.operations.get());
        while now.get() < until {
            turn().await;
            let operations = self.operations.get();
            idle = if operations == seen { idle + 1 } else { 0 };
            seen = operations;
            if idle > 8 {
                let next = self.until.borrow().iter().copied().min().unwrap();
                now.set(now.get().max(next));
            }
        }
        let mut waiting = self.until.borrow_mut();
        let own = waiting.iter().position(|at| *at == until).unwrap();
        waiting.swap_remove(own);
    }
}
