//! What can be compared: the codes of tables or of a page, as far as each of them says something.
//!
//! A page knows no identifiers and no policies, and a table may be unfinished; a listing holds whatever is there.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::import::merge::fingerprint;
use crate::import::{ObservedRow, ObservedTable, ObservedValue};
use crate::model::{Action, Basis, Direction, Format, Repr, Status, Wait};
use crate::raw;
use crate::source::{SourceFile, Span};

/// The codes of one table.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The name of its file, without `.toml`.
    pub table: String,
    /// Its title.
    pub title: String,
    /// The name of its enum, where known.
    pub enum_name: Option<String>,
    /// The type of its numbers, where known.
    pub repr: Option<Repr>,
    /// What to do without a code, and after an unknown one, where known.
    pub fallback: Vec<(&'static str, Policy)>,
    /// Its codes.
    pub entries: Vec<Entry>,
    /// Where it begins.
    pub span: Span,
}

/// One code.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number or numbers.
    pub value: ObservedValue,
    /// Its documented name.
    pub name: String,
    /// Its identifier, where known.
    pub ident: Option<String>,
    /// Other identifiers of it.
    pub aliases: Vec<String>,
    /// Identifiers that it had before.
    pub renamed_from: Vec<String>,
    /// What it means, in our words.
    pub summary: Option<String>,
    /// Whether the document still has it.
    pub status: Status,
    /// Which way it travels.
    pub direction: Option<Direction>,
    /// How its payload is encoded.
    pub format: Option<Format>,
    /// Whether to reconnect, as documented.
    pub reconnect: Option<bool>,
    /// What to do after it.
    pub policy: Option<Policy>,
    /// What to do after it when its message says that the session cannot be resumed.
    pub policy_unless_resumable: Option<Policy>,
    /// The fingerprint of its documented sentence.
    pub text: Option<String>,
    /// Where its row begins.
    pub span: Span,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The action.
    pub action: Action,
    /// The wait.
    pub wait: Wait,
    /// What it rests on.
    pub basis: Option<Basis>,
    /// Why.
    pub reason: String,
    /// The event that overrules a stop.
    pub unless: Option<String>,
}

impl Policy {
    /// Whether a client would do the same.
    #[must_use]
    pub fn acts_like(&self, other: &Self) -> bool {
        (self.action, self.wait, &self.unless) == (other.action, other.wait, &other.unless)
    }
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.action.words())?;
        match (&self.unless, self.action, self.wait) {
            (Some(event), ..) => write!(f, " unless {event}"),
            (None, Action::Stop, _) | (None, _, Wait::None) => Ok(()),
            (None, _, Wait::Backoff) => f.write_str(" after a wait"),
        }
    }
}

impl Entry {
    /// Whether the document still has it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.status != Status::Removed
    }
}

impl Listing {
    /// Its edition, where its name tells: `discord/v10` of `discord/v10/gateway-opcodes`.
    #[must_use]
    pub fn edition(&self) -> Option<String> {
        self.table.rsplit_once('/').map(|(edition, _)| edition.to_owned())
    }

    /// The codes of a table file, as far as it can be read.
    pub fn of_file(table: &str, source: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let file = raw::parse(source, diagnostics);
        let header = file.header.read;
        let fallback = header.reconnect.as_ref().map(toml::Spanned::get_ref).into_iter().flat_map(|reconnect| {
            let sent = reconnect.sent.as_ref().and_then(|sent| sent.get_ref().policy.as_ref());
            let written = [("absent", reconnect.absent.as_ref()), ("unknown", reconnect.unknown.as_ref()), ("sent", sent)];
            written.into_iter().filter_map(|(what, written)| Some((what, policy(written?.get_ref())?)))
        });
        Self {
            table: table.to_owned(),
            title: header.title.as_ref().map(|title| title.get_ref().clone()).unwrap_or_default(),
            enum_name: header.enum_name.as_ref().map(|name| name.get_ref().clone()),
            repr: header.repr.as_ref().map(|repr| *repr.get_ref()),
            fallback: fallback.collect(),
            entries: file.rows.iter().filter_map(entry).collect(),
            span: Span::new(source, 0..0),
        }
    }

    /// The codes of a table of a page.
    #[must_use]
    pub fn of_page(observed: &ObservedTable) -> Self {
        let rows = observed.rows.iter().filter(|row| !row.is_alias);
        Self {
            table: observed.form.file.clone(),
            title: observed.title.clone(),
            enum_name: None,
            repr: None,
            fallback: Vec::new(),
            entries: rows.map(entry_of_page).collect(),
            span: observed.span.clone(),
        }
    }
}

fn entry(part: &raw::Part<raw::Row>) -> Option<Entry> {
    let row = &part.read;
    let number = |value: i64| u32::try_from(value).ok();
    let value = match (&row.value, &row.range) {
        (Some(value), _) => ObservedValue::Value(number(*value.get_ref())?),
        (None, Some(range)) => {
            let bounds: Vec<u32> = range.get_ref().iter().filter_map(|bound| number(*bound.get_ref())).collect();
            ObservedValue::Range(bounds.try_into().ok()?)
        }
        (None, None) => return None,
    };
    let text = |written: &Option<toml::Spanned<String>>| written.as_ref().map(|text| text.get_ref().clone());
    let renamed_from = match row.renamed_from.as_ref().map(toml::Spanned::get_ref) {
        None => Vec::new(),
        Some(raw::Names::One(name)) => vec![name.clone()],
        Some(raw::Names::Many(names)) => names.clone(),
    };
    Some(Entry {
        value,
        name: text(&row.name).unwrap_or_default(),
        ident: text(&row.ident),
        aliases: row.aliases.iter().map(|alias| alias.get_ref().clone()).collect(),
        renamed_from,
        summary: text(&row.summary),
        status: row.status.as_ref().map(|status| *status.get_ref()).unwrap_or_default(),
        direction: row.direction.as_ref().map(|direction| *direction.get_ref()),
        format: row.format.as_ref().map(|format| *format.get_ref()),
        reconnect: row.reconnect.as_ref().map(|reconnect| *reconnect.get_ref()),
        policy: row.policy.as_ref().and_then(|written| policy(written.get_ref())),
        policy_unless_resumable: row.policy_unless_resumable.as_ref().and_then(|written| policy(written.get_ref())),
        text: text(&row.text),
        span: part.span.clone(),
    })
}

fn policy(written: &raw::Policy) -> Option<Policy> {
    Some(Policy {
        action: *written.action.as_ref()?.get_ref(),
        wait: written.wait.unwrap_or_default(),
        basis: written.basis,
        reason: written.reason.as_ref().map(|reason| reason.get_ref().clone()).unwrap_or_default(),
        unless: written.unless.as_ref().map(|event| event.get_ref().clone()),
    })
}

fn entry_of_page(row: &ObservedRow) -> Entry {
    Entry {
        value: row.value,
        name: row.name.clone(),
        ident: None,
        aliases: Vec::new(),
        renamed_from: Vec::new(),
        summary: None,
        status: row.status,
        direction: row.direction,
        format: row.format,
        reconnect: row.reconnect,
        policy: None,
        policy_unless_resumable: None,
        text: row.sentence.as_deref().map(fingerprint),
        span: row.span.clone(),
    }
}
