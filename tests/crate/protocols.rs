//! Protocols of other teams, each a folder of TOML with an identity of its own: the crate builds, its examples run, and nothing
//! in it speaks of this project or of the systems that this project has tables of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::compiles::crates::{Workspace, load_texts};
use wirecodes_codegen::Registry;

/// The files of a folder of tables, by their paths.
type Texts = BTreeMap<String, String>;

/// The rows of a table from number, identifier, name and more keys.
fn rows(rows: &[(u32, &str, &str, &str)]) -> String {
    let mut text = String::new();
    for (value, ident, name, more) in rows {
        let _ =
            write!(text, "\n[[code]]\nvalue = {value}\nident = \"{ident}\"\nname = \"{name}\"\nsummary = \"{name}.\"\n{more}\n");
    }
    text
}

fn header(title: &str, enum_name: &str, kind: &str, repr: &str, url: &str) -> String {
    format!(
        "title = \"{title}\"\nenum = \"{enum_name}\"\nkind = \"{kind}\"\nrepr = \"{repr}\"\nsummary = \"What the peer answers.\"\n\n[source]\ndocument = \"{title}\"\nurl = \"{url}\"\ndate = 2019-03-07\n"
    )
}

const MQTT: &str = "https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html";

/// MQTT 5: a reason code is sent in a packet, and `DISCONNECT` ends the connection with one.
fn mqtt() -> Texts {
    let connack = header("Connect Reason Code values", "ConnectReason", "status-codes", "u8", MQTT)
        + &rows(&[
            (0x00, "Success", "Success", ""),
            (0x80, "UnspecifiedError", "Unspecified error", "retry = \"wait\""),
            (0x84, "UnsupportedProtocolVersion", "Unsupported Protocol Version", ""),
            (0x86, "BadUserNameOrPassword", "Bad User Name or Password", ""),
            (0x88, "ServerUnavailable", "Server unavailable", "retry = \"wait\""),
        ]);
    let packets = header("MQTT Control Packet types", "PacketType", "opcodes", "u8", MQTT)
        + &rows(&[
            (1, "Connect", "CONNECT", "direction = \"send\""),
            (2, "ConnAck", "CONNACK", "direction = \"receive\""),
            (3, "Publish", "PUBLISH", "direction = \"both\""),
            (12, "PingReq", "PINGREQ", "direction = \"send\""),
            (14, "Disconnect", "DISCONNECT", "direction = \"both\""),
        ]);
    let files = [
        ("mqtt/v5/disconnect-reasons.toml", mqtt_disconnect()),
        ("mqtt/v5/connect-reasons.toml", connack),
        ("mqtt/v5/packet-types.toml", packets),
    ];
    identity("mqtt-codes", "Reason codes of MQTT 5", Some("mqtt_codes::mqtt::v5::ConnectReason"), files)
}

fn mqtt_disconnect() -> String {
    let policy = |action: &str| {
        format!(
            "policy = {{ action = \"{action}\", wait = \"backoff\", basis = \"judgement\", reason = \"The server ended the connection.\", fix = \"Look at the server's log.\" }}"
        )
    };
    let (again, stop) = (policy("new-session"), policy("stop"));
    header("Disconnect Reason Code values", "DisconnectReason", "close-codes", "u16", MQTT)
        + "\n[reconnect]\nresumable = false\n"
        + "absent = { action = \"new-session\", wait = \"backoff\", basis = \"judgement\", reason = \"The connection was lost.\" }\n"
        + "unknown = { action = \"new-session\", wait = \"backoff\", basis = \"judgement\", reason = \"The reason is in no table.\" }\n"
        + &rows(&[
            (0x00, "NormalDisconnection", "Normal disconnection", &stop),
            (0x81, "MalformedPacket", "Malformed Packet", &stop),
            (0x87, "NotAuthorized", "Not authorized", &stop),
            (0x89, "ServerBusy", "Server busy", &again),
            (0x8B, "ServerShuttingDown", "Server shutting down", &again),
            (0x8E, "SessionTakenOver", "Session taken over", &stop),
            (0x9D, "ServerMoved", "Server moved", &again),
        ])
}

/// IRC: numeric replies, and a range of errors.
fn irc() -> Texts {
    let numerics = header("Numerics", "Numeric", "status-codes", "u16", "https://modern.ircdocs.horse/#numerics")
        + &rows(&[
            (1, "RplWelcome", "RPL_WELCOME (001)", ""),
            (5, "RplISupport", "RPL_ISUPPORT (005)", "aliases = [\"RplBounce\"]"),
            (263, "RplTryAgain", "RPL_TRYAGAIN (263)", "retry = \"wait\""),
            (401, "ErrNoSuchNick", "ERR_NOSUCHNICK (401)", ""),
            (433, "ErrNicknameInUse", "ERR_NICKNAMEINUSE (433)", ""),
            (437, "ErrUnavailResource", "ERR_UNAVAILRESOURCE (437)", "status = \"deprecated\""),
        ])
        + "\n[[code]]\nrange = [400, 599]\nname = \"ERR_*\"\nsummary = \"An error reply.\"\n";
    identity(
        "irc-numerics",
        "Numeric replies of IRC",
        Some("irc_numerics::irc::modern::Numeric"),
        [("irc/modern/numerics.toml", numerics)],
    )
}

/// gRPC: status codes, among them names that Rust uses itself. Its folder has neither a front page nor a notice.
fn grpc() -> Texts {
    let status = header(
        "Status codes and their use in gRPC",
        "Code",
        "status-codes",
        "u32",
        "https://grpc.github.io/grpc/core/md_doc_statuscodes.html",
    ) + &rows(&[
        (0, "Ok", "OK", ""),
        (1, "Cancelled", "CANCELLED", ""),
        (2, "Unknown", "UNKNOWN", ""),
        (5, "NotFound", "NOT_FOUND", ""),
        (14, "Unavailable", "UNAVAILABLE", "retry = \"wait\""),
        (16, "Unauthenticated", "UNAUTHENTICATED", ""),
    ]);
    identity("grpc-status", "Status codes of gRPC", None, [("grpc/core/status-codes.toml", status)])
}

/// The files of a folder with `crate.toml`, and with a front page and a notice where there is an enum for its example.
fn identity<const N: usize>(name: &str, description: &str, example: Option<&str>, tables: [(&str, String); N]) -> Texts {
    let manifest = format!(
        "name = \"{name}\"\nversion = \"3.1.4\"\ndescription = \"{description}\"\nlicense = \"ISC\"\nkeywords = [\"codes\"]\nauthors = [\"A Team\"]\n"
    );
    let mut texts: Texts = tables.into_iter().map(|(path, text)| (path.to_owned(), text)).collect();
    texts.insert("crate.toml".to_owned(), manifest);
    if let Some(path) = example {
        let readme = format!(
            "# {name}\n\nThe front page of a team.\n\n```rust\nuse {path} as Any;\n\nassert!(!Any::ALL.is_empty());\n```\n\n<!-- editions -->\n"
        );
        texts.insert("README.md".to_owned(), readme);
        texts.insert("NOTICE".to_owned(), "The facts are those of a standard.\n".to_owned());
    }
    texts
}

fn registry(texts: &Texts) -> Registry {
    let (registry, diagnostics) = load_texts(texts);
    registry.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

#[test]
fn a_crate_of_another_team_builds_and_speaks_of_its_protocol_alone() {
    let protocols = [("mqtt-codes", mqtt()), ("irc-numerics", irc()), ("grpc-status", grpc())];
    let workspace = Workspace::new("protocols");
    let members: Vec<&str> = protocols.iter().map(|(name, _)| *name).collect();
    workspace.write("Cargo.toml", &format!("[workspace]\nresolver = \"2\"\nmembers = {members:?}\n"));
    for (name, texts) in &protocols {
        let registry = registry(texts);
        workspace.render(&registry, name);
        for (path, text) in wirecodes_codegen::generate(&registry, &wirecodes_codegen::Form::default()).iter() {
            assert_speaks_of_itself(name, path, text);
        }
    }
    workspace.cargo_succeeds(&["test", "--quiet", "--package", members[0], "--all-features"]);
    workspace.cargo_succeeds(&["check", "--quiet", "--workspace", "--all-targets", "--all-features"]);
    for name in members {
        workspace.cargo_succeeds(&["package", "--quiet", "--package", name, "--list", "--allow-dirty"]);
    }
}

/// Only the licence names the authors of the shared code, as it must.
fn assert_speaks_of_itself(name: &str, path: &str, text: &str) {
    for line in text.lines().filter(|line| !line.starts_with("Copyright (c)")) {
        let lower = line.to_lowercase();
        for word in ["wirecodes", "discord", "whatsapp", "baileys", "userdoccers"] {
            assert!(!lower.contains(word), "{name}/{path} speaks of {word}: {line}");
        }
    }
}

#[test]
fn the_identity_of_a_crate_comes_from_its_folder() {
    let tree = wirecodes_codegen::generate(&registry(&irc()), &wirecodes_codegen::Form::default());
    let manifest: toml::Table = tree.get("Cargo.toml").expect("a manifest").parse().expect("TOML");
    let package = &manifest["package"];
    for (key, value) in
        [("name", "irc-numerics"), ("version", "3.1.4"), ("description", "Numeric replies of IRC"), ("license", "ISC")]
    {
        assert_eq!(package[key].as_str(), Some(value), "{key}");
    }
    assert_eq!(package["authors"].as_array().map(Vec::len), Some(1));
    assert_eq!(tree.get("NOTICE"), Some("The facts are those of a standard.\n"));
    let readme = tree.get("README.md").expect("a front page");
    assert!(
        readme.contains("The front page of a team.") && readme.contains("irc::modern") && !readme.contains("<!-- editions -->")
    );
}

#[test]
fn a_folder_without_front_page_and_notice_gets_plain_ones() {
    let tree = wirecodes_codegen::generate(&registry(&grpc()), &wirecodes_codegen::Form::default());
    let readme = tree.get("README.md").expect("a front page");
    assert!(
        readme.contains("# grpc-status") && readme.contains("Status codes of gRPC.") && readme.contains("`Code`"),
        "{readme}"
    );
    let notice = tree.get("NOTICE").expect("a notice");
    assert!(notice.contains("Status codes and their use in gRPC") && notice.contains("https://grpc.github.io/"), "{notice}");
}

#[test]
fn every_file_says_that_it_is_generated_and_from_what() {
    for texts in [mqtt(), irc(), grpc()] {
        let tree = wirecodes_codegen::generate(&registry(&texts), &wirecodes_codegen::Form::default());
        for (path, text) in tree.iter().filter(|(path, _)| !path.starts_with("LICENSE") && *path != "NOTICE") {
            let top: Vec<&str> = text.lines().take(3).collect();
            assert!(top.join("\n").contains("@generated by `cargo xtask codegen`"), "{path}: {top:?}");
        }
        for path in texts.keys().filter(|path| path.matches('/').count() == 2) {
            let source = format!("src/{}.rs", path.trim_end_matches(".toml").replace('-', "_"));
            let text = tree.get(&source).expect("a file for each table");
            let top: Vec<&str> = text.lines().take(3).collect();
            assert!(top[0].contains(&format!("codes/{path}")), "{source}: {top:?}");
        }
    }
}
