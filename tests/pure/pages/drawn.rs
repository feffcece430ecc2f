//! What the writer of `pages.rs` chooses: pages drawn from bytes. 0 is always the plainest choice, so that a page that fails shrinks to
//! a plain one.

use proptest::prelude::*;

use super::written::{Code, Column, Page, Table};

/// What is left to choose.
pub struct Draw<'a>(pub std::slice::Iter<'a, u8>);

impl Draw<'_> {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % limit)
    }

    pub fn of<'b>(&mut self, words: &[&'b str]) -> &'b str {
        words[self.below(words.len())]
    }

    /// The first of these three times in four.
    pub fn seldom<'b>(&mut self, words: &[&'b str]) -> &'b str {
        if self.below(4) == 3 { self.of(words) } else { words[0] }
    }
}

pub const HEADINGS: [(&str, &[&str], &[&str]); 4] = [
    (
        "close-codes",
        &["Gateway Close Event Codes", "Close codes", "Voice Close Codes", "Abrupt WebSocket closures"],
        &["Code", "Value", "Close code", "Close code (uint16)", "Reason Code", "Number", "Id"],
    ),
    ("opcodes", &["Gateway Opcodes", "Voice Opcodes", "Opcodes", "Bridge opcodes"], &["Code", "Value", "Opcode", "Op", "Number"]),
    (
        "error-codes",
        &["JSON Error Codes", "Error codes", "RPC Errors", "RESTful API error codes"],
        &["Code", "Value", "Error code", "Number", "Key"],
    ),
    ("status-codes", &["HTTP Response Codes", "HTTP Status Codes"], &["Code", "Status code", "HTTP code", "Value"]),
];
pub const NAMES: [&str; 8] = ["Name", "Codename", "Constant", "Symbol", "Reason Code Name", "Reason", "Status", "Label"];
pub const SENTENCES: [&str; 5] = ["Description", "Explanation", "Meaning", "Notes", "Details"];
pub const RECONNECTS: [&str; 8] =
    ["Reconnect", "Reconnect?", "Should Reconnect", "Recoverable", "Recoverable?", "Retryable", "Fatal", "Can reconnect"];
pub const YES: [[&str; 3]; 5] =
    [["true", "false", ""], ["yes", "no", ""], ["Yes", "No", ""], ["✅", "❌", ""], ["`true`", "`false`", ""]];
pub const WAYS: [(&str, [&str; 3]); 6] = [
    ("Sent By", ["client", "server", "client and server"]),
    ("Client Action", ["Send", "Receive", "Send/Receive"]),
    ("Action", ["Send", "Receive", "Send/Receive"]),
    ("Direction", ["C→S", "S→C", "C↔S"]),
    ("Direction", ["client → server", "server → client", "Both"]),
    ("Direction", ["client->server", "server->client", "both"]),
];
pub const FIRST: [&str; 10] = ["Unknown", "Invalid", "Late", "Closed", "Missing", "Odd", "Broken", "Empty", "Hidden", "Stale"];
pub const SECOND: [&str; 6] = ["shard", "token", "frame", "guild", "voice", "payload"];
pub const VERBS: [&str; 6] = ["sent", "lost", "wrote", "opened", "kept", "forgot"];

pub fn table(kind: usize, draw: &mut Draw, rows: &[Vec<u8>]) -> Table {
    let (kind, headings, codes) = HEADINGS[kind];
    let heading = draw.of(headings);
    let code = draw.seldom(codes);
    let form = draw.seldom(&[
        "both",
        "description-explanation",
        "description-details",
        "meaning",
        "name-only",
        "name-in-code",
        "code-notes",
        "type-value",
        "value-code",
    ]);
    let (name, sentence) = match form {
        "description-explanation" => (Some("Description"), Some("Explanation")),
        "description-details" => (Some("Description"), Some("Details")),
        "meaning" => (Some(draw.of(&["Meaning", "Description", "Message"])), None),
        "name-only" => (Some(draw.seldom(&NAMES)), None),
        "name-in-code" => (None, Some(draw.seldom(&SENTENCES[..3]))),
        "code-notes" => (None, Some(draw.of(&["Notes", "Details"]))),
        "type-value" => (Some(draw.of(&["Type", "Event", "Mode"])), Some("Description")),
        "value-code" => (Some("Code"), Some("Description")),
        _ => (Some(draw.seldom(&NAMES)), Some(draw.seldom(&SENTENCES))),
    };
    let code = if ["type-value", "value-code"].contains(&form) { "Value" } else { code };
    let mut columns = vec![(Column::Code, code)];
    columns.extend(name.map(|name| (Column::Name, name)));
    columns.extend(sentence.map(|sentence| (Column::Sentence, sentence)));
    let yes = YES[draw.below(YES.len())];
    let (way, ways) = WAYS[draw.below(WAYS.len())];
    match kind {
        "close-codes" if draw.below(2) == 1 => columns.push((Column::Reconnect, draw.seldom(&RECONNECTS))),
        "opcodes" if draw.below(2) == 1 => columns.push((Column::Direction, way)),
        _ => {}
    }
    if draw.seldom(&["", "Colour"]) == "Colour" {
        columns.push((Column::Colour, "Colour"));
    }
    let turns = draw.below(8);
    if turns > 3 {
        let length = columns.len();
        columns.rotate_left(turns % length);
    }
    let mut list: Vec<Code> = rows.iter().enumerate().map(|(at, row)| one(kind, form, at, &mut Draw(row.iter()))).collect();
    for code in list.iter_mut().filter(|code| name.is_none() && code.status.ends_with("deprecated")) {
        code.status = "active";
    }
    if draw.seldom(&["in-order", "reversed"]) == "reversed" {
        list.reverse();
    }
    Table {
        kind,
        heading,
        level: draw.of(&["###### ", "## ", "caption", "anchor"]),
        columns,
        style: [
            draw.seldom(&["pipes", "tight", "no-pipes", "padded", "indented"]),
            draw.of(&["---", ":---", ":-:", "---:", "-"]),
        ],
        words: [yes, ways],
        split: (draw.seldom(&["none", "blank", "paragraph", "heading", "accordion", "details"]), draw.below(8)),
        decoy: [
            draw.seldom(&["none", "fence", "tilde", "quote", "comment", "mdx-comment", "html", "no-codes"]),
            draw.of(&["after", "before", "apart"]),
        ],
        head: draw.seldom(&["as-is", "bold-head", "tick-head", "UPPER-head", "lower-head"]),
        junk: (draw.seldom(&["", "everything else", "-1", "—", "**Errors**", "4OO1", "1.5", "(none)"]), draw.below(6)),
        codes: list,
    }
}

pub fn one(kind: &str, form: &str, at: usize, draw: &mut Draw) -> Code {
    let base = match kind {
        "opcodes" => 1,
        "close-codes" => 4000,
        "status-codes" => 400,
        _ => [70, 1000, 50_000][draw.below(3)],
    };
    let first = base + u32::try_from(at).unwrap() * 7 + u32::try_from(draw.below(3)).unwrap();
    let spread = if kind == "opcodes" { "one" } else { draw.seldom(&["one", "one", "range"]) };
    let numbers = [first, first + if spread == "range" { 2 } else { 0 }];
    let (one, two, verb) = (FIRST[at % 10], draw.of(&SECOND), draw.of(&VERBS));
    let is_identifier = ["type-value", "value-code"].contains(&form);
    let name = match draw.seldom(&["words", "UPPER", "Camel"]) {
        "Camel" if !is_identifier => format!("{one}{}{}", two[..1].to_uppercase(), &two[1..]),
        "words" if !is_identifier => format!("{one} {two}"),
        _ => format!("{one}_{two}").to_uppercase(),
    };
    let sentence = format!("The {two} {verb} {} of what was {}", at + 2, one.to_lowercase());
    let status = draw.seldom(&["active", "active", "struck", "deprecated", "code-deprecated"]);
    let mut code = Code {
        numbers,
        name,
        sentence,
        reconnect: draw.below(2) == 0,
        direction: draw.below(3),
        status,
        cells: Default::default(),
        place: "",
    };
    code.cells = cells(&mut code, form, draw);
    code
}

/// The cells of a code, in one of the forms that mean the same.
pub fn cells(code: &mut Code, form: &str, draw: &mut Draw) -> [String; 3] {
    let [first, last] = code.numbers;
    let number = match draw.seldom(&["plain", "ticks", "bold", "linked", "hex", "hex-ticks", "star", "caret", "sup"]) {
        _ if first < last => match draw.of(&["-", " - ", "–", "`-`", "`–`", "` - `"]) {
            between if between.starts_with('`') => format!("`{first}`{}`{last}`", between.trim_matches('`')),
            between => format!("{first}{between}{last}"),
        },
        "ticks" => format!("`{first}`"),
        "bold" => format!("**{first}**"),
        "linked" => format!("[{first}](#code-{first})"),
        "hex" => format!("0x{first:04X}"),
        "hex-ticks" => format!("`0x{first:x}`"),
        "star" => format!("{first}\\*"),
        "caret" => format!("{first} ^1^"),
        "sup" => format!("{first}<sup>1</sup>"),
        _ => first.to_string(),
    };
    let name = code.name.clone();
    let name = match draw.seldom(&[
        "as-is",
        "name-ticks",
        "name-bold",
        "name-link",
        "name-br",
        "name-pipe",
        "part-ticks",
        "mark",
        "escaped",
        "parens",
        "name-entity",
        "name-italic",
    ]) {
        "name-ticks" => format!("`{name}`"),
        "name-bold" => format!("**{name}**"),
        "name-link" => format!("[{name}](</docs/a(b)#c>)"),
        "name-br" => name.replacen(' ', "<br>", 1),
        "name-pipe" if form != "type-value" && form != "value-code" => {
            code.name = format!("{name}|x");
            format!("{name}\\|x")
        }
        "part-ticks" if form == "both" => {
            code.name = format!("`GET_IT` {name}");
            code.name.clone()
        }
        "mark" => format!("{name}\\*"),
        "escaped" => name.replace('_', "\\_"),
        "name-italic" => format!("*{name}*"),
        "parens" if form != "type-value" && form != "value-code" => {
            code.name = format!("{name} (of two)");
            code.name.clone()
        }
        "name-entity" if form == "both" => {
            code.name = format!("{name} & more");
            format!("{name} &amp; more")
        }
        _ => name,
    };
    let text = code.sentence.clone();
    let sentence = match draw.seldom(&[
        "as-is",
        "stop",
        "sentence-bold",
        "sentence-link",
        "sentence-ticks",
        "sentence-br",
        "pipe",
        "strong",
        "entity",
        "italic",
        "bare-pipe",
    ]) {
        "stop" => format!("{text}."),
        "sentence-bold" => text.replacen("what", "**what**", 1),
        "sentence-link" => text.replacen("what", "[what](/docs/a_(b))", 1),
        "sentence-ticks" => text.replacen("what", "`what`", 1),
        "sentence-br" => text.replacen(" what", "<br/>what", 1),
        "strong" => text.replacen("what", "<strong>what</strong>", 1),
        "italic" => text.replacen("what", "_what_", 1),
        "entity" => {
            code.sentence = format!("{text} & so on");
            format!("{text} &amp; so on")
        }
        "bare-pipe" => {
            code.sentence = format!("{text} a|b");
            format!("{text} `a|b`")
        }
        "pipe" => {
            code.sentence = format!("{text} a|b");
            format!("{text} `a\\|b`")
        }
        _ => text,
    };
    [number, name, sentence]
}

/// A code of a table in the plainest form.
pub fn plain(table: &Table, at: usize) -> Code {
    let form = if table.has(Column::Name) == Some("Type") { "type-value" } else { "both" };
    one(table.kind, form, at, &mut Draw([].iter()))
}

/// The page of a case.
pub fn page((head, tables): &Case) -> Page {
    let mut draw = Draw(head.iter());
    let dialect =
        [draw.seldom(&["plain", "mdx", "front"]), draw.seldom(&["lf", "crlf", "no-end"]), draw.seldom(&["no-mark", "bom"])];
    let turn = draw.below(4);
    let tables = tables.iter().enumerate().map(|(at, (bytes, rows))| table((at + turn) % 4, &mut Draw(bytes.iter()), rows));
    Page { dialect, tables: tables.collect() }
}

pub type Case = (Vec<u8>, Vec<(Vec<u8>, Vec<Vec<u8>>)>);

pub fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

pub fn pages() -> impl Strategy<Value = Case> {
    let rows = prop::collection::vec(bytes(16), 1..9);
    (bytes(8), prop::collection::vec((bytes(28), rows), 1..4))
}
