//! Plays one ending to one client.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crate::endings::Ending;
use crate::judge::{Observation, ended, is_decided, judge};
use crate::loopback::{Gateway, OUTAGE, Script, Setup};
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
    let mut scripts = VecDeque::from([ending.script]);
    if is_outage(ending) {
        scripts.push_back(Script::Live(beats(setup)));
    }
    let gateway = Gateway::open(Setup { messages, scripts, last, port, ..base.clone() }).await?;
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
    let begun = setup.time.within(setup.start, log.wait_for(|log| ended(log, 0).is_some() || is_decided(ending, log))).await;
    if begun.is_some_and(|log| log.is_ok_and(|log| !is_decided(ending, &log))) {
        // A client notices a heartbeat that is not acknowledged when it sends the next one.
        let longer = match ending.script {
            Script::HeartbeatTimeout => setup.interval,
            // The last wait may be as long as all before it, twice if it is random.
            Script::Outage(_) => 3 * OUTAGE + setup.interval * beats(setup),
            _ => Duration::ZERO,
        };
        let most = ending.latest.saturating_add(setup.patience).saturating_add(longer);
        let _ = setup.time.within(most, log.wait_for(|log| is_decided(ending, log))).await;
    }
}

fn is_outage(ending: &Ending) -> bool {
    matches!(ending.script, Script::Outage(_))
}

/// The heartbeats of a session that lives a minute.
fn beats(setup: &Setup) -> u32 {
    u32::try_from(60_000 / setup.interval.as_millis().max(1)).unwrap_or(0) + 2
}
