//! The plans at work: gateways on the loopback interface that end connections in every way, and the client of
//! `examples/gateway_client.rs`, which has no table of its own and asks the generated crate alone.
//!
//! `wirecodes-gateway` has the gateway and lists the connections, so that a new table is tested without a line of Rust.

#[path = "../examples/gateway_client.rs"]
mod client;

use std::time::Duration;

use client::{Access, Client, Protocol, after_opcode, gateway, voice};
use serde_json::json;
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode, VoiceOpcode};
use wirecodes::{Action, CloseCode, Instead, NewSessionBy, Opcode, Plan, Policy, Stage, Wait};
use wirecodes_gateway::endings::{codes, last_stop};
use wirecodes_gateway::loopback::{Gateway, Script, Seen};
use wirecodes_gateway::messages::Messages;
use wirecodes_gateway::time::VirtualTime;

impl client::Time for VirtualTime {
    fn now(&self) -> Duration {
        self.now()
    }

    async fn pause(&self, delay: Duration) {
        self.pause(delay);
    }

    async fn until(&self, moment: Duration) {
        self.until(moment).await;
    }
}

/// A run of the client: what the gateway saw, the waits of the client, and its last plan.
struct Run {
    seen: Vec<Seen>,
    pauses: Vec<Duration>,
    plan: Plan,
    /// How often the client asked the main gateway for a voice session.
    asked: usize,
}

/// Runs a client against a gateway that follows the scripts.
async fn run<T: CloseCode>(protocol: Protocol<T>, scripts: Vec<Script>) -> Run {
    let time = VirtualTime::new();
    let last = last_stop::<T>().expect("the table has a stop");
    let gateway = Gateway::start(Messages::of::<T>(), &time, scripts.clone(), last).await;
    let (client, handle) = Client::new(protocol, &time);
    let is_voice = T::NEW_SESSION_BY == NewSessionBy::MainConnection;
    let ended = async {
        if is_voice {
            run_voice(client, &gateway, &time, scripts.len()).await
        } else {
            let access = Access { url: gateway.url.clone(), token: "token".to_owned() };
            (client.run(&access).await, 0)
        }
    };
    let (plan, asked) = tokio::time::timeout(Duration::from_mins(1), ended).await.expect("the client ends");
    drop(handle);
    Run { seen: gateway.seen(), pauses: time.pauses(), plan, asked }
}

/// Runs a voice client with a main connection of its own, which is also on the loopback interface.
async fn run_voice<T: CloseCode>(
    client: Client<'_, T, VirtualTime>,
    gateway: &Gateway,
    time: &VirtualTime,
    scripts: usize,
) -> (Plan, usize) {
    let protocol = client::gateway(after_opcode::<GatewayCloseCode, GatewayOpcode>);
    let main_time = VirtualTime::new();
    let main_gateway = Gateway::start(Messages::gateway(), &main_time, vec![Script::Commands(50, 4004)], 4004).await;
    let (main, mut handle) = Client::new(protocol, &main_time);
    let access = Access { url: main_gateway.url.clone(), token: "token".to_owned() };
    let join = json!({ "op": GatewayOpcode::VoiceStateUpdate.code(), "d": { "endpoint": gateway.url } });
    // Nobody is connected any more when the scripts have ended: the time for an event that overrules a stop goes by.
    let passing = async {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            if gateway.ended.load(std::sync::atomic::Ordering::Relaxed) > scripts.saturating_sub(1) {
                time.advance(Duration::from_secs(1));
            }
        }
    };
    let plan = tokio::select! {
        plan = client.run_voice(&mut handle, &join) => plan,
        plan = main.run(&access) => panic!("the main connection stopped: {plan}"),
        () = passing => unreachable!("it never ends"),
    };
    let asked = main_gateway.commands.lock().unwrap().len();
    (plan, asked)
}

/// What the gateway must see after the first connection, and the waits that it must see.
fn check<T: CloseCode>(run: &Run, script: Script, policy: &Policy, has_session: bool, has_events: bool) {
    let what = format!("{script:?}: {policy}");
    let second = run.seen.iter().skip(1).find(|seen| !matches!(seen, Seen::Closed(_)));
    let action = match policy.action {
        Action::Resume if !has_session => Action::NewSession,
        action => action,
    };
    let sequence = if has_events { 40 } else { 39 };
    match (action, second) {
        (Action::Stop, None) => assert_eq!(run.plan.policy, policy, "{what}"),
        (Action::Resume, Some(Seen::Resume { session, sequence: from, at_resume_url })) => {
            assert_eq!((session.as_str(), *from, *at_resume_url), ("session-0", sequence, true), "{what}");
            assert!(run.pauses[1] <= policy.wait.delay(0, u32::MAX), "{what}: {:?}", run.pauses);
        }
        (Action::NewSession, Some(Seen::Identify { token })) => {
            let is_voice = T::NEW_SESSION_BY == NewSessionBy::MainConnection;
            assert_eq!(token, if is_voice { "voice-token-2" } else { "token" }, "{what}");
            assert!(policy.wait != Wait::None || run.pauses[1] >= T::LIMITS.identify_every, "{what}: {:?}", run.pauses);
        }
        _ => panic!("{what}: {:?}", run.seen),
    }
    if action != Action::Stop {
        assert!(run.pauses[1] >= policy.wait.delay(0, 0), "{what}: {:?}", run.pauses);
    }
    if T::NEW_SESSION_BY == NewSessionBy::MainConnection {
        assert_eq!(run.asked, 1 + usize::from(action == Action::NewSession), "{what}: asked the main gateway");
    }
}

async fn every_ending<T: CloseCode>(protocol: Protocol<T>) {
    let has_events = protocol.dispatch.is_some();
    for code in codes::<T>() {
        let policy = T::policy_for(Some(code));
        for (script, has_session) in [(Script::Close(code), true), (Script::Refuse(code), false)] {
            check::<T>(&run(protocol, vec![script]).await, script, policy, has_session, has_events);
        }
    }
    for script in [Script::CleanClose, Script::Drop] {
        check::<T>(&run(protocol, vec![script]).await, script, T::policy_for(None), true, has_events);
    }
    let silent = run(protocol, vec![Script::HeartbeatTimeout]).await;
    check::<T>(&silent, Script::HeartbeatTimeout, T::policy_after_heartbeat_timeout(), true, has_events);
    assert_eq!(silent.seen[1], Seen::Closed(T::policy_after_heartbeat_timeout().close_with), "it closes the dead connection");
}

async fn every_opcode<T: CloseCode, O: Opcode>(protocol: Protocol<T>) {
    for (code, flag) in O::ALL.iter().flat_map(|code| [(*code, true), (*code, false)]) {
        let Some(policy) = code.policy(flag) else { continue };
        let script = Script::Opcode(code.code().into(), flag);
        let did = run(protocol, vec![script]).await;
        check::<T>(&did, script, policy, true, protocol.dispatch.is_some());
        assert_eq!(did.seen[1], Seen::Closed(policy.close_with), "{script:?}");
    }
}

/// A session that cannot be resumed any more: every Resume is answered with a dropped connection.
async fn a_dead_session<T: CloseCode>(protocol: Protocol<T>) {
    if T::policy_for(None).action != Action::Resume {
        return;
    }
    let most = usize::try_from(T::LIMITS.resumes_before_new).expect("a small number");
    let mut scripts = vec![Script::Unanswered; most + 2];
    (scripts[0], scripts[most + 1]) = (Script::Drop, Script::Drop);
    let did = run(protocol, scripts).await;
    let is_resume: Vec<bool> = did.seen.iter().map(|seen| matches!(seen, Seen::Resume { .. })).collect();
    let mut expected = vec![true; most + 3];
    (expected[0], expected[most + 1]) = (false, false);
    assert_eq!(is_resume, expected, "{:?}", did.seen);
    for (failures, pause) in did.pauses.iter().enumerate().skip(2).take(most) {
        let shortest = Duration::from_secs(1 << (failures - 2).min(7));
        assert!(*pause >= shortest, "after {failures} failures: {:?}", did.pauses);
    }
}

/// A server that does not answer: the client notices, whatever it waits for, and goes on.
async fn silence<T: CloseCode>(protocol: Protocol<T>) {
    let close_with = T::policy_after_heartbeat_timeout().close_with;
    for (stage, before) in [(Stage::Upgrade, 0), (Stage::Hello, 0), (Stage::Ready, 1), (Stage::Resumed, 1)] {
        let is_resumed = stage == Stage::Resumed && T::policy_for(None).action == Action::Resume;
        let first = if stage == Stage::Resumed { vec![Script::Drop] } else { Vec::new() };
        let did = run(protocol, [first, vec![Script::Silent(stage)]].concat()).await;
        let opened = did.seen.iter().filter(|seen| !matches!(seen, Seen::Closed(_))).count();
        let resumed = did.seen.iter().filter(|seen| matches!(seen, Seen::Resume { .. })).count();
        assert_eq!(opened, 1 + before + usize::from(stage == Stage::Resumed), "{stage:?}: {:?}", did.seen);
        assert_eq!(resumed, 2 * usize::from(is_resumed), "{stage:?}: {:?}", did.seen);
        let is_closed = did.seen.contains(&Seen::Closed(close_with));
        assert_eq!(is_closed, stage != Stage::Upgrade, "{stage:?}: {:?}", did.seen);
    }
}

/// A session that lives a minute proves itself, so that the next ending is a first one again.
async fn a_long_life<T: CloseCode>(protocol: Protocol<T>) {
    if T::policy_for(None).action != Action::Resume {
        return;
    }
    let did = run(protocol, vec![Script::Live(2); 8]).await;
    assert_eq!(did.seen.iter().filter(|seen| matches!(seen, Seen::Identify { .. })).count(), 1, "{:?}", did.seen);
    let first = T::policy_for(None).wait.delay(0, u32::MAX);
    assert!(did.pauses.iter().all(|pause| *pause <= first), "{:?}", did.pauses);
}

/// What ends each session at once must not use up the new sessions of a day.
async fn new_sessions_keep_their_distance<T: CloseCode>(protocol: Protocol<T>) {
    let Some(code) = codes::<T>().into_iter().find(|code| T::policy_for(Some(*code)).action == Action::NewSession) else {
        return;
    };
    let did = run(protocol, vec![Script::Close(code); 12]).await;
    assert!(did.pauses[1..].iter().all(|pause| *pause >= T::LIMITS.identify_every), "{:?}", did.pauses);
    if let Some(most) = T::policy_for(Some(code)).new_sessions_before_stop {
        let most_pauses = 1 + usize::try_from(most).expect("a small number");
        assert_eq!((did.plan.instead, did.pauses.len()), (Some(Instead::NewSessionsFailed(most)), most_pauses), "{}", did.plan);
        return;
    }
    assert!(did.pauses[8..].iter().all(|pause| *pause >= Duration::from_secs(150)), "waits grow: {:?}", did.pauses);
}

/// The protocol of a connection. None where a program cannot open the connection by itself.
fn protocol<T: CloseCode>(after: client::AfterOpcode<T>) -> Option<Protocol<T>> {
    // Without a stop a client would never end.
    last_stop::<T>()?;
    match T::NEW_SESSION_BY {
        NewSessionBy::Connection => Some(gateway(after)),
        NewSessionBy::MainConnection => Some(voice(after)),
        _ => None,
    }
}

async fn everything<T: CloseCode>(protocol: Protocol<T>) {
    every_ending(protocol).await;
    a_dead_session(protocol).await;
    Box::pin(silence(protocol)).await;
    a_long_life(protocol).await;
    new_sessions_keep_their_distance(protocol).await;
}

/// The tests of one connection.
macro_rules! connection_tests {
    ($module:ident, $table:ty, [], $path:literal) => {
        #[tokio::test]
        async fn $module() {
            if let Some(protocol) = protocol::<$table>(|_, _, _, _, _| None) {
                everything(protocol).await;
            }
        }
    };
    ($module:ident, $table:ty, [$opcodes:ty], $path:literal) => {
        #[tokio::test]
        async fn $module() {
            if let Some(protocol) = protocol(after_opcode::<$table, $opcodes>) {
                everything(protocol).await;
                every_opcode::<$table, $opcodes>(protocol).await;
            }
        }
    };
}

wirecodes_gateway::connections!(connection_tests);

#[tokio::test]
async fn commands_keep_the_limit() {
    let time = VirtualTime::new();
    let protocol = gateway(after_opcode::<GatewayCloseCode, GatewayOpcode>);
    let gateway = Gateway::start(Messages::gateway(), &time, vec![Script::Commands(300, 4004)], 4004).await;
    let (client, handle) = Client::new(protocol, &time);
    for number in 0..300 {
        handle.commands.send(json!({ "op": GatewayOpcode::PresenceUpdate.code(), "d": number })).unwrap();
    }
    let plan = client.run(&Access { url: gateway.url.clone(), token: "token".to_owned() }).await;
    assert_eq!(plan.policy, GatewayCloseCode::AuthenticationFailed.policy(), "no command was too early");
    assert_eq!(gateway.commands.lock().unwrap().len(), 300);
}

#[tokio::test]
async fn a_bot_that_is_moved_follows_its_voice_server() {
    let time = VirtualTime::new();
    let protocol = voice(after_opcode::<VoiceCloseCode, VoiceOpcode>);
    let gateway = Gateway::start(Messages::voice(), &time, vec![Script::Close(4014)], 4021).await;
    let (client, mut handle) = Client::new(protocol, &time);
    // The main connection of this test: it answers once, and then reports the move.
    let (commands, mut asked) = tokio::sync::mpsc::unbounded_channel();
    let (events, main_events) = tokio::sync::mpsc::unbounded_channel();
    handle = client::Handle {
        commands,
        events: {
            drop(handle);
            main_events
        },
    };
    let update =
        |endpoint: serde_json::Value| json!({ "t": "VOICE_SERVER_UPDATE", "d": { "endpoint": endpoint, "token": "new" } });
    let main = async {
        asked.recv().await.expect("the client asks once");
        events.send(update(json!(gateway.url))).unwrap();
        while gateway.ended.load(std::sync::atomic::Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // A server that has gone does not count; the next one does.
        events.send(update(serde_json::Value::Null)).unwrap();
        events.send(update(json!(gateway.url))).unwrap();
        std::future::pending::<()>().await;
    };
    let join = json!({ "op": GatewayOpcode::VoiceStateUpdate.code() });
    let plan = tokio::select! { plan = client.run_voice(&mut handle, &join) => plan, () = main => unreachable!("it never ends") };
    assert_eq!(plan.policy, VoiceCloseCode::RateLimited.policy());
    assert_eq!(gateway.seen(), vec![Seen::Identify { token: "new".to_owned() }; 2]);
}
