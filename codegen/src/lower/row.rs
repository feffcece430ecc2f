//! The rows of one table: each by the rules of the table's kind.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::facts::{Action, Facts, Number};
use crate::model::{Code, Ending, Range, Variant};
use crate::ours::{Decision, Ours, Policy, Wait};
use crate::render::reserved;
use crate::table::{Header, Place, RawRow, Repr, TableFile};
use crate::text::{key_word, plain_name, quoted};

/// The work on the rows of one table.
pub(super) struct Rows<'a> {
    file: &'a TableFile,
    repr: Repr,
    resumable: bool,
    /// The rows that get a variant, or are ranges.
    kept: Vec<&'a RawRow>,
    /// The others: removed codes whose number another row has now.
    recycled: Vec<&'a RawRow>,
    diagnostics: Vec<Diagnostic>,
}

/// A row that cannot be decided. The mistake is among the diagnostics.
struct Reported;

/// The codes and the ranges of a table.
type Split<D> = (Vec<Code<D>>, Vec<Range<D>>);

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a TableFile, header: &Header) -> Self {
        let resumable = header.reconnect.as_ref().is_none_or(|reconnect| reconnect.resumable);
        let kept = kept(&file.rows);
        let (kept, recycled) = file.rows.iter().partition(|row| kept.get(&row.facts.number) == Some(&row.position));
        Self { file, repr: header.repr, resumable, kept, recycled, diagnostics: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if !self.file.has_rows {
            self.diagnostics.push(
                Diagnostic::error("empty-table", "the table has no row")
                    .at(&self.file.header_place().key("title"), "this table")
                    .help("start each row with `[[code]]`, or delete the file"),
            );
        }
        self.diagnostics
    }

    /// Removed codes whose number another row has now.
    pub(super) fn recycled(&mut self) -> Vec<Variant> {
        let rows = std::mem::take(&mut self.recycled);
        let mut recycled: Vec<Variant> = rows.into_iter().filter_map(|row| self.variant(row)).collect();
        recycled.sort_by(|a, b| (a.number, &a.ident).cmp(&(b.number, &b.ident)));
        recycled
    }

    pub(super) fn opcodes(&mut self) -> Vec<Code<Option<Ending>>> {
        let (codes, ranges) = self.split(Self::opcode);
        for range in ranges {
            self.diagnostics.push(
                Diagnostic::error("key-of-other-kind", "`range` belongs to tables of close codes, status codes and error codes")
                    .at(&range.place.key("range"), "an opcode has one number")
                    .help("give each opcode a row with `value`"),
            );
        }
        codes
    }

    pub(super) fn close_codes(&mut self) -> Split<Policy> {
        self.split(Self::close_code)
    }

    pub(super) fn responses(&mut self) -> Split<bool> {
        self.split(Self::response)
    }

    /// The rows as codes and ranges, in numeric order.
    fn split<D>(&mut self, decide: fn(&mut Self, &RawRow, &Place) -> Result<D, Reported>) -> Split<D> {
        let (mut codes, mut ranges) = (Vec::new(), Vec::new());
        for row in std::mem::take(&mut self.kept) {
            let place = self.file.row_place(row);
            self.check_dates(row, &place);
            let decision = decide(self, row, &place).ok();
            match row.facts.number {
                Number::Value(_) => {
                    let code = self.variant(row).zip(decision).map(|(variant, decision)| Code { variant, decision });
                    codes.extend(code);
                }
                Number::Range([first, last]) => {
                    let fits = self.check_range(first, last, &place);
                    self.check_no_idents(row, &place);
                    self.check_name(row, &place);
                    let (facts, ours) = (row.facts.clone(), row.ours.clone());
                    let range = decision.filter(|_| fits);
                    ranges.extend(range.map(|decision| Range { first, last, facts, ours, decision, place }));
                }
            }
        }
        codes.sort_by_key(|code| code.variant.number);
        ranges.sort_by_key(|range| range.first);
        (codes, ranges)
    }

    /// What all codes have.
    fn variant(&mut self, row: &RawRow) -> Option<Variant> {
        let place = self.file.row_place(row);
        let Number::Value(number) = row.facts.number else { return None };
        let fits = self.check_number(number, "value", &place);
        self.check_name(row, &place);
        let Some(ident) = row.ours.ident.clone() else {
            let missing = Diagnostic::error("missing-key", format!("`ident` is missing in the row of {number}"))
                .at(&place.number(), "this row")
                .help("add `ident = \"…\"`: the name of the variant, in upper camel case");
            self.diagnostics.extend((!place.has("ident")).then_some(missing));
            return None;
        };
        let Ours { ident: _, aliases, renamed_from, .. } = &row.ours;
        let names = [("ident", &ident)].into_iter().chain(aliases.iter().map(|alias| ("aliases", alias)));
        for (key, name) in names.chain(renamed_from.iter().map(|former| ("renamed_from", former))) {
            if let Some(reason) = reserved::variant(name) {
                self.diagnostics.push(
                    Diagnostic::error("reserved-name", format!("a variant cannot be called {}", quoted(name)))
                        .at(&place.key(key), "reserved")
                        .help(reason),
                );
            }
        }
        fits.then(|| Variant { number, ident, facts: row.facts.clone(), ours: row.ours.clone(), place })
    }

    /// Only what was removed was last listed on some day, and not before it was first listed.
    fn check_dates(&mut self, row: &RawRow, place: &Place) {
        let Facts { since, until, .. } = &row.facts;
        let Some(until) = *until else { return };
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
    fn check_name(&mut self, row: &RawRow, place: &Place) {
        if plain_name(&row.facts.name).trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::error("empty-text", "`name` has nothing but backticks")
                    .at(&place.key("name"), "here")
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

    fn check_range(&mut self, first: u32, last: u32, place: &Place) -> bool {
        if first >= last {
            let fix = if first == last { format!("value = {first}") } else { format!("range = [{last}, {first}]") };
            self.diagnostics.push(
                Diagnostic::error("invalid-range", format!("the range ends before it starts: {first} to {last}"))
                    .at(&place.key("range"), "the first number must be the smaller one")
                    .help(format!("write `{fix}`")),
            );
        }
        first < last && self.check_number(last, "range", place)
    }

    /// The numbers of a range have no variant, so that no number ever becomes another.
    fn check_no_idents(&mut self, row: &RawRow, place: &Place) {
        for key in ["ident", "aliases", "renamed_from"].into_iter().filter(|key| place.has(key)) {
            self.diagnostics.push(
                Diagnostic::error("ident-of-range", format!("the range {} has `{key}`", row.facts.number))
                    .at(&place.key(key), "a range has no variant")
                    .help("remove the key, or give a single code a row of its own"),
            );
        }
    }

    fn opcode(&mut self, row: &RawRow, place: &Place) -> Result<Option<Ending>, Reported> {
        let Decision { policy, policy_unless_resumable, retry } = &row.decision;
        let Facts { reconnect, resume, advice, .. } = &row.facts;
        self.reject_keys(
            "close codes",
            place,
            &[("reconnect", reconnect.is_some()), ("resume", resume.is_some()), ("advice", advice.is_some())],
        );
        self.reject_keys("status codes and error codes", place, &[("retry", retry.is_some())]);
        for (key, policy) in [("policy", policy), ("policy_unless_resumable", policy_unless_resumable)] {
            self.diagnostics.extend(policy.iter().flat_map(|policy| check_policy(policy, place, key, true)));
        }
        match (policy, policy_unless_resumable) {
            (None, None) => Ok(None),
            (Some(resumable), lost) => {
                Ok(Some(Ending { resumable: resumable.clone(), lost: lost.as_ref().unwrap_or(resumable).clone() }))
            }
            (None, Some(_)) => {
                self.diagnostics.push(
                    Diagnostic::error("missing-key", "`policy_unless_resumable` without `policy`")
                        .at(&place.key("policy_unless_resumable"), "the exception")
                        .help("say in `policy` what to do when the session can be resumed"),
                );
                Err(Reported)
            }
        }
    }

    fn close_code(&mut self, row: &RawRow, place: &Place) -> Result<Policy, Reported> {
        let Decision { policy, policy_unless_resumable, retry } = &row.decision;
        let Facts { direction, format, .. } = &row.facts;
        self.reject_keys(
            "opcodes",
            place,
            &[
                ("direction", direction.is_some()),
                ("format", format.is_some()),
                ("policy_unless_resumable", policy_unless_resumable.is_some()),
            ],
        );
        self.reject_keys("status codes and error codes", place, &[("retry", retry.is_some())]);
        let Some(policy) = policy else {
            let missing = Diagnostic::error("policy-missing", format!("close code {} has no policy", row.facts.number))
                .at(&place.number(), "this one")
                .help("say what to do: `policy = { action = \"…\", basis = \"…\", reason = \"…\" }`");
            self.diagnostics.extend((!place.has("policy")).then_some(missing));
            return Err(Reported);
        };
        self.diagnostics.extend(check_policy(policy, place, "policy", self.resumable));
        Ok(policy.clone())
    }

    #[allow(clippy::unnecessary_wraps, reason = "the rows of every kind are decided the same way")]
    fn response(&mut self, row: &RawRow, place: &Place) -> Result<bool, Reported> {
        let Decision { policy, policy_unless_resumable, retry } = &row.decision;
        let Facts { direction, format, reconnect, resume, advice, .. } = &row.facts;
        self.reject_keys(
            "opcodes",
            place,
            &[
                ("direction", direction.is_some()),
                ("format", format.is_some()),
                ("policy_unless_resumable", policy_unless_resumable.is_some()),
            ],
        );
        self.reject_keys(
            "close codes",
            place,
            &[("reconnect", reconnect.is_some()), ("resume", resume.is_some()), ("advice", advice.is_some())],
        );
        self.reject_keys("opcodes and close codes", place, &[("policy", policy.is_some())]);
        Ok(retry.unwrap_or(false))
    }

    /// Reports keys that have no meaning in a table of this kind.
    fn reject_keys(&mut self, owner: &str, place: &Place, keys: &[(&str, bool)]) {
        for (key, _) in keys.iter().filter(|(_, is_there)| *is_there) {
            self.diagnostics.push(
                Diagnostic::error("key-of-other-kind", format!("`{key}` belongs to tables of {owner}"))
                    .at(&place.key(key), "it has no meaning here")
                    .help("remove it, or correct the `kind` of the table"),
            );
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
