//! The messages that a gateway has to know, without what only a client needs, and those that it sends.

use serde_json::{Value, json};
use wirecodes::discord::v10::{GatewayOpcode, VoiceOpcode};
use wirecodes::{CloseCode, NewSessionBy};

/// The messages of a gateway.
#[derive(Clone, Copy)]
pub struct Messages {
    pub(crate) hello: u8,
    pub(crate) identify: u8,
    pub(crate) resume: u8,
    pub(crate) heartbeat: u8,
    pub(crate) heartbeat_ack: u8,
    pub(crate) ready: (u8, Option<&'static str>),
    pub(crate) resumed: (u8, Option<&'static str>),
    /// Whether it is a voice gateway, whose sessions the main gateway opens.
    pub is_voice: bool,
}

impl Messages {
    /// Those of the connection that a table of close codes is about.
    #[must_use]
    pub fn of<T: CloseCode>() -> Self {
        if T::NEW_SESSION_BY == NewSessionBy::MainConnection { Self::voice() } else { Self::gateway() }
    }

    /// Those of the main gateway.
    #[must_use]
    pub const fn gateway() -> Self {
        Self {
            hello: GatewayOpcode::Hello.code(),
            identify: GatewayOpcode::Identify.code(),
            resume: GatewayOpcode::Resume.code(),
            heartbeat: GatewayOpcode::Heartbeat.code(),
            heartbeat_ack: GatewayOpcode::HeartbeatAck.code(),
            ready: (GatewayOpcode::Dispatch.code(), Some("READY")),
            resumed: (GatewayOpcode::Dispatch.code(), Some("RESUMED")),
            is_voice: false,
        }
    }

    /// Those of a voice gateway, which delivers no events.
    #[must_use]
    pub const fn voice() -> Self {
        Self {
            hello: VoiceOpcode::Hello.code(),
            identify: VoiceOpcode::Identify.code(),
            resume: VoiceOpcode::Resume.code(),
            heartbeat: VoiceOpcode::Heartbeat.code(),
            heartbeat_ack: VoiceOpcode::HeartbeatAck.code(),
            ready: (VoiceOpcode::Ready.code(), None),
            resumed: (VoiceOpcode::Resumed.code(), None),
            is_voice: true,
        }
    }
}

/// The number of the last message of a session that the gateway sent on a connection.
pub(crate) fn last_sequence(connection: usize) -> u64 {
    40 + connection as u64
}

/// What accepts a new session: what clients resume with, and what real ones expect besides.
pub(crate) fn ready(messages: Messages, url: &str, connection: usize) -> Value {
    let (session, resume) = (format!("session-{connection}"), format!("{url}resume"));
    if messages.is_voice {
        let port: u16 = url.trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
        return json!({
            "session_id": session, "resume_gateway_url": resume, "ssrc": 1, "ip": "127.0.0.1", "port": port,
            "modes": ["aead_xchacha20_poly1305_rtpsize", "aead_aes256_gcm_rtpsize"],
        });
    }
    json!({
        "v": 10, "session_id": session, "resume_gateway_url": resume, "user": user(), "guilds": [], "shard": [0, 1],
        "application": { "id": "1", "flags": 0 }, "private_channels": [], "_trace": [],
    })
}

/// The answer to a voice client that has chosen how to send its voice.
pub(crate) fn session_description(chosen: &Value) -> Value {
    let mode = &chosen["d"]["data"]["mode"];
    let description = json!({ "mode": mode, "secret_key": vec![0; 32], "audio_codec": "opus", "dave_protocol_version": 0 });
    json!({ "op": VoiceOpcode::SessionDescription.code(), "d": description })
}

fn user() -> Value {
    json!({ "id": "1", "username": "bot", "discriminator": "0000", "global_name": null, "avatar": null, "bot": true, "flags": 0 })
}

/// The events that answer a client that joins a voice channel: as the test of a client asks for them, or as a real one does.
pub(crate) fn voice_events(command: &Value, voice: Option<&str>, token: &str) -> Vec<Value> {
    let data = &command["d"];
    let update = |endpoint: Option<&str>| {
        let update = json!({ "guild_id": data["guild_id"], "endpoint": endpoint, "token": token });
        json!({ "op": 0, "s": 51, "t": "VOICE_SERVER_UPDATE", "d": update })
    };
    if let Some(endpoint) = data["endpoint"].as_str() {
        return vec![update(None), update(Some(endpoint))];
    }
    let joins = command["op"] == GatewayOpcode::VoiceStateUpdate.code() && !data["channel_id"].is_null();
    let Some(endpoint) = voice.filter(|_| joins) else { return Vec::new() };
    let state = json!({
        "guild_id": data["guild_id"], "channel_id": data["channel_id"], "user_id": "1", "session_id": "voice-session",
    });
    vec![json!({ "op": 0, "s": 50, "t": "VOICE_STATE_UPDATE", "d": state }), update(Some(endpoint))]
}

/// The answer to a request of HTTP by which a client asks for the gateway and for itself.
pub(crate) fn over_http(path: &str, url: &str) -> Value {
    let path = path.split('?').next().unwrap_or_default();
    let limit = json!({ "total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1 });
    match path.rsplit_once('/').unwrap_or_default() {
        (_, "gateway") => json!({ "url": url }),
        (_, "bot") => json!({ "url": url, "shards": 1, "session_start_limit": limit }),
        (before, "@me") if before.ends_with("users") => user(),
        (_, "@me") => json!({
            "id": "1", "name": "bot", "description": "", "icon": null, "flags": 0, "bot_public": true,
            "bot_require_code_grant": false, "verify_key": "", "owner": user(),
        }),
        _ => json!({}),
    }
}
