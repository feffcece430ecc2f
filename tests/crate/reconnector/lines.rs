//! What plans say: one line for each kind of ending, cause of a wait and change of the action that occurs. A person reads them for truth.
//!
//! `BLESS=1 cargo test --package wirecodes-tests --test crate lines` writes them again.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use wirecodes::baileys::v6::DisconnectReason;
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode};
use wirecodes::{Action, CloseCode, Failure, NewSessionBy, Plan, Reconnector, Stage};

use super::client::{DAY, SECOND};

/// The name of a variant.
fn name(value: impl Debug) -> String {
    let text = format!("{value:?}").replace("Some(", "");
    text.split(['(', ' ', ')']).next().unwrap_or_default().to_owned()
}

/// A walk through everything that can happen on a connection.
struct Walk {
    random: u64,
    lines: BTreeMap<[String; 4], String>,
}

impl Walk {
    fn below(&mut self, end: u32) -> u32 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.random >> 33) % u64::from(end)).expect("a small number")
    }

    fn keep(&mut self, plan: Plan) {
        let line = plan.to_string();
        let is_at_once = plan.action.reconnects() && plan.delay == Duration::ZERO;
        assert_eq!(line.contains(" at once "), is_at_once, "{line}");
        assert!(!line.contains('\n') && line.contains(plan.policy.reason), "{line}");
        assert!(plan.policy.fix.is_none_or(|fix| line.contains(fix)), "{line}");
        assert!(line.starts_with(&plan.action.to_string()), "{line}");
        let why = if is_at_once || plan.action == Action::Stop { "-".to_owned() } else { name(plan.why) };
        let instead = plan.instead.map_or("-".to_owned(), name);
        let key = [name(plan.ending), why, instead, plan.action.to_string()];
        self.lines.entry(key).or_insert(line);
    }

    /// One call, which may make sense or not.
    fn call<T: CloseCode>(&mut self, reconnector: &mut Reconnector<T>, code: Option<u16>, now: &mut Duration) -> Option<Plan> {
        let random = self.below(u32::MAX);
        let stage = [Stage::Upgrade, Stage::Hello, Stage::Ready, Stage::Resumed][usize::try_from(self.below(4)).unwrap()];
        let retry_after = Some(u64::from(self.below(900))).filter(|_| random.is_multiple_of(2)).map(Duration::from_secs);
        match self.below(24) {
            0..=4 => {
                *now = reconnector.next_at().unwrap_or(*now).max(*now);
                reconnector.connecting(*now);
                None
            }
            5..=6 => {
                *now = reconnector.next_at().unwrap_or(*now).max(*now);
                reconnector.identified(*now);
                reconnector.ready(*now);
                *now += Duration::from_secs(u64::from(self.below(30)));
                None
            }
            7..=10 => Some(reconnector.after_close(code, *now, random)),
            11 => Some(reconnector.after_close_until(code, retry_after.unwrap_or_default(), *now, random)),
            12 => Some(reconnector.after_sending(code, *now, random)),
            13 => Some(reconnector.after_heartbeat_timeout(*now, random)),
            14 => Some(reconnector.after_timeout(stage, *now, random)),
            15 => Some(reconnector.after_failed_connect(Failure::Network, *now, random)),
            16 => Some(reconnector.after_failed_connect(Failure::Status { code: 429, retry_after }, *now, random)),
            17 if T::NEW_SESSION_BY == NewSessionBy::Connection => {
                reconnector.after_opcode(GatewayOpcode::InvalidSession, random.is_multiple_of(2), *now, random)
            }
            17 | 18 => reconnector.after_event("READY", *now, random),
            19 => reconnector.server_moved(!random.is_multiple_of(4), *now),
            20 => reconnector.voice_state(random.is_multiple_of(2), *now),
            21 => Some(reconnector.start(*now, random)),
            22 if random.is_multiple_of(8) => Some(reconnector.leave()),
            22 => reconnector.wake(*now),
            _ => {
                let saved = reconnector.save(*now);
                reconnector.restore(saved, Duration::ZERO, *now)
            }
        }
    }

    fn connection<T: CloseCode>(&mut self, mut reconnector: Reconnector<T>, codes: &[Option<u16>], calls: u32) {
        let mut now = SECOND;
        let first = reconnector.start(now, 0);
        self.keep(first);
        for _ in 0..calls {
            let code = codes[usize::try_from(self.below(u32::try_from(codes.len()).unwrap())).unwrap()];
            let plan = self.call(&mut reconnector, code, &mut now);
            if let Some(plan) = plan {
                self.keep(plan);
            }
            now += Duration::from_millis(u64::from(self.below(3000)));
        }
    }
}

#[test]
fn every_kind_of_plan_is_read_by_a_person() {
    let mut walk = Walk { random: 1, lines: BTreeMap::new() };
    let codes =
        [None, Some(1000), Some(1006), Some(4000), Some(4004), Some(4006), Some(4009), Some(4014), Some(4022), Some(4998)];
    for round in 0..30 {
        let mut gateway = Reconnector::<GatewayCloseCode>::new();
        let _ = (round % 3 == 1).then(|| gateway.set_budget(2, DAY / 4, Duration::ZERO));
        gateway = if round % 5 == 4 { gateway.give_up_after(2) } else { gateway };
        walk.connection(gateway, &codes, 200);
        let few = GatewayCloseCode::LIMITS.with_identifies_per_day(4 * (round % 2));
        let mut few = Reconnector::<GatewayCloseCode>::with_limits(few);
        few.set_budget(100, DAY, Duration::ZERO);
        walk.connection(few, &codes, 60);
        walk.connection(Reconnector::<VoiceCloseCode>::new(), &[Some(4006)], 60);
        walk.connection(Reconnector::<VoiceCloseCode>::new(), &codes, 300);
        let mut whatsapp = Reconnector::<DisconnectReason>::new();
        whatsapp.restore_session();
        walk.connection(whatsapp, &[None, Some(401), Some(402), Some(408), Some(428), Some(515)], 60);
    }
    let lines: String = walk.lines.iter().map(|(key, line)| format!("{} | {line}\n", key[..3].join(" "))).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("crate/reconnector/lines.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &lines).expect("the lines can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, expected) in lines.lines().zip(expected.lines()) {
        assert_eq!(line, expected, "BLESS=1 writes them again");
    }
    assert_eq!(lines.lines().count(), expected.lines().count(), "BLESS=1 writes them again");
}
