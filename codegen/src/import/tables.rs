//! Which table of ours a heading speaks of, and what such a table is when it is new.

use heck::{ToKebabCase, ToUpperCamelCase};

use crate::model::Repr;
use crate::raw::Kind;
use crate::source::Span;

/// A heading of a page.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// Its level; a caption is deeper than every heading.
    pub level: usize,
    /// Its text without markup.
    pub text: String,
    /// Its line.
    pub span: Span,
}

/// What a table is: the keys that it gets when it is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The name of its file, without `.toml`.
    pub file: String,
    /// The name of its enum.
    pub enum_name: String,
    /// The kind of its codes.
    pub kind: Kind,
    /// The narrowest type that its kind usually has.
    pub repr: Repr,
    /// What its codes tell, in our words.
    pub summary: String,
}

/// The words of a heading, and the file, the enum, the kind, the type and the summary of its table.
type Known = (&'static [&'static str], &'static str, &'static str, Kind, Repr, &'static str);

/// The tables whose headings have changed over the years: which words name them, and what they are.
///
/// The first line with all its words in the heading wins. A table that is not among these gets its form from its heading.
const KNOWN: [Known; 10] = [
    (
        &["rpc", "close"],
        "rpc-close-codes",
        "RpcCloseCode",
        Kind::CloseCodes,
        Repr::U16,
        "Why the local RPC server closed the connection.",
    ),
    (&["rpc"], "rpc-error-codes", "RpcErrorCode", Kind::ErrorCodes, Repr::U16, "Why the local RPC server refused a command."),
    (
        &["json"],
        "json-error-codes",
        "JsonErrorCode",
        Kind::ErrorCodes,
        Repr::U32,
        "Why the API refused a request, in the `code` of the JSON body of its answer.",
    ),
    (
        &["http"],
        "http-response-codes",
        "HttpResponseCode",
        Kind::StatusCodes,
        Repr::U16,
        "How a request went, in the status of the HTTP response.",
    ),
    (
        &["response"],
        "http-response-codes",
        "HttpResponseCode",
        Kind::StatusCodes,
        Repr::U16,
        "How a request went, in the status of the HTTP response.",
    ),
    (
        &["voice", "close"],
        "voice-close-codes",
        "VoiceCloseCode",
        Kind::CloseCodes,
        Repr::U16,
        "Why the voice gateway closed the connection.",
    ),
    (&["voice", "opcode"], "voice-opcodes", "VoiceOpcode", Kind::Opcodes, Repr::U8, "What a message on the voice gateway is."),
    (
        &["gateway", "close"],
        "gateway-close-codes",
        "GatewayCloseCode",
        Kind::CloseCodes,
        Repr::U16,
        "Why the gateway closed the connection.",
    ),
    (&["gateway", "opcode"], "gateway-opcodes", "GatewayOpcode", Kind::Opcodes, Repr::U8, "What a message on the gateway is."),
    (
        &["disconnect", "reason"],
        "disconnect-reasons",
        "DisconnectReason",
        Kind::CloseCodes,
        Repr::U16,
        "Why the connection ended.",
    ),
];

/// The form of the table under some headings, the innermost last.
///
/// A heading that names no table by itself ("Opcodes") is read together with those above it ("Gateway").
pub(super) fn form_of(headings: &[Heading]) -> Form {
    let own = headings.last().map(|heading| heading.text.as_str()).unwrap_or_default();
    let mut spoken = words(own);
    known(&spoken)
        .or_else(|| {
            headings.iter().rev().skip(1).find_map(|outer| {
                spoken.extend(words(&outer.text));
                known(&spoken)
            })
        })
        .unwrap_or_else(|| derived(own))
}

fn known(words: &[String]) -> Option<Form> {
    let has = |wanted: &&str| words.iter().any(|word| word == wanted);
    let (_, file, enum_name, kind, repr, summary) = KNOWN.iter().find(|(wanted, ..)| wanted.iter().all(has))?;
    Some(Form {
        file: (*file).to_owned(),
        enum_name: (*enum_name).to_owned(),
        kind: *kind,
        repr: *repr,
        summary: (*summary).to_owned(),
    })
}

/// The form of a table that nobody has seen before.
fn derived(heading: &str) -> Form {
    let words = words(heading);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let (kind, repr) = if has("opcode") {
        (Kind::Opcodes, Repr::U8)
    } else if has("close") || has("disconnect") {
        (Kind::CloseCodes, Repr::U16)
    } else if has("status") {
        (Kind::StatusCodes, Repr::U16)
    } else {
        (Kind::ErrorCodes, Repr::U32)
    };
    let letters: String = heading.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let file = letters.to_kebab_case();
    let file = if file.starts_with(|c: char| c.is_ascii_lowercase()) {
        file
    } else {
        format!("codes-{file}").trim_end_matches('-').to_owned()
    };
    let name = singular(&file).to_upper_camel_case();
    Form { summary: format!("The codes of the table {}.", crate::diagnostic::quoted(heading)), file, enum_name: name, kind, repr }
}

/// The words of a heading in lower case and singular; an enum's name is taken apart, and "OP codes" is one word.
pub(super) fn words(heading: &str) -> Vec<String> {
    let letters: String = heading.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let kebab = letters.to_kebab_case().replace("op-code", "opcode");
    kebab.split('-').map(singular).collect()
}

fn singular(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && !stem.ends_with("tatu") => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Heading, form_of};
    use crate::source::{SourceFile, Span};

    fn file(headings: &[&str]) -> String {
        let span = Span::new(&SourceFile::new("page.md", ""), 0..0);
        let headings: Vec<Heading> = headings
            .iter()
            .enumerate()
            .map(|(level, text)| Heading { level, text: (*text).to_owned(), span: span.clone() })
            .collect();
        form_of(&headings).file
    }

    #[test]
    fn headings_of_ten_years_name_the_same_tables() {
        assert_eq!(file(&["Response/Error Codes"]), "http-response-codes");
        assert_eq!(file(&["HTTP Response/Error Code List"]), "http-response-codes");
        assert_eq!(file(&["HTTP", "HTTP Response Codes"]), "http-response-codes");
        assert_eq!(file(&["RPC Errors"]), "rpc-error-codes");
        assert_eq!(file(&["RPC Close Event Codes"]), "rpc-close-codes");
        assert_eq!(file(&["Gateway OP Codes/Payloads"]), "gateway-opcodes");
        assert_eq!(file(&["Gateway", "Close Codes"]), "gateway-close-codes");
        assert_eq!(file(&["Voice Gateway Close Event Codes"]), "voice-close-codes");
        assert_eq!(file(&["VoiceCloseEventCodes"]), "voice-close-codes");
        assert_eq!(file(&["DisconnectReason"]), "disconnect-reasons");
    }

    #[test]
    fn an_unknown_heading_names_its_own_table() {
        assert_eq!(file(&["Gateway", "Lobby Status Codes"]), "lobby-status-codes");
        assert_eq!(file(&["401 things"]), "codes-401-things");
    }
}
