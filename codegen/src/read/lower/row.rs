//! The rows of one table: each by the rules of the table's kind.

use std::collections::HashMap;

use crate::model::{Action, Decision, Effect, Ending, Key, Kind, Number, Ours, Policy, Repr, Response, Row, Wait, reserved};
use crate::read::{Header, RawRow, TableFile};
use crate::text::{Diagnostic, Place, key_word, list, plain_name, quoted};

/// The work on the rows of one table.
struct Rows<'a> {
    file: &'a TableFile,
    kind: Kind,
    repr: Repr,
    resumable: bool,
    diagnostics: Vec<Diagnostic>,
}

/// The rows of one table, by the rules of its kind: those that have a variant or are ranges, the others, whose number another
/// row has now, and what is wrong with them.
pub(super) fn rows(file: &TableFile, header: &Header) -> (Vec<Row>, Vec<Row>, Vec<Diagnostic>) {
    let resumable = header.reconnect.as_ref().is_none_or(|reconnect| reconnect.resumable);
    let mut work = Rows { file, kind: header.kind, repr: header.repr, resumable, diagnostics: Vec::new() };
    let (rows, recycled) = work.split();
    (rows, recycled, work.finish())
}

impl Rows<'_> {
    fn finish(mut self) -> Vec<Diagnostic> {
        if !self.file.has_rows {
            self.diagnostics.push(
                Diagnostic::error("empty-table", "the table has no row")
                    .at(&self.file.place.key("title"), "this table")
                    .help("start each row with `[[code]]`, or delete the file"),
            );
        }
        self.diagnostics
    }

    /// The rows in numeric order, codes first, and those of recycled codes.
    fn split(&mut self) -> (Vec<Row>, Vec<Row>) {
        let kept = kept(&self.file.rows);
        let (mut rows, mut recycled) = (Vec::new(), Vec::new());
        for raw in &self.file.rows {
            let is_kept = kept.get(&raw.facts.number) == Some(&raw.position);
            let Some(row) = self.row(raw, is_kept) else { continue };
            if is_kept { rows.push(row) } else { recycled.push(row) }
        }
        rows.sort_by_key(|row| (row.is_range(), row.first()));
        recycled.sort_by(|a, b| (a.facts.number, &a.ours.ident).cmp(&(b.facts.number, &b.ours.ident)));
        (rows, recycled)
    }

    /// One row, if nothing is wrong with it. A recycled code has no effect.
    fn row(&mut self, raw: &RawRow, is_kept: bool) -> Option<Row> {
        let before = self.diagnostics.len();
        self.check_name(raw);
        self.reject_keys(raw);
        let has_variant = match raw.facts.number {
            Number::Value(number) => self.check_number(number, "value", &raw.place) && self.check_idents(raw, number),
            Number::Range(bounds) => self.check_range(bounds, raw),
        };
        let effect = if is_kept {
            self.check_dates(raw);
            self.effect(raw)
        } else {
            Some(Effect::None)
        };
        let RawRow { facts, ours, place, .. } = raw.clone();
        let row = effect.map(|effect| Row { facts, ours, effect, place });
        row.filter(|_| has_variant && self.diagnostics.len() == before)
    }

    /// Only what was removed was last listed on some day, and not before it was first listed.
    fn check_dates(&mut self, row: &RawRow) {
        let (place, since) = (&row.place, row.facts.since);
        let Some(until) = row.facts.until else { return };
        if row.facts.is_live() {
            self.diagnostics.push(
                Diagnostic::error("until-of-live-code", "a code that the document lists has no day on which it was removed")
                    .at(&place.key("until"), "here")
                    .help("remove `until`, or add `status = \"removed\"`"),
            );
        } else if since.is_some_and(|since| until.is_before(since)) {
            self.diagnostics.push(
                Diagnostic::error("until-before-since", "the code was removed before it was first listed")
                    .at(&place.key("until"), "this day is before `since`")
                    .help("correct one of the dates"),
            );
        }
    }

    /// A name that is nothing but backticks would be empty without them.
    fn check_name(&mut self, row: &RawRow) {
        if plain_name(&row.facts.name).trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::error("empty-text", "`name` has nothing but backticks")
                    .at(&row.place.key("name"), "here")
                    .help("write the documented name"),
            );
        }
    }

    fn check_number(&mut self, number: u32, key: &str, place: &Place) -> bool {
        let fits = number <= self.repr.max();
        if !fits {
            let (word, max) = (key_word(self.repr), self.repr.max());
            self.diagnostics.push(
                Diagnostic::error("out-of-range", format!("{number} does not fit into `{word}`"))
                    .at(&place.key(key), format!("must be from 0 to {max}"))
                    .help("correct the number, or write a wider `repr` for the table"),
            );
        }
        fits
    }

    /// The numbers of a range have no variant, so that no number ever becomes another.
    fn check_range(&mut self, [first, last]: [u32; 2], row: &RawRow) -> bool {
        let place = &row.place;
        if self.kind == Kind::Opcodes {
            self.diagnostics.push(
                Diagnostic::error("key-of-other-kind", "`range` belongs to tables of close codes, status codes and error codes")
                    .at(&place.key("range"), "an opcode has one number")
                    .help("give each opcode a row with `value`"),
            );
        }
        if first >= last {
            let fix = if first == last { format!("value = {first}") } else { format!("range = [{last}, {first}]") };
            self.diagnostics.push(
                Diagnostic::error("invalid-range", format!("the range ends before it starts: {first} to {last}"))
                    .at(&place.key("range"), "the first number must be the smaller one")
                    .help(format!("write `{fix}`")),
            );
        }
        for key in ["ident", "aliases", "renamed_from"].into_iter().filter(|key| place.has(key)) {
            self.diagnostics.push(
                Diagnostic::error("ident-of-range", format!("the range {} has `{key}`", row.facts.number))
                    .at(&place.key(key), "a range has no variant")
                    .help("remove the key, or give a single code a row of its own"),
            );
        }
        first < last && self.check_number(last, "range", place)
    }

    /// A code has an identifier, and none that the generated code uses itself.
    fn check_idents(&mut self, row: &RawRow, number: u32) -> bool {
        let Ours { ident, aliases, renamed_from, .. } = &row.ours;
        if ident.is_none() && !row.place.has("ident") {
            self.diagnostics.push(
                Diagnostic::error("missing-key", format!("`ident` is missing in the row of {number}"))
                    .at(&row.place.number(), "this row")
                    .help("add `ident = \"…\"`: the name of the variant, in upper camel case"),
            );
        }
        let names = ident.iter().map(|ident| ("ident", ident)).chain(aliases.iter().map(|alias| ("aliases", alias)));
        for (key, name) in names.chain(renamed_from.iter().map(|former| ("renamed_from", former))) {
            if let Some(reason) = reserved::variant(name) {
                self.diagnostics.push(
                    Diagnostic::error("reserved-name", format!("a variant cannot be called {}", quoted(name)))
                        .at(&row.place.key(key), "reserved")
                        .help(reason),
                );
            }
        }
        ident.is_some()
    }

    /// Reports keys that have no meaning in a table of this kind.
    fn reject_keys(&mut self, row: &RawRow) {
        let facts = Key::ALL.iter().map(|key| (key.name(), key.about().kinds, key.get(&row.facts).is_some()));
        let of_responses =
            row.ours.of_responses().map(|(key, is_there)| (key, &[Kind::StatusCodes, Kind::ErrorCodes][..], is_there));
        for (key, kinds, is_there) in facts.chain(row.decision.keys()).chain(of_responses) {
            if is_there && !kinds.contains(&self.kind) {
                let owners: Vec<String> = kinds.iter().map(|kind| format!("{}s", kind.noun())).collect();
                self.diagnostics.push(
                    Diagnostic::error("key-of-other-kind", format!("`{key}` belongs to tables of {}", list(&owners, "and")))
                        .at(&row.place.key(key), "it has no meaning here")
                        .help("remove it, or correct the `kind` of the table"),
                );
            }
        }
    }

    /// What follows from a code, if its row says it.
    fn effect(&mut self, row: &RawRow) -> Option<Effect> {
        let Decision { policy, policy_unless_resumable: lost, retry } = &row.decision;
        let place = &row.place;
        let resumable = self.resumable || self.kind == Kind::Opcodes;
        for (key, policy) in [("policy", policy), ("policy_unless_resumable", lost)] {
            self.diagnostics.extend(policy.iter().flat_map(|policy| check_policy(policy, place, key, resumable)));
        }
        match (self.kind, policy, lost) {
            (Kind::StatusCodes | Kind::ErrorCodes, ..) => Some(Effect::Response(Response { retry: retry.unwrap_or_default() })),
            (Kind::CloseCodes, Some(policy), _) => Some(Effect::Close(policy.clone())),
            (Kind::CloseCodes, None, _) => {
                let missing = Diagnostic::error("policy-missing", format!("close code {} has no policy", row.facts.number))
                    .at(&place.number(), "this one")
                    .help("say what to do: `policy = { action = \"…\", basis = \"…\", reason = \"…\" }`");
                self.diagnostics.extend((!place.has("policy")).then_some(missing));
                None
            }
            (Kind::Opcodes, None, None) => Some(Effect::None),
            (Kind::Opcodes, Some(resumable), lost) => {
                let lost = lost.as_ref().unwrap_or(resumable).clone();
                Some(Effect::Ending(Ending { resumable: resumable.clone(), lost }))
            }
            (Kind::Opcodes, None, Some(_)) => {
                self.diagnostics.push(
                    Diagnostic::error("missing-key", "`policy_unless_resumable` without `policy`")
                        .at(&place.key("policy_unless_resumable"), "the exception")
                        .help("say in `policy` what to do when the session can be resumed"),
                );
                None
            }
        }
    }
}

/// For each number, the row that gets the variant: a live one, or else the one that was removed last.
fn kept(rows: &[RawRow]) -> HashMap<Number, usize> {
    let mut rows: Vec<&RawRow> = rows.iter().collect();
    rows.sort_by_key(|row| (row.facts.is_live(), row.facts.until, &row.ours.ident));
    // The last row of a number takes the place of the others.
    rows.into_iter().map(|row| (row.facts.number, row.position)).collect()
}

/// Whether a close frame of a client may have this code. RFC 6455 reserves the others.
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// What can be said of a policy by itself.
pub(super) fn check_policy(policy: &Policy, place: &Place, key: &str, resumable: bool) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let action = || place.key(&format!("{key}.action"));
    if !policy.unless.is_empty() && policy.action != Action::Stop {
        diagnostics.push(
            Diagnostic::error("unless-without-stop", "`unless` makes an exception from `stop` only")
                .at(&place.key(&format!("{key}.unless")), "an exception")
                .at(&action(), "from this")
                .help("remove `unless`, or write `action = \"stop\"`"),
        );
    }
    if policy.action == Action::Resume && !resumable {
        diagnostics.push(
            Diagnostic::error("not-resumable", "the system cannot resume a session")
                .at(&action(), "this policy resumes one")
                .help("write `action = \"new-session\"`, or remove `resumable = false` from `[reconnect]`"),
        );
    }
    if let Some(code) = policy.close_with.filter(|code| !may_be_sent(*code)) {
        diagnostics.push(
            Diagnostic::error("out-of-range", format!("a client cannot close a connection with {code}"))
                .at(&place.key(&format!("{key}.close_with")), "no close frame may have it")
                .help("write 1000 to end the session, or a code from 3000 to 4999"),
        );
    }
    if let Wait::Jitter([from, to]) | Wait::Backoff([from, to]) = policy.wait
        && from > to
    {
        diagnostics.push(
            Diagnostic::error("invalid-range", format!("the longest wait is shorter than the shortest: {from} to {to} seconds"))
                .at(&place.key(&format!("{key}.wait")), "the first number must be the smaller one")
                .help(format!("write `[{to}, {from}]`")),
        );
    }
    diagnostics
}
