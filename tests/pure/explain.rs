//! Lines as people paste them from logs, code and chats, and what they mean.

use std::time::{Duration, Instant};

use wirecodes_codegen::explain;
use wirecodes_tests::tables::SHIPPED;

/// Each line, with the code that it is about.
const PASTED: &[(&str, &str)] = &[
    ("4014 voice", "discord::v10::VoiceCloseCode::Disconnected"),
    ("voice 4006", "discord::v10::VoiceCloseCode::SessionNoLongerValid"),
    ("gateway 4006 in v10", "discord::v10::GatewayCloseCode::policy_for(Some(4006))"),
    ("op 7", "discord::v10::GatewayOpcode::Reconnect"),
    ("opcode 7 of v6", "discord::v6::GatewayOpcode::Reconnect"),
    ("Received op9 from the gateway", "discord::v10::GatewayOpcode::InvalidSession"),
    (r#"{"t":null,"s":null,"op":11,"d":null}"#, "discord::v10::GatewayOpcode::HeartbeatAck"),
    ("GatewayOpcode.Hello", "discord::v10::GatewayOpcode::Hello"),
    ("HTTP 500", "discord::v10::HttpResponseCode"),
    ("5xx", "discord::v10::HttpResponseCode::GatewayUnavailable"),
    ("upstream returned status 502 Bad Gateway", "discord::v10::HttpResponseCode::GatewayUnavailable"),
    ("POST /api/v10/channels/123/messages 429 Too Many Requests", "discord::v10::HttpResponseCode::TooManyRequests"),
    ("DiscordAPIError[50013]", "discord::v10::JsonErrorCode::MissingPermissions"),
    ("DiscordAPIError[10062]: Unknown interaction", "discord::v10::JsonErrorCode::UnknownInteraction"),
    ("RESTJSONErrorCodes.UnknownInteraction", "discord::v10::JsonErrorCode::UnknownInteraction"),
    ("JSON error 10062", "discord::v10::JsonErrorCode::UnknownInteraction"),
    ("50013 Missing Permissions", "discord::v10::JsonErrorCode::MissingPermissions"),
    ("403 Forbidden (error code: 50013): Missing Permissions", "discord::v10::JsonErrorCode::MissingPermissions"),
    (r#"HTTP 403 Forbidden, {"message": "Missing Access", "code": 50001}"#, "discord::v10::JsonErrorCode::MissingAccess"),
    ("Unknown Guild (10004)", "discord::v10::JsonErrorCode::UnknownGuild"),
    ("Error: Unknown Message", "discord::v10::JsonErrorCode::UnknownMessage"),
    ("WebSocket closed with 4017", "discord::v10::VoiceCloseCode::DaveProtocolRequired"),
    ("websocket: close 4014: Disconnected.", "discord::v10::VoiceCloseCode::Disconnected"),
    ("websocket: close 4004: Authentication failed.", "discord::v10::GatewayCloseCode::AuthenticationFailed"),
    ("ConnectionClosed: Shard ID None WebSocket closed with 4013", "discord::v10::GatewayCloseCode::InvalidIntents"),
    ("2026-09-30T12:00:01.123Z [shard 3] gateway closed: code 4004, again in 5 s", "GatewayCloseCode::AuthenticationFailed"),
    (r#"Close(Some(CloseFrame { code: Library(4009), reason: "" }))"#, "discord::v10::GatewayCloseCode::SessionTimedOut"),
    ("CloseCode(4011 / Sharding required)", "discord::v10::GatewayCloseCode::ShardingRequired"),
    ("CloseEvent {code: 1006, reason: ''}", "websocket::rfc6455::CloseCode::AbnormalClosure"),
    ("Connection closed with code 1000", "discord::v10::VoiceCloseCode::policy_for(Some(1000))"),
    ("close 1000 on rpc", "discord::v10::RpcCloseCode::policy_for(Some(1000))"),
    ("discord::v10::GatewayCloseCode::DisallowedIntents", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("wirecodes::discord::v6::VoiceCloseCode::Disconnected", "discord::v6::VoiceCloseCode::Disconnected"),
    ("discord::v10::GatewayCloseCode::policy_for(Some(4015))", "discord::v10::GatewayCloseCode::policy_for(Some(4015))"),
    ("Error [DisallowedIntents]: Privileged intent provided is not enabled.", "GatewayCloseCode::DisallowedIntents"),
    ("DisconnectReason.loggedOut", "baileys::v6::DisconnectReason::LoggedOut"),
    ("lastDisconnect.error.output.statusCode === 515", "baileys::v6::DisconnectReason::RestartRequired"),
    ("Stream Errored (restart required)", "whatsapp::web::StreamError::RestartRequired"),
    ("#4014:", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("0xFAE", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("dissalowed intents", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("unknwon interaction", "discord::v10::JsonErrorCode::UnknownInteraction"),
    ("token", "discord::v10::JsonErrorCode::UnknownToken"),
    ("kicked", "discord::v10::VoiceCloseCode::Disconnected"),
    ("zombie", "discord::v10::GatewayOpcode::HeartbeatAck"),
    ("session invalidated", "discord::v10::GatewayOpcode::InvalidSession"),
    ("closed: 4,014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("error 50,013", "discord::v10::JsonErrorCode::MissingPermissions"),
    ("[4014,500,403]", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("4014/4015", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("错误4014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("خطأ4014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("エラー４０１４です", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("[shard 4000] closed 4014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("shard_id=4000 4014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
    ("Shard 1001/1200 closed with 4004", "discord::v10::GatewayCloseCode::AuthenticationFailed"),
    ("[shard 4000/4016] closed with code 4004", "discord::v10::GatewayCloseCode::AuthenticationFailed"),
    ("closed: 4，014", "discord::v10::GatewayCloseCode::DisallowedIntents"),
];

/// The first meanings are those that the line names.
#[test]
fn a_pasted_line_names_its_code() {
    for (line, path) in PASTED {
        let found = explain(&SHIPPED, line, None).expect("no edition is asked for");
        let named: Vec<&String> = found.meanings[..found.named].iter().flat_map(|meaning| &meaning.paths).collect();
        assert!(named.iter().any(|named| named.ends_with(path)), "{line}: {named:?}");
    }
}

#[test]
fn what_else_has_the_number_comes_after() {
    for (line, path) in [
        ("4014 voice", "discord::v10::GatewayCloseCode::DisallowedIntents"),
        ("HTTP 500", "baileys::v6::DisconnectReason::BadSession"),
        ("DisconnectReason.loggedOut", "discord::v10::HttpResponseCode::Unauthorized"),
        ("token", "discord::v10::GatewayCloseCode::AuthenticationFailed"),
        ("4014/4015", "discord::v10::VoiceCloseCode::VoiceServerCrashed"),
        ("520", "baileys::v6::DisconnectReason::policy_for(Some(520))"),
    ] {
        let found = explain(&SHIPPED, line, None).expect("no edition is asked for");
        let others: Vec<&String> = found.meanings[found.named..].iter().flat_map(|meaning| &meaning.paths).collect();
        assert!(others.iter().any(|other| *other == path), "{line}: {others:?}");
    }
}

/// The answer of a table without the number is not hidden by a table that has it.
#[test]
fn every_table_of_an_edition_answers() {
    for number in ["1000", "1006", "4006", "4015"] {
        let found = explain(&SHIPPED, number, Some("discord/v10")).expect("the edition is there");
        for table in ["GatewayCloseCode", "VoiceCloseCode"] {
            let has = |path: &String| path.starts_with(&format!("discord::v10::{table}::"));
            let meaning = found.meanings.iter().find(|meaning| meaning.paths.iter().any(has));
            assert!(meaning.is_some_and(|meaning| meaning.policy.is_some()), "{number}: {table}");
        }
    }
}

/// Whatever is printed leads to where it came from.
#[test]
fn a_printed_line_leads_back() {
    for number in ["4014", "1000", "50013", "7", "502"] {
        let explain = |text: &str| explain(&SHIPPED, text, Some("discord/v10")).expect("the edition is there");
        let printed = explain(number).text(usize::MAX);
        let plain = anstream::adapter::strip_str(&printed).to_string();
        for line in plain.lines().filter(|line| !line.is_empty() && *line != "Also:") {
            let again = explain(line);
            assert!(again.meanings.iter().any(|meaning| meaning.number == number), "{number}: {line}");
        }
    }
}

#[test]
fn what_says_nothing_is_not_found() {
    for text in [
        "",
        " ",
        "🦀",
        "nothing at all",
        "2026-09-30 12:00:01",
        "99999999999",
        "10.0.0.1:443",
        "- - -",
        "Shard ID 4004 connected",
        "id 4014/4015",
        "shard 4014-4015",
        "4,014,000 users online",
    ] {
        let found = explain(&SHIPPED, text, None).expect("no edition is asked for");
        assert!(found.fault().is_some() && found.advice().is_some(), "{text}: {:?}", found.meanings.first());
    }
    // What is no line any more does not take for ever.
    for long in ["abc ".repeat(50_000), "close 4999 ".repeat(50_000), "4".repeat(2000), "a".repeat(100_000)] {
        let started = Instant::now();
        let found = explain(&SHIPPED, &long, Some("discord/v10")).expect("the edition is there");
        assert!(found.text(80).len() < 10_000 && started.elapsed() < Duration::from_secs(5), "{}", found.text(80));
    }
}
