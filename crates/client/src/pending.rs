//! Which requests wait for an answer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use ids::MessageId;
use tokio::sync::oneshot;

use crate::events::Frame;

/// The requests that wait, by the id that their answer will carry.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    waiting: Mutex<HashMap<MessageId, Waiter>>,
    last: AtomicU64,
}

/// Who is to have an answer.
#[derive(Debug)]
enum Waiter {
    Request(oneshot::Sender<Frame>),
    /// A heartbeat: that something came back is all there is to know.
    Nobody,
}

impl Pending {
    /// An id that this client has not used before. The prefix keeps it apart from ids that a program writes itself.
    pub(crate) fn fresh_id(&self) -> MessageId {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        MessageId::parse(format!("client-{number}")).expect("short, and no control character in it")
    }

    /// Waits for the answer to `id`; `None` where something waits for it already.
    pub(crate) fn wait_for(&self, id: MessageId) -> Option<Waiting<'_>> {
        let (sender, answer) = oneshot::channel();
        match self.lock().entry(id.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(free) => {
                free.insert(Waiter::Request(sender));
                Some(Waiting {
                    id,
                    answer,
                    pending: self,
                })
            }
        }
    }

    /// An id whose answer is to be swallowed.
    pub(crate) fn wait_for_nobody(&self) -> MessageId {
        let id = self.fresh_id();
        self.lock().insert(id.clone(), Waiter::Nobody);
        id
    }

    /// Hands an answer to who waits for it; gives it back where nobody does.
    pub(crate) fn answer(&self, frame: Frame) -> Option<Frame> {
        let waiting = frame
            .reply_to
            .as_ref()
            .and_then(|id| self.lock().remove(id));
        match waiting {
            Some(Waiter::Request(waiting)) => waiting.send(frame).err(),
            Some(Waiter::Nobody) => None,
            None => Some(frame),
        }
    }

    /// Lets everybody know that no answer will come.
    pub(crate) fn give_up(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<MessageId, Waiter>> {
        self.waiting
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// A request that waits. Dropped, it waits no longer, so that a request that was given up leaves nothing behind.
pub(crate) struct Waiting<'a> {
    pub(crate) id: MessageId,
    pub(crate) answer: oneshot::Receiver<Frame>,
    pending: &'a Pending,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.pending.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_to(id: &str) -> Frame {
        Frame::read(format!(
            r#"{{"event":"ok","content":{{}},"reply_to":"{id}"}}"#
        ))
    }

    #[test]
    fn an_answer_reaches_who_asked() {
        let pending = Pending::default();
        let mut waiting = pending.wait_for(pending.fresh_id()).expect("a fresh id");
        assert!(pending.answer(answer_to("client-1")).is_none());
        assert!(waiting.answer.try_recv().is_ok());
    }

    #[test]
    fn an_answer_that_nobody_waits_for_any_more_comes_back() {
        let pending = Pending::default();
        drop(pending.wait_for(pending.fresh_id()));
        assert!(pending.answer(answer_to("client-1")).is_some());
    }

    #[test]
    fn the_answer_to_a_heartbeat_is_swallowed() {
        let pending = Pending::default();
        pending.wait_for_nobody();
        assert!(pending.answer(answer_to("client-1")).is_none());
    }

    #[test]
    fn one_id_is_waited_for_once() {
        let pending = Pending::default();
        let id = pending.fresh_id();
        let _waiting = pending.wait_for(id.clone());
        assert!(pending.wait_for(id).is_none());
    }
}
