//! A client of WhatsApp over Baileys: a person pairs it, WhatsApp asks for a restart, and from then on it has credentials.
//!
//! `cargo run --package wirecodes-tests --example whatsapp_client` plays the life of one, in no time and without a network.

use std::time::Duration;

use wirecodes::baileys::v6::DisconnectReason;
use wirecodes::{Action, Failure, Plan, Reconnector};

/// What happens to a client.
#[derive(Clone, Copy)]
pub enum Event {
    /// The program starts, or a person has removed the cause of a stop.
    Start,
    /// `creds.update` after a person has scanned the code of a `qr`.
    Paired,
    /// `connection: 'open'`.
    Open,
    /// `connection: 'close'`, with the status code of the error.
    Closed(Option<u16>),
    /// The same where the error says "Unexpected server response": the HTTP status of a WebSocket that was not opened.
    Refused(u16),
}

/// A client, whose credentials are there while its reconnector has a session.
#[derive(Default)]
pub struct Client(pub Reconnector<DisconnectReason>);

impl Client {
    /// A plan, if it is time for a new one.
    pub fn on(&mut self, event: Event, now: Duration, random: u32) -> Option<Plan> {
        Some(match event {
            Event::Start => self.0.start(now, random),
            Event::Paired => {
                // Save the credentials. Nothing is open yet, and 515 follows, after which they are used.
                self.0.restore_session();
                return None;
            }
            Event::Open => {
                self.0.ready(now);
                return None;
            }
            Event::Closed(code) => self.0.after_close(code, now, random),
            // 401 and 403 say nothing of the credentials here.
            Event::Refused(code) => self.0.after_failed_connect(Failure::Status { code, retry_after: None }, now, random),
        })
    }
}

/// Lets each event happen so many seconds after the one before, or after the wait of the plan. The plans, and whether there are
/// credentials after each.
pub fn play(client: &mut Client, events: &[(u64, Event)]) -> Vec<(Plan, bool)> {
    let mut now = Duration::ZERO;
    let mut plans = Vec::new();
    for (after, event) in events {
        now += Duration::from_secs(*after);
        let Some(plan) = client.on(*event, now, 0) else { continue };
        plans.push((plan, client.0.has_session()));
        if plan.action != Action::Stop {
            // A program sleeps here, and connects: with credentials to resume, without them to be paired.
            now += plan.delay;
            client.0.connecting(now);
        }
    }
    plans
}

#[allow(dead_code, reason = "the tests play other lives")]
fn main() {
    use Event::{Closed, Open, Paired, Start};
    let pairing = [(0, Start), (160, Closed(Some(408))), (900, Start), (25, Paired), (1, Closed(Some(515))), (1, Open)];
    let later = [(90_000, Closed(None)), (1, Open), (3600, Closed(Some(440))), (60, Start), (1, Open), (60, Closed(Some(401)))];
    for (plan, has_credentials) in play(&mut Client::default(), &[&pairing[..], &later].concat()) {
        println!("{} {plan}", if has_credentials { "credentials:   " } else { "no credentials:" });
    }
}
