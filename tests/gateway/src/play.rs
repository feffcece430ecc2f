//! Plays one ending to one client.

use std::io;
use std::time::Duration;

use crate::endings::Ending;
use crate::judge::{Observation, ended, is_decided, judge};
use crate::loopback::{Gateway, Script, Setup};
use crate::time::Time;

/// Plays an ending to a client, which gets the URL of the gateway, and of the main gateway for an ending of voice.
///
/// When the client returns, it will not come back.
pub async fn play<F: Future<Output = ()>>(
    ending: &Ending,
    setup: &Setup,
    client: impl FnOnce(String) -> F,
) -> io::Result<Observation> {
    let (messages, is_voice) = (ending.messages, ending.messages.is_voice);
    // Half of it, so that a client which came back and says nothing is told from one that did not come.
    let base = Setup { patience: setup.patience / 2, ..setup.clone() };
    let port = if is_voice { 0 } else { base.port };
    let last = Script::Close(ending.last);
    let gateway = Gateway::open(Setup { messages, scripts: [ending.script].into(), last, port, ..base.clone() }).await?;
    let main = if is_voice {
        let endpoint = gateway.url.trim_start_matches("ws://").trim_end_matches('/');
        let voice = Some(format!("{}{endpoint}", base.voice_scheme));
        let last = Script::Commands(u32::MAX, ending.last);
        // Its client does not wait for the clock of the test.
        Some(Gateway::open(Setup { time: Time::real(), last, life: Duration::ZERO, voice, ..base }).await?)
    } else {
        None
    };
    let client = client(main.as_ref().unwrap_or(&gateway).url.clone());
    tokio::select! {
        () = watch(&gateway, ending, setup) => {}
        () = client => {
            // What it sent last is on the way. Several short times, as all tasks get their turn in between.
            for _ in 0..10 {
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }
    }
    let observation = judge(ending, &gateway.log.borrow());
    if setup.port != 0 {
        // A client that is not ended with the test is told to stop.
        tokio::time::sleep(setup.life + Duration::from_millis(300)).await;
    }
    Ok(observation)
}

/// Waits until the client has shown what it does, or for long enough.
async fn watch(gateway: &Gateway, ending: &Ending, setup: &Setup) {
    let mut log = gateway.log.subscribe();
    let begun = setup.time.within(setup.start, log.wait_for(|log| ended(log).is_some() || is_decided(log))).await;
    if begun.is_some_and(|log| log.is_ok_and(|log| !is_decided(&log))) {
        // A client notices a heartbeat that is not acknowledged when it sends the next one.
        let beat = if ending.script == Script::HeartbeatTimeout { setup.interval } else { Duration::ZERO };
        let most = ending.latest.saturating_add(setup.patience).saturating_add(beat);
        let _ = setup.time.within(most, log.wait_for(|log| is_decided(log))).await;
    }
}
