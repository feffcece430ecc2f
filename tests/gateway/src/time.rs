//! Clocks: the one of the machine, and one that moves only when it is set.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// A clock that moves only when it is set, and the pauses that a client made.
#[derive(Clone)]
pub struct VirtualTime {
    now: watch::Sender<Duration>,
    pauses: Arc<Mutex<Vec<Duration>>>,
}

impl Default for VirtualTime {
    fn default() -> Self {
        Self { now: watch::Sender::new(Duration::from_secs(1)), pauses: Arc::default() }
    }
}

#[allow(clippy::missing_panics_doc, reason = "nothing panics with the lock")]
impl VirtualTime {
    /// A clock that stands still.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The time since some moment.
    #[must_use]
    pub fn now(&self) -> Duration {
        *self.now.borrow()
    }

    /// Sets the clock.
    pub fn advance(&self, time: Duration) {
        self.now.send_modify(|now| *now += time);
    }

    /// Lets a client wait, which takes no time.
    pub fn pause(&self, delay: Duration) {
        self.pauses.lock().unwrap().push(delay);
        self.advance(delay);
    }

    /// The pauses of the client.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }

    /// Waits until the clock shows a moment.
    pub async fn until(&self, moment: Duration) {
        let mut now = self.now.subscribe();
        let _ = now.wait_for(|now| *now >= moment).await;
    }
}

/// The clock of a gateway.
#[derive(Clone)]
pub enum Time {
    /// The one of the machine, from a moment on.
    Real(Instant),
    /// One that is set.
    Virtual(VirtualTime),
}

impl Time {
    /// The clock of the machine.
    #[must_use]
    pub fn real() -> Self {
        Self::Real(Instant::now())
    }

    /// The time since some moment.
    #[must_use]
    pub fn now(&self) -> Duration {
        match self {
            Self::Real(start) => start.elapsed(),
            Self::Virtual(time) => time.now(),
        }
    }

    /// Sets a clock that can be set, after the client has read what was sent to it.
    pub async fn advance(&self, by: Duration) {
        if let Self::Virtual(time) = self {
            for _ in 0..2 {
                sleep(Duration::from_millis(1)).await;
            }
            time.advance(by);
        }
    }

    /// Waits until a moment.
    pub async fn until(&self, moment: Duration) {
        match self {
            Self::Real(start) => match start.checked_add(moment) {
                Some(moment) => sleep_until(moment).await,
                None => std::future::pending().await,
            },
            Self::Virtual(time) => time.until(moment).await,
        }
    }

    /// Waits for something, but not longer than some time.
    pub async fn within<T>(&self, most: Duration, something: impl Future<Output = T>) -> Option<T> {
        let end = self.now().saturating_add(most);
        tokio::select! {
            biased;
            value = something => Some(value),
            () = self.until(end) => None,
        }
    }
}
