//! The audit of sources in each form in which clients write their tables: source text → findings.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use wirecodes_codegen::{Registry, Sources, audit};
use wirecodes_tests::tables::{HEADER, bare, opcodes, registry, row};

/// Close codes that extend those of a protocol, opcodes, and another document of the same opcodes that lists more.
fn tables() -> Arc<Registry> {
    let extends = HEADER.replace("[reconnect]", "[reconnect]\nextends = \"ws/v1/close-codes\"");
    let codes = [
        (4000, "UnknownError", "reconnect = true"),
        (4001, "UnknownOpcode", "reconnect = true"),
        (4002, "DecodeError", "reconnect = true"),
        (4003, "NotAuthenticated", "reconnect = true"),
        (4004, "AuthenticationFailed", "reconnect = false"),
        (4006, "SessionGone", "status = \"removed\""),
        (4007, "InvalidSeq", "reconnect = true"),
        (4010, "InvalidShard", "reconnect = false"),
    ];
    let close: String = codes.iter().map(|(number, ident, more)| row(*number, ident, more)).collect();
    let protocol = ["NormalClosure", "GoingAway", "ProtocolError"];
    let protocol: String = (1000..).zip(protocol).map(|(number, ident)| row(number, ident, "")).collect();
    let names = ["Dispatch", "Heartbeat", "Identify", "", "VoiceState", "Resume", "Hello", "HeartbeatAck"];
    let ops: String = (0..).zip(names).filter(|(_, name)| !name.is_empty()).map(|(number, name)| bare(number, name)).collect();
    let more = ops.clone() + &(8..20).map(|number| bare(number, &format!("Secret{number}"))).collect::<String>();
    registry(&[
        ("ws/v1/close-codes", &format!("{HEADER}{protocol}")),
        ("chat/v1/close-codes", &format!("{extends}{close}")),
        ("chat/v1/opcodes", &opcodes(&ops)),
        ("other/v1/opcodes", &opcodes(&more)),
    ])
}

/// What is found in a source: per enum its table and its findings, without names that differ.
fn findings(registry: &Registry, path: &str, text: &str) -> String {
    let mut sources = Sources::default();
    sources.insert(path, text);
    let found = serde_json::to_value(audit(registry, &sources, None, &mut |_, _| ()).expect("all editions")).expect("it is data");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |one: &Value| -> String {
        let findings = one["findings"].as_array().expect("a list").iter().filter(|finding| finding["kind"] != "renamed");
        let said = findings.map(|finding| format!(" {} {}", text(&finding["kind"]), finding["value"]));
        format!("{} {}:{}", text(&one["name"]), text(&one["table"]).replace("/v1/", " "), said.collect::<String>())
    };
    found["enums"].as_array().expect("a list").iter().map(of).collect::<Vec<_>>().join("; ")
}

/// A name of the file, its text, and the findings.
type Case = (&'static str, &'static str, &'static str);

const DECLARED: &[Case] = &[
    (
        "block_comment_test_below_and_catch_all.rs",
        "/// Why.\n#[repr(u16)]\npub enum Close<'a> {\n    /// 4003\n    UnknownError = 4000, UnknownOpcode = 4001,\n    /* NotAuthenticated = 4003, */\n
         DecodeError = 4_002, AuthFailed = 0xFA4, InvalidSeq = 4007, InvalidShard = 4010, Unknown(u16), Max = !0 }\n
         fn test() { for (code, n) in [(UnknownError, 4000), (UnknownOpcode, 4001), (DecodeError, 4002), (InvalidSeq, 4007)] {} }",
        "Close chat close-codes: missing 4003",
    ),
    (
        "counting.ts",
        "export const enum Op { Dispatch, Heartbeat, /** 3 */ Identify, VoiceState = 4, Resume, Alias = Resume, Hello, }",
        "Op chat opcodes: missing 7",
    ),
    ("underscore.ts", "enum C { UnknownError = 4_000, UnknownOpcode, DecodeError, NotAuthenticated, Failed, InvalidSeq = 4_007 }",
        "C chat close-codes: missing 4010"),
    ("object.js", "module.exports.Ops = Object.freeze({ DISPATCH: 0, EVENT: 0, HEARTBEAT: 1, IDENTIFY: 2, RESUME: 5, HELLO: 6 });",
        "Ops chat opcodes: missing 4 missing 7"),
    ("as_const.ts", "export const Op = { Dispatch: 0, Heartbeat: 1, Identify: 2, Resume: 5, Hello: 6, HeartbeatACK: 7 } as const",
        "Op chat opcodes: missing 4"),
    ("compiled.js", "(function (Op) {\n Op[Op[\"Dispatch\"] = 0] = \"Dispatch\";\n Op[Op[\"Heartbeat\"] = 1] = \"Heartbeat\";\n
        Op[Op[\"Identify\"] = 2] = \"Identify\";\n Op[Op[\"Hello\"] = 6] = \"Hello\";\n})", " chat opcodes: missing 4 missing 5 missing 7"),
    ("iota.go", "const (\n\tOpDispatch Opcode = iota\n\tOpHeartbeat // 5\n\tOpIdentify\n\t_\n\tOpVoiceState\n\tOpResume\n\tOpHello Opcode = 6\n)",
        "Op… chat opcodes: missing 7"),
    ("iota_from.go", "const (\n\tErrUnknownError = iota + 4000\n\tErrUnknownOpcode\n\tErrDecodeError\n\tErrNotAuthenticated\n\tErrAuthenticationFailed\n)",
        "Err… chat close-codes: missing 4007 missing 4010"),
    ("struct_literals.go", "var (\n\tCloseUnknownError = Code{\n\t\tCode: 4000,\n\t\tText: \"4001\",\n\t\tReconnect: true,\n\t}\n
        \tCloseUnknownOpcode = Code{Code: 4001, Reconnect: true}\n\tCloseDecodeError = Code{Code: 4002, Reconnect: true}\n
        \tCloseNotAuthenticated = Code{Code: 4003, Reconnect: true}\n\tCloseAuthenticationFailed = Code{Code: 4004, Reconnect: true}\n)",
        "Close… chat close-codes: missing 4007 missing 4010 answer 4004"),
    ("class.py", "class Socket:\n    '''IDENTIFY = 3'''\n    TIMEOUT = 60.0\n    DISPATCH = 0\n    HEARTBEAT: Final[Literal[1]] = 1\n    # RESUME = 5\n
    IDENTIFY   = 2\n\n    def send(self, x=4):\n        self.resume = 5\n\n    HELLO = 6\n    LIMIT = 120\n    MAX = 3\n",
        "Socket chat opcodes: missing 4 missing 5 missing 7"),
    ("dict.py", "codes = {\n    1000: 'Normal Closure',\n    4000: 'Unknown error',\n    4001: 'Unknown opcode',\n    4003: 'Not authenticated',\n
    4004: 'Authentication failed',\n    4010: 'Invalid shard',\n}", "codes chat close-codes: missing 4002 missing 4007"),
    ("Names.java", "public enum Close {\n  UNKNOWN_ERROR(4000, \"a\"),\n  UNKNOWN_OPCODE(4001, \"b\", true),\n  DECODE_ERROR(4002, \"c\", true),\n
        AUTHENTICATION_FAILED(4004, \"d\", false), INVALID_SEQ(\n    4007, \"e\", false), INVALID_SHARD(4010, \"f\", false),\n  OWN(4900, \"g\");\n  Close(int code) { }\n}",
        "Close chat close-codes: missing 4003 answer 4007"),
    ("Fatal.java", "enum Close { UNKNOWN_ERROR(4000, false), UNKNOWN_OPCODE(4001, false), DECODE_ERROR(4002, false), NOT_AUTHENTICATED(4003, false),\n
        AUTHENTICATION_FAILED(4004, true), INVALID_SEQ(4007, false), INVALID_SHARD(4010, true); }", "Close chat close-codes:"),
    ("objects.kt", "sealed class Close(val code: Int) {\n  object UnknownError : Close(4000)\n  object UnknownOpcode : Close(4001)\n
        data object DecodeError : Close(4002)\n  class Unknown(code: Int) : Close(code)\n  object NotAuthenticated : Close(code = 4003)\n}",
        "Close chat close-codes: missing 4004 missing 4007 missing 4010"),
    ("Allman.cs", "public enum Op : byte\n{\n  #region a\n  /// <summary>4</summary>\n  [Obsolete(\"x\")]\n  Dispatch = 0x00,\n  Heartbeat = 0x01,\n  Identify,\n  Hello = 0x6\n}",
        "Op chat opcodes: missing 4 missing 5 missing 7"),
    ("defines.h", "#ifndef A\n#define OP_DISPATCH 0\n#define OP_HEARTBEAT 1 /* 4 */\n#define OP_IDENTIFY 2\n#define OP_HELLO 6\n#define OP_SHIFT (1 << 4)\n#endif",
        "OP_… chat opcodes: missing 4 missing 5 missing 7"),
    ("macro.h", "ENUM(ops)\n  ITEM(OP_DISPATCH, = 0)\n  ITEM(OP_HEARTBEAT, = 1)\n  ITEM(OP_IDENTIFY, 2)\n  ITEM_LAST(OP_HELLO, = 6)\nEND",
        "OP_… chat opcodes: missing 4 missing 5 missing 7"),
    ("texts.cpp", "std::map<int, std::string> text = {\n { 1000, \"Socket shutdown\" },\n { 4000, \"Unknown error\" }, { 4001, \"Unknown opcode\" },\n
        { 4002, \"Decode error\" }, { 4004, \"Authentication failed\" }, { 6000, \"Own\" } };", "text chat close-codes: missing 4003 missing 4007 missing 4010"),
    ("constructor.dart", "enum Op {\n  dispatch._(0),\n  heartbeat._(1),\n  /// 4\n  identify._(2),\n  hello._(6);\n  final int value;\n  const Op._(this.value);\n}",
        "Op chat opcodes: missing 4 missing 5 missing 7"),
    ("constants.dart", "class Op {\n  static const dispatch = Op(0);\n  static const Op heartbeat = Op(1);\n  static const identify = const Op(2);\n  static const hello = Op(6);\n}",
        "Op chat opcodes: missing 4 missing 5 missing 7"),
    ("map.ex", "  def opcodes do\n    %{\n      \"DISPATCH\" => 0,\n      \"HEARTBEAT\" => 1,\n      \"IDENTIFY\" => 2,\n      :hello => 6\n    }\n  end",
        " chat opcodes: missing 4 missing 5 missing 7"),
    ("alias.php", "class Op {\n  # RESUME = 5\n  public const DISPATCH = 0;\n  const HEARTBEAT = 1; const BEAT = self::HEARTBEAT;\n  const IDENTIFY = 2;\n  const HELLO = 6;\n}",
        "Op chat opcodes: missing 4 missing 5 missing 7"),
    ("list.swift", "enum Op: Int {\n  case dispatch,\n  heartbeat, identify\n  case voiceState = 4\n  case resume\n  case hello\n}",
        "Op chat opcodes: missing 7"),
    ("cases.swift", "public enum Op: UInt8, Sendable, Codable {\n  case dispatch = 0\n  case heartbeat = 1\n  case identify = 2\n  case hello // 6\n  case other(Int)\n}",
        "Op chat opcodes: missing 4 missing 5 missing 7"),
];

const JUDGED: &[Case] = &[
    ("arms.rs", "impl Op { fn from(n: u8) -> Op { match n { 0 => Self::Dispatch, 1 => Self::Heartbeat, 2 => Op::Identify, 6 => Op::Hello,\n
        7 => Op::HeartbeatAck, _ => return Err(n) } } }", " chat opcodes: missing 4 missing 5"),
    ("switch.go", "switch code {\ncase 4000:\n\treturn \"Unknown error\"\ncase 4001:\n\treturn \"Unknown opcode\"\ncase 4002:\n\terr = errors.New(\"decode error\")\n
        case 4003:\n\treturn NotAuthenticated\n}", " chat close-codes: missing 4004 missing 4007 missing 4010"),
    // Of some codes on purpose: a look-up of fewer than half, and lists of numbers.
    ("some.rs", "match code { 4004 => \"Authentication failed\", 4010 => \"Invalid shard\", 4007 => \"Invalid seq\", _ => \"?\" }", ""),
    ("lists.js", "switch (code) { case 4000: case 4001: case 4002: resume(); break; case 4004: case 4010: stop(); }\nconst fatal = [4003, 4004, 4007, 4010];", ""),
    // Of several names on one line each has its own number, if that can be read.
    ("tuple.py", "class C(Enum):\n    UNKNOWN_ERROR = 4000\n    UNKNOWN_OPCODE, DECODE_ERROR = 4001, 4002\n    NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4003, auth()\n",
        "C chat close-codes: unread 4003 unread 4004 missing 4007 missing 4010"),
    ("tuple.go", "const (\n\tUnknownError, UnknownOpcode = 4000, 4001\n\tDecodeError, NotAuthenticated = 4002, 4003\n)",
        " chat close-codes: missing 4004 missing 4007 missing 4010"),
    ("bracketed.py", "UNKNOWN_ERROR, UNKNOWN_OPCODE, DECODE_ERROR = (\n    4000,\n    4001,\n    4002,\n)\n(NOT_AUTHENTICATED, AUTHENTICATION_FAILED) = [4003, 4004]\n",
        " chat close-codes: missing 4007 missing 4010"),
    ("tuple.py", "DISPATCH = 0\nHEARTBEAT = 1\nIDENTIFY = 2\nVOICE_STATE, x.y, RESUME = 4, 1, 5\nself.HELLO, self.HEARTBEAT_ACK = 6, 7\n",
        " chat opcodes: unread 4 unread 5 unread 6 unread 7"),
    ("tuple.py", "DISPATCH = 0\nHEARTBEAT = 1\nIDENTIFY = 2\nVOICE_STATE, RESUME = 4, 4 + 1\nHELLO, HEARTBEAT_ACK = f(6, 7), f(7)\n",
        " chat opcodes: unread 4 unread 5 unread 6 unread 7"),
    ("typed.go", "const Dispatch, Heartbeat, Identify = 0, 1, 2\nconst VoiceState, Resume uint16 = 4, 5\nvar (\n\tHello, HeartbeatAck Op = 6, 7\n)",
        " chat opcodes:"),
    ("one_line.nim", "type Op = enum opDispatch, opHeartbeat = 1, opIdentify = 2, opVoiceState = 4, opResume = 5, opHello = 6\n",
        ""),
    ("keywords.py", "op('A', DISPATCH=0, HEARTBEAT=1, IDENTIFY=2, HELLO=6)", "op chat opcodes: missing 4 missing 5 missing 7"),
    ("bases.rs", "enum Op { Dispatch = 0b0, Heartbeat = 0b1, Identify = 0o2, VoiceState = 0b1_00u8, Resume = 0O5, Hello = 0x6 }", "Op chat opcodes: missing 7"),
    // What has the name of a code is not called missing, whatever its number is.
    ("computed.py", "DISPATCH = 0\nHEARTBEAT = 1\nIDENTIFY = 2\nVOICE_STATE = 1 << 2\nRESUME: int = BASE + 5\nHELLO = 6\n\ndef heartbeat_ack(): pass\n",
        " chat opcodes: unread 4 unread 5 missing 7"),
    ("computed.java", "enum Op { DISPATCH(0), HEARTBEAT(1), IDENTIFY(2), VOICE_STATE(BASE + 4), RESUME(0x0_5), HELLO(6) }",
        "Op chat opcodes: unread 4 missing 7"),
    ("computed.c", "enum op { OP_DISPATCH, OP_HEARTBEAT, OP_IDENTIFY, OP_VOICE_STATE = BASE, OP_RESUME, OP_HELLO = 6 };",
        "op chat opcodes: unread 4 unread 5 missing 7"),
    // No member: a class, an import, a type, a field of another kind.
    ("class.py", "from .hello import hello\nDISPATCH = 0\nHEARTBEAT = 1\nIDENTIFY = 2\nVOICE_STATE = 4\nclass Resume:\n    pass\n",
        " chat opcodes: missing 5 missing 6 missing 7"),
    ("import.js", "import Resume from './resume';\nexport const Dispatch = 0;\nexport const Heartbeat = 1;\nexport const Identify = 2;\nclass Hello {}",
        " chat opcodes: missing 4 missing 5 missing 6 missing 7"),
    ("type.go", "const Dispatch = 0\nconst Heartbeat = 1\nconst Identify = 2\ntype Resume struct { Token string }\ntype Hello = string\n",
        " chat opcodes: missing 4 missing 5 missing 6 missing 7"),
    ("Field.java", "interface Op { int DISPATCH = 0; int HEARTBEAT = 1; int IDENTIFY = 2; Resume resume = null; }",
        "Op chat opcodes: missing 4 missing 5 missing 6 missing 7"),
    // One language reads a number that starts with 0 in base 8, another one not.
    ("octal.c", "enum op { DISPATCH = 0, HEARTBEAT = 01, IDENTIFY, VOICE_STATE = 4, RESUME = 5, HELLO = 006u, HEARTBEAT_ACK = 0x07 };",
        "op chat opcodes: unread 1 unread 2 unread 6"),
    // By number alone, or by name alone, it is of no table.
    ("numbers.py", "A = 4000\nB = 4001\nC = 4002\nD = 4003\nE = 4004\nF = 4007\n", ""),
    ("names.py", "DISPATCH = 10\nHEARTBEAT = 11\nIDENTIFY = 12\nHELLO = 16\n", ""),
    ("flags.rs", "const DISPATCH: u8 = 1 << 0; const HEARTBEAT: u8 = 1 << 1; const IDENTIFY: u8 = 2 + 0; const HELLO: i8 = -6;", ""),
    // Wrong: swapped, typed wrongly, shifted by one.
    ("swapped.rs", "enum C { UnknownError = 4000, UnknownOpcode = 4002, DecodeError = 4001, NotAuthenticated = 4003, AuthenticationFailed = 4004, InvalidSeq = 4007, InvalidShard = 4010 }",
        "C chat close-codes: wrong 4002 wrong 4001"),
    ("typed.rs", "enum C { UnknownError = 4000, UnknownOpcode = 4001, DecodeError = 4002, NotAuthenticated = 4003, AuthenticationFailed = 4004, InvalidSeq = 4070, InvalidShard = 4010 }",
        "C chat close-codes: missing 4007 wrong 4070"),
    ("shifted.ts", "enum Op { Dispatch, Heartbeat, Identify, VoiceState, Resume, Hello, HeartbeatAck }",
        "Op chat opcodes: missing 7 wrong 3 wrong 4 wrong 5 wrong 6"),
    // Two names of a number, a removed code and codes of the protocol are nothing to say; one that nobody lists is.
    ("extra.rs", "enum C { GoingAway = 1001, UnknownError = 4000, UnknownOpcode = 4001, BadOp = 4001, DecodeError = 4002, NotAuthenticated = 4003,\n
        AuthenticationFailed = 4004, SessionGone = 4006, InvalidSeq = 4007, Zombie = 4008, ProtocolError = 1002, InvalidShard = 4010, Zlib = 6000 }", "C chat close-codes: unknown 4008"),
    ("two_enums.rs", "enum A { Dispatch = 0, Heartbeat = 1, Identify = 2, VoiceState = 4 }\nenum B { Resume = 5, Hello = 6, HeartbeatAck = 7, Identify = 2 }",
        "A chat opcodes:"),
    ("taken_over.py", "a = {4000: 'Unknown error', 4001: 'Unknown opcode', 4002: 'Decode error', 4003: 'Not authenticated'}\n
b = {\n    **a, 4004: 'Authentication failed', 4007: 'Invalid seq', 4010: 'Invalid shard', 4001: 'Unknown opcode'}\n", "b chat close-codes:"),
    ("taken_over.ts", "const Op = { ...Others, Dispatch: 0, Heartbeat: 1, Identify: 2, Hello: 6 };", "Op chat opcodes:"),
    ("two_tables.php", "class Op { const OP_DISPATCH = 0; const OP_HEARTBEAT = 1; const OP_IDENTIFY = 2; const OP_HELLO = 6;\n
        const CLOSE_UNKNOWN_ERROR = 4000; const CLOSE_UNKNOWN_OPCODE = 4001; const CLOSE_DECODE_ERROR = 4002; const CLOSE_INVALID_SEQ = 4007; }",
        "Op chat close-codes: missing 4003 missing 4004 missing 4010; Op chat opcodes: missing 4 missing 5 missing 7"),
    // One more code of the document that lists more does not make a source one of it.
    ("one_more.rs", "enum Op { Dispatch = 0, Heartbeat = 1, Identify = 2, VoiceState = 4, Resume = 5, Hello = 6, HeartbeatAck = 7, Secret8 = 8 }",
        "Op chat opcodes:"),
    ("no code.txt", "Dear 4000, we are 4001 and 4002: sincerely, 4003.", ""),
    ("open.rs", "enum Op { Dispatch = 0, \"unclosed, r#\" Heartbeat = 1, /* Identify = 2", ""),
];

#[test]
fn every_form_is_read() {
    let registry = tables();
    let read = DECLARED.iter().chain(JUDGED).map(|(path, text, expected)| (path, findings(&registry, path, text), expected));
    let wrong: Vec<String> = read.filter(|(_, found, expected)| found != *expected).map(|one| format!("{one:?}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_missing_code_is_written_as_the_others_are() {
    let cases = [
        (
            "a.rs",
            "pub const OP_DISPATCH: u8 = 0;\npub const OP_HEARTBEAT: u8 = 1;\npub const OP_IDENTIFY: u8 = 2;",
            "OP_HEARTBEAT_ACK: u8 = 7;",
        ),
        ("a.ts", "enum Op { Dispatch, Heartbeat, Identify }", "HeartbeatAck = 7,"),
        ("a.go", "const (\n\tOpDispatch  Op = 0\n\tOpHeartbeat Op = 1\n\tOpIdentify  Op = 2\n)", "OpHeartbeatAck Op = 7"),
        (
            "a.java",
            "enum Op { DISPATCH(0, \"x\"), HEARTBEAT(1, \"y\"), IDENTIFY(2, \"z\"); }",
            "HEARTBEAT_ACK(7, \"HeartbeatAck\"),",
        ),
        ("a.dart", "enum Op { dispatch._(0), heartbeat._(1), identify._(2), x }", "heartbeatAck._(7),"),
        ("a.py", "class Op:\n    DISPATCH   = 0\n    HEARTBEAT  = 1\n    IDENTIFY   = 2\n", "HEARTBEAT_ACK = 7"),
        ("t.py", "class Op:\n    DISPATCH, HEARTBEAT = 0, 1\n    IDENTIFY, HELLO = 2, 6\n", "HEARTBEAT_ACK = 7"),
        ("a.ex", "%{\n\"DISPATCH\" => 0,\n\"HEARTBEAT\" => 1,\n\"IDENTIFY\" => 2,\n}", "\"HEARTBEAT_ACK\" => 7,"),
        ("a.h", "X(DISPATCH, 0)\nX(HEARTBEAT, 1)\nX(IDENTIFY, 2)\n", "X(HEARTBEAT_ACK, 7)"),
        ("a.swift", "enum Op: Int {\n  case dispatch = 0\n  case heartbeat = 1\n  case identify = 2\n}", "case heartbeatAck = 7"),
    ];
    let registry = tables();
    for (path, text, expected) in cases {
        let mut sources = Sources::default();
        sources.insert(path, text);
        let found =
            serde_json::to_value(audit(&registry, &sources, None, &mut |_, _| ()).expect("all editions")).expect("it is data");
        let findings = found["enums"][0]["findings"].as_array().unwrap_or_else(|| panic!("{path}: {found}"));
        let last = findings.iter().find(|finding| finding["value"] == 7).expect("a code is missing");
        assert_eq!(last["paste"], expected, "{path}");
    }
}

/// Whatever the text is: no panic, and an answer in seconds even in a build for tests.
#[test]
fn no_text_is_too_odd() {
    let registry = tables();
    let repeated = [
        "(", "{", "enum{", "const(\n", "r#\"", "r##\"", "`\\", "'''", "\"\n", "/*", "a=", "a=1,", "X(1,", "{code:", "é'",
        "case 1:",
    ];
    let started = Instant::now();
    for text in repeated {
        for ending in ["rs", "go", "py", "ts"] {
            findings(&registry, &format!("a.{ending}"), &text.repeat(5_000));
        }
    }
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
}
