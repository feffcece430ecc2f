//! Plays one ending to one client.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crate::endings::Ending;
use crate::judge::{Observation, ended, is_decided, judge};
use crate::loopback::{Gateway, Script, Setup};
use crate::messages::Messages;
use crate::time::Time;

/// How an ending is played.
#[derive(Clone)]
pub struct Stage {
    /// The clock.
    pub time: Time,
    /// Where the gateway listens. 0: at some free port.
    pub port: u16,
    /// How long the gateway waits for a client that does not come back, after the longest wait that the policy allows.
    pub patience: Duration,
    /// How long it waits for the client to connect for the first time.
    pub start: Duration,
    /// The time between two heartbeats.
    pub interval: Duration,
    /// How long a session lives before it is ended, so that the client knows of it.
    pub life: Duration,
    /// What stands before the address of the voice server: nothing, as documented, or `ws://`.
    pub voice_scheme: &'static str,
}

impl Stage {
    fn setup(&self, messages: Messages, port: u16) -> Setup {
        let (time, last) = (self.time.clone(), Script::Drop);
        // So that a client which came back and says nothing is told from one that did not come.
        let (interval, life, patience) = (self.interval, self.life, self.patience / 2);
        Setup { messages, time, scripts: VecDeque::new(), last, port, interval, patience, life, voice: None }
    }
}

/// Plays an ending to a client, which gets the URL of the gateway, and of the main gateway for an ending of voice.
///
/// When the client returns, it will not come back.
pub async fn play<F: Future<Output = ()>>(
    ending: &Ending,
    stage: &Stage,
    client: impl FnOnce(String) -> F,
) -> io::Result<Observation> {
    let is_voice = ending.messages.is_voice;
    let setup = stage.setup(ending.messages, if is_voice { 0 } else { stage.port });
    let setup = Setup { scripts: [ending.script].into(), last: Script::Close(ending.last), ..setup };
    let gateway = Gateway::open(setup).await?;
    let main = if is_voice {
        let endpoint = gateway.url.trim_start_matches("ws://").trim_end_matches('/');
        let voice = Some(format!("{}{endpoint}", stage.voice_scheme));
        let last = Script::Commands(u32::MAX, ending.last);
        // Its client does not wait for the clock of the test.
        let time = Time::real();
        let life = Duration::ZERO;
        Some(Gateway::open(Setup { time, last, life, voice, ..stage.setup(Messages::gateway(), stage.port) }).await?)
    } else {
        None
    };
    let client = client(main.as_ref().unwrap_or(&gateway).url.clone());
    tokio::select! {
        () = watch(&gateway, ending, stage) => {}
        () = client => {
            // What it sent last is on the way.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
    let log = gateway.log.borrow();
    Ok(judge(ending, &log))
}

/// Waits until the client has shown what it does, or for long enough.
async fn watch(gateway: &Gateway, ending: &Ending, stage: &Stage) {
    let mut log = gateway.log.subscribe();
    let begun = stage.time.within(stage.start, log.wait_for(|log| ended(log).is_some() || is_decided(log))).await;
    if begun.is_some_and(|log| log.is_ok_and(|log| !is_decided(&log))) {
        // A client notices a heartbeat that is not acknowledged when it sends the next one.
        let most = ending.latest
            + stage.patience
            + if ending.script == Script::HeartbeatTimeout { stage.interval } else { Duration::ZERO };
        let _ = stage.time.within(most, log.wait_for(|log| is_decided(log))).await;
    }
}
