//! From tables as written to the model: every mistake of every file in one run.
//!
//! In come [`raw::File`]s, out comes a [`Registry`] that cannot hold an invalid value, or the list of all that is wrong. What
//! needs judgement rather than well-formedness is left to [`rules`](crate::rules).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use toml::Spanned;

use crate::diagnostic::{Diagnostic, any_error, is_unprintable, quoted};
use crate::model::{
    Action, Answer, Answers, Client, Code, Detail, Edition, Ending, Extended, Fallback, Kind, Policy, Registry, Repr, Sent,
    Source, Status, System, Table, TablePath, Value,
};
use crate::raw;
use crate::source::{Located, SourceFile, Span};

/// A file of the folder of tables, and its place there.
#[derive(Debug)]
pub struct Placed {
    /// Its place.
    pub path: TablePath,
    /// What stands in it.
    pub file: raw::File,
}

/// The file of clients of a system.
#[derive(Debug)]
pub struct PlacedClients {
    /// The system's name.
    pub system: String,
    /// What stands in it.
    pub file: raw::Part<raw::Clients>,
}

/// Builds the model. `diagnostics` gains all that is wrong; the model is returned if nothing is.
pub fn lower(files: &[Placed], clients: &[PlacedClients], diagnostics: &mut Vec<Diagnostic>) -> Option<Registry> {
    let mut tables: Vec<(Table, &Placed)> = Vec::new();
    // What a broken text seems to lack would only confuse.
    for placed in files.iter().filter(|placed| placed.file.is_toml) {
        let struck = &placed.file.header.struck;
        let mut lowering = Lowering { source: &placed.file.source, struck, diagnostics };
        if let Some(table) = lowering.table(placed) {
            tables.push((table, placed));
        }
    }
    link(&mut tables, diagnostics);
    refuse_shared_enums(&tables, diagnostics);
    refuse_shared_endings(&tables, diagnostics);
    let mut by_system: BTreeMap<String, Vec<Client>> = BTreeMap::new();
    for placed in clients {
        let mut lowering = Lowering { source: &placed.file.span.file, struck: &placed.file.struck, diagnostics };
        let of_system = placed.file.read.client.iter().filter_map(|client| lowering.client(client));
        by_system.insert(placed.system.clone(), of_system.collect());
    }
    (!any_error(diagnostics)).then(|| registry(tables.into_iter().map(|(table, _)| table), by_system))
}

/// Sorts tables into systems and editions.
fn registry(tables: impl Iterator<Item = Table>, mut clients: BTreeMap<String, Vec<Client>>) -> Registry {
    let mut systems: BTreeMap<String, BTreeMap<(u64, String), Vec<Table>>> = BTreeMap::new();
    for table in tables {
        let edition = table.path.edition.clone();
        let number = edition.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
        systems.entry(table.path.system.clone()).or_default().entry((number, edition)).or_default().push(table);
    }
    let edition = |system: &str, name: String, mut tables: Vec<Table>| {
        tables.sort_by(|a, b| a.path.cmp(&b.path));
        Edition { system: system.to_owned(), name, tables }
    };
    let systems = systems.into_iter().map(|(name, editions)| System {
        clients: clients.remove(&name).unwrap_or_default(),
        editions: editions.into_iter().map(|((_, edition_name), tables)| edition(&name, edition_name, tables)).collect(),
        name,
    });
    Registry { systems: systems.collect() }
}

/// Resolves `extends` now that all tables are known.
fn link(tables: &mut [(Table, &Placed)], diagnostics: &mut Vec<Diagnostic>) {
    let close_codes: HashMap<String, String> = tables
        .iter()
        .filter(|(table, _)| matches!(table.kind, Kind::CloseCodes(_)))
        .map(|(table, _)| (table.path.to_string(), table.enum_name.clone()))
        .collect();
    for (table, placed) in tables {
        let written = placed.file.header.read.reconnect.as_ref().and_then(|reconnect| reconnect.get_ref().extends.as_ref());
        let (Kind::CloseCodes(fallback), Some(written)) = (&mut table.kind, written) else { continue };
        let target = written.get_ref();
        let own = *target == table.path.to_string();
        let parts: Vec<&str> = target.split('/').collect();
        match (close_codes.get(target), parts.as_slice()) {
            (Some(enum_name), [system, edition, file]) if !own => {
                let path = TablePath { system: (*system).to_owned(), edition: (*edition).to_owned(), file: (*file).to_owned() };
                fallback.extends = Some(Extended { path, enum_name: enum_name.clone() });
            }
            _ => {
                let names: Vec<&str> = close_codes.keys().map(String::as_str).collect();
                let mut diagnostic = Diagnostic::error(
                    "extends-nothing",
                    if own {
                        format!("the table extends itself: {}", quoted(target))
                    } else {
                        format!("`extends` names no table of close codes: {}", quoted(target))
                    },
                )
                .at(&Span::new(&placed.file.source, written.span()), "no such table");
                if let Some(name) = raw::closest(target, &names).filter(|_| !own) {
                    diagnostic = diagnostic.help(format!("did you mean `{name}`?"));
                }
                diagnostics.push(diagnostic.help("write `<system>/<edition>/<file without .toml>`"));
            }
        }
    }
}

fn refuse_shared_enums(tables: &[(Table, &Placed)], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(&str, &str, &str), Span> = HashMap::new();
    for (table, placed) in tables {
        let Some(written) = &placed.file.header.read.enum_name else { continue };
        let span = Span::new(&placed.file.source, written.span());
        let key = (table.path.system.as_str(), table.path.edition.as_str(), table.enum_name.as_str());
        if let Some(first) = seen.get(&key) {
            diagnostics.push(
                Diagnostic::error("duplicate-enum", format!("two tables of this edition are called `{}`", table.enum_name))
                    .at(&span, "again here")
                    .at(first, "first here")
                    .help("each table of an edition needs a name of its own in `enum`"),
            );
        } else {
            seen.insert(key, span);
        }
    }
}

/// `reconnect_after` is one function of an edition, so that one table has to have all opcodes that end a session.
fn refuse_shared_endings(tables: &[(Table, &Placed)], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(&str, &str), &Span> = HashMap::new();
    for (table, _) in tables {
        let ending = |code: &&Code| matches!(code.detail, Detail::Opcode { ends: Some(_), .. });
        let Some(code) = table.codes.iter().find(ending) else { continue };
        if let Some(first) = seen.insert((&table.path.system, &table.path.edition), &code.span) {
            diagnostics.push(
                Diagnostic::error("shared-ending", "two tables of this edition have opcodes with a `policy`")
                    .at(&code.span, "again here")
                    .at(first, "first here")
                    .help("keep the opcodes that end a session in one table of an edition"),
            );
        }
    }
}

/// Identifiers that the generated code already uses for something else inside an enum.
pub(crate) const TAKEN_IDENTS: [&str; 6] = ["ALL", "POSITIONS", "SLOTS", "TITLE", "VARIANTS", "Self"];

/// Enum names that the generated code already uses for something else.
const TAKEN_ENUMS: [&str; 18] = [
    "Basis",
    "Code",
    "Direction",
    "Err",
    "Error",
    "Format",
    "From",
    "None",
    "Number",
    "Ok",
    "Option",
    "Policy",
    "Reconnect",
    "Result",
    "Row",
    "Some",
    "TryFrom",
    "Wait",
];

/// The work on one file.
struct Lowering<'a> {
    source: &'a Arc<SourceFile>,
    /// The keys of the part at hand that did not fit: they have their diagnostic, and are not missing.
    struck: &'a [String],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    fn table(&mut self, placed: &'a Placed) -> Option<Table> {
        let errors_before = self.diagnostics.len();
        let header = &placed.file.header.read;
        let title = self.required_text("title", header.title.as_ref());
        let enum_name = self.required_text("enum", header.enum_name.as_ref());
        if let (Some(name), Some(written)) = (&enum_name, &header.enum_name) {
            self.check_ident(name, &self.span(written.span()), &TAKEN_ENUMS);
        }
        let kind = self.required("kind", header.kind.as_ref().map(|kind| *kind.get_ref()));
        let repr = self.required("repr", header.repr.as_ref().map(|repr| *repr.get_ref()));
        let summary = self.required_text("summary", header.summary.as_ref());
        let source = self.document(header.source.as_ref());
        let kind_and_fallback = kind.and_then(|kind| self.kind(kind, header, &placed.path));
        let (Some(kind), Some(repr)) = (kind, repr) else { return None };
        if kind == raw::Kind::CloseCodes && repr == Repr::U32 {
            let span = header.repr.as_ref().map_or(0..0, Spanned::span);
            self.push(
                Diagnostic::error("repr-too-wide", "close codes are at most 16 bits wide")
                    .at(&self.span(span), "too wide")
                    .help("use `repr = \"u16\"`"),
            );
        }
        let mut rows = Vec::new();
        for part in &placed.file.rows {
            self.struck = &part.struck;
            rows.push(self.row(&part.read, &part.span, kind, repr));
        }
        if placed.file.rows.is_empty() {
            self.push(
                Diagnostic::error("empty-table", "the table has no row")
                    .in_file(&self.source.path)
                    .help("begin each row with `[[code]]`, or delete the file"),
            );
        }
        let (codes, recycled) = self.codes(rows);
        self.refuse_partial(&codes, "direction", "send", |code| match &code.detail {
            Detail::Opcode { direction, .. } => Some(direction.is_some()),
            _ => None,
        });
        self.refuse_partial(&codes, "format", "json", |code| match &code.detail {
            Detail::Opcode { format, .. } => Some(format.is_some()),
            _ => None,
        });
        let complete = self.diagnostics[errors_before..].iter().all(|d| d.severity != crate::diagnostic::Severity::Error);
        if !complete {
            return None;
        }
        Some(Table {
            path: placed.path.clone(),
            title: title?,
            enum_name: enum_name?,
            repr,
            summary: summary?,
            source: source?,
            kind: kind_and_fallback?,
            codes,
            recycled,
        })
    }

    fn document(&mut self, written: Option<&Spanned<raw::Source>>) -> Option<Source> {
        let written = self.required("source", written)?;
        let (raw, span) = (written.get_ref(), self.span(written.span()));
        let document = self.required_under(&span, "document", raw.document.as_ref()).map(|text| self.text("document", text));
        let url = raw.url.as_ref().map(|url| self.text("url", url));
        let date = self.required_under(&span, "date", raw.date.as_ref()).and_then(|date| self.date(date));
        let revision = raw.revision.as_ref().map(|revision| self.text("revision", revision));
        Some(Source { document: document?, url, date: date?, revision })
    }

    fn date(&mut self, written: &Spanned<raw::Date>) -> Option<String> {
        let date = match written.get_ref() {
            raw::Date::Day(day) => day.date.filter(|_| day.time.is_none()).map(|date| date.to_string()),
            raw::Date::Month(month) => {
                let plausible = month.split_once('-').is_some_and(|(year, month)| {
                    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
                    digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
                });
                plausible.then(|| month.clone())
            }
        };
        if date.is_none() {
            self.push(
                Diagnostic::error("wrong-date", "`date` must be a day or a month")
                    .at(&self.span(written.span()), "neither")
                    .help("write `date = 2026-07-21`, or `date = \"2026-07\"` where the day is not known"),
            );
        }
        date
    }

    fn kind(&mut self, kind: raw::Kind, header: &raw::Header, path: &TablePath) -> Option<Kind> {
        let kind = match kind {
            raw::Kind::Opcodes => Kind::Opcodes,
            raw::Kind::StatusCodes => Kind::StatusCodes,
            raw::Kind::ErrorCodes => Kind::ErrorCodes,
            raw::Kind::CloseCodes => {
                let Some(written) = &header.reconnect else {
                    self.push(
                        Diagnostic::error("missing-key", "a table of close codes needs `[reconnect]`")
                            .in_file(&self.source.path)
                            .help("say what to do without a close code (`absent`) and after one without a row (`unknown`)"),
                    );
                    return None;
                };
                return self.fallback(written, path).map(|fallback| Kind::CloseCodes(Box::new(fallback)));
            }
        };
        if let Some(written) = &header.reconnect {
            self.push(
                Diagnostic::error("key-of-other-kind", "`[reconnect]` belongs to tables of close codes")
                    .at(&self.span(written.span()), "has no meaning here")
                    .help("remove it, or set `kind = \"close-codes\"`"),
            );
        }
        Some(kind)
    }

    fn fallback(&mut self, written: &Spanned<raw::Reconnect>, path: &TablePath) -> Option<Fallback> {
        let raw = written.get_ref();
        let events = raw.events.as_deref().unwrap_or_default();
        for event in events {
            self.text("events", event);
        }
        let span = self.span(written.span());
        let absent = self.required_under(&span, "absent", raw.absent.as_ref()).and_then(|policy| self.policy(policy));
        let unknown = self.required_under(&span, "unknown", raw.unknown.as_ref()).and_then(|policy| self.policy(policy));
        let sent = raw.sent.as_ref().and_then(|sent| self.sent(sent));
        let events = events.iter().map(|event| event.get_ref().clone()).collect();
        let clients = match &raw.clients {
            Some(written) => self.clients_of(written),
            None => Some((path.system.clone(), path.file.clone())),
        };
        Some(Fallback { absent: absent?, unknown: unknown?, extends: None, sent, events, clients: clients? })
    }

    fn clients_of(&mut self, written: &Spanned<String>) -> Option<(String, String)> {
        let parts = written.get_ref().split_once('/').map(|(system, file)| (system.to_owned(), file.to_owned()));
        if parts.is_none() {
            self.push(
                Diagnostic::error("wrong-clients", "`clients` names a system and a file of codes")
                    .at(&self.span(written.span()), "not both")
                    .help("write `<system>/<file without .toml>`, such as `discord/gateway-close-codes`"),
            );
        }
        parts
    }

    fn client(&mut self, written: &Spanned<raw::Client>) -> Option<Client> {
        let (raw, span) = (written.get_ref(), self.span(written.span()));
        let mut text = |key: &str, written: Option<&Spanned<String>>| {
            self.required_under(&span, key, written).map(|written| self.text(key, written))
        };
        let name = text("name", raw.name.as_ref());
        let version = text("version", raw.version.as_ref());
        let repository = text("repository", raw.repository.as_ref());
        let tables = raw.table.iter().filter_map(|table| self.answers(table)).collect();
        Some(Client { name: name?, version: version?, repository: repository?, tables })
    }

    fn answers(&mut self, written: &Spanned<raw::ClientTable>) -> Option<(String, Answers)> {
        let (raw, span) = (written.get_ref(), self.span(written.span()));
        let codes = self.required_under(&span, "codes", raw.codes.as_ref()).map(|codes| self.text("codes", codes))?;
        let lists = [
            (Answer::Resume, &raw.resume),
            (Answer::NewSession, &raw.new_session),
            (Answer::Reconnect, &raw.reconnect),
            (Answer::Stop, &raw.stop),
        ];
        let mut answers = Answers { unknown: raw.unknown, ..Answers::default() };
        for (answer, listed) in lists {
            for code in listed {
                if let Some(other) = answers.named.insert(*code, answer) {
                    self.push(
                        Diagnostic::error("two-answers", format!("{code} stands under two answers"))
                            .at(&span, format!("under `{}` and `{}`", other.words(), answer.words()))
                            .help("a client does one thing after a code"),
                    );
                }
            }
        }
        Some((codes, answers))
    }

    fn sent(&mut self, written: &Spanned<raw::Sent>) -> Option<Sent> {
        let (raw, span) = (written.get_ref(), self.span(written.span()));
        let codes = self.required_under(&span, "codes", raw.codes.as_ref())?;
        let codes = codes.iter().filter_map(|code| self.number(*code.get_ref(), &self.span(code.span()), Repr::U16));
        let codes: Vec<u16> = codes.filter_map(|code| u16::try_from(code).ok()).collect();
        let policy = self.required_under(&span, "policy", raw.policy.as_ref()).and_then(|policy| self.policy(policy));
        Some(Sent { codes, policy: policy? })
    }

    fn policy(&mut self, written: &Spanned<raw::Policy>) -> Option<Policy> {
        let raw = written.get_ref();
        let present = [("action", raw.action.is_some()), ("basis", raw.basis.is_some()), ("reason", raw.reason.is_some())];
        let missing = present.iter().filter(|(key, present)| !present && !self.is_struck(key));
        let missing: Vec<&str> = missing.map(|(key, _)| *key).collect();
        if !missing.is_empty() {
            self.push(
                Diagnostic::error("missing-key", format!("the policy lacks {}", raw::listed(&missing).replace(" or ", " and ")))
                    .at(&self.span(written.span()), "this policy")
                    .help("write `{ action = \"…\", wait = \"…\", basis = \"…\", reason = \"…\" }`"),
            );
        }
        let reason =
            raw.reason.as_ref().map(|reason| Located { value: self.text("reason", reason), span: self.span(reason.span()) });
        let unless =
            raw.unless.as_ref().map(|event| Located { value: self.text("unless", event), span: self.span(event.span()) });
        let action = raw.action.as_ref()?;
        let action = Located { value: *action.get_ref(), span: self.span(action.span()) };
        if let (Some(event), true) = (&unless, action.value != Action::Stop) {
            self.push(
                Diagnostic::error("unless-without-stop", "`unless` makes an exception from `stop` alone")
                    .at(&event.span, "an exception")
                    .at(&action.span, "from this")
                    .help("remove `unless`, or set `action = \"stop\"`"),
            );
        }
        Some(Policy { action, wait: raw.wait.unwrap_or_default(), basis: raw.basis?, reason: reason?, unless })
    }

    fn row(&mut self, raw: &raw::Row, span: &Span, kind: raw::Kind, repr: Repr) -> RowParts {
        let value = self.value(raw, span, kind, repr);
        let name = self.required_in_row("name", raw.name.as_ref(), span).map(|name| self.text("name", name));
        let ident = self.required_in_row("ident", raw.ident.as_ref(), span);
        let ident = ident.map(|ident| self.checked_ident(ident));
        let aliases = raw.aliases.iter().map(|alias| self.checked_ident(alias)).collect();
        let renamed_from = self.renamed_from(raw.renamed_from.as_ref());
        let summary = raw.summary.as_ref().map(|summary| self.text("summary", summary));
        let note = raw.note.as_ref().map(|note| self.text("note", note));
        let text = raw.text.as_ref().map(|text| self.text("text", text));
        let detail = self.detail(raw, span, kind);
        let status = raw.status.as_ref().map(|status| *status.get_ref()).unwrap_or_default();
        let span = span.clone();
        let code = name.zip(ident.clone()).zip(value.clone()).zip(detail).map(|(((name, ident), value), detail)| Code {
            value: Located { value: Value::Single(value.value.0), span: value.span },
            name,
            ident: ident.value,
            aliases: Vec::new(),
            renamed_from: Vec::new(),
            summary,
            status,
            note,
            text,
            detail,
            span,
        });
        RowParts { value, ident, aliases, renamed_from, status, code }
    }

    fn value(&mut self, raw: &raw::Row, span: &Span, kind: raw::Kind, repr: Repr) -> Option<Located<(u32, u32)>> {
        match (&raw.value, &raw.range) {
            (Some(value), None) => {
                let span = self.span(value.span());
                let value = self.number(*value.get_ref(), &span, repr)?;
                Some(Located { value: (value, value), span })
            }
            (None, Some(range)) => {
                let span = self.span(range.span());
                if kind != raw::Kind::StatusCodes {
                    self.push(
                        Diagnostic::error("key-of-other-kind", "`range` belongs to tables of status codes")
                            .at(&span, "a code of this kind has one number")
                            .help("give each number a row with `value`"),
                    );
                    return None;
                }
                let [first, last] = range.get_ref().as_slice() else {
                    self.push(
                        Diagnostic::error("wrong-range", "a range has a first and a last number")
                            .at(&span, format!("this has {} numbers", range.get_ref().len()))
                            .help("write `range = [500, 599]`"),
                    );
                    return None;
                };
                let low = self.number(*first.get_ref(), &self.span(first.span()), repr);
                let high = self.number(*last.get_ref(), &self.span(last.span()), repr);
                let (low, high) = (low?, high?);
                if low >= high {
                    let mend = if low == high { format!("value = {low}") } else { format!("range = [{high}, {low}]") };
                    self.push(
                        Diagnostic::error("wrong-range", format!("the range ends before it begins: {low} to {high}"))
                            .at(&span, "the first number must be the smaller one")
                            .help(format!("write `{mend}`")),
                    );
                    return None;
                }
                Some(Located { value: (low, high), span })
            }
            (Some(value), Some(range)) => {
                self.push(
                    Diagnostic::error("value-and-range", "a row has a `value` or a `range`, not both")
                        .at(&self.span(range.span()), "a range")
                        .at(&self.span(value.span()), "and a value")
                        .help("give the single code a row of its own; it wins over the range"),
                );
                None
            }
            (None, None) => {
                self.missing_in_row("value", span);
                None
            }
        }
    }

    fn number(&mut self, written: i64, span: &Span, repr: Repr) -> Option<u32> {
        let fitting = u32::try_from(written).ok().filter(|number| *number <= repr.max());
        if fitting.is_none() {
            self.push(
                Diagnostic::error("out-of-range", format!("{written} does not fit `{}`", repr.name()))
                    .at(span, format!("must be from 0 to {}", repr.max()))
                    .help("mend the number, or widen `repr` of the table"),
            );
        }
        fitting
    }

    fn detail(&mut self, raw: &raw::Row, span: &Span, kind: raw::Kind) -> Option<Detail> {
        let of_opcodes = [
            ("direction", raw.direction.as_ref().map(Spanned::span)),
            ("format", raw.format.as_ref().map(Spanned::span)),
            ("policy_unless_resumable", raw.policy_unless_resumable.as_ref().map(Spanned::span)),
        ];
        let of_close_codes =
            [("reconnect", raw.reconnect.as_ref().map(Spanned::span)), ("advice", raw.advice.as_ref().map(Spanned::span))];
        let of_responses = [("retry", raw.retry.as_ref().map(Spanned::span))];
        let of_connections = [("policy", raw.policy.as_ref().map(Spanned::span))];
        match kind {
            raw::Kind::Opcodes => {
                self.refuse(&of_close_codes, "close codes");
                self.refuse(&of_responses, "status codes and error codes");
                let direction = raw.direction.as_ref().map(|direction| *direction.get_ref());
                let format = raw.format.as_ref().map(|format| *format.get_ref());
                let ends = self.ending(raw);
                Some(Detail::Opcode { direction, format, ends })
            }
            raw::Kind::CloseCodes => {
                self.refuse(&of_opcodes, "opcodes");
                self.refuse(&of_responses, "status codes and error codes");
                let Some(written) = &raw.policy else {
                    if self.is_struck("policy") {
                        return None;
                    }
                    self.push(
                        Diagnostic::error("policy-missing", "a close code without a policy")
                            .at(&row_span(raw, self.source, span), "this one")
                            .help("say what to do: `policy = { action = \"…\", wait = \"…\", basis = \"…\", reason = \"…\" }`"),
                    );
                    return None;
                };
                let policy = self.policy(written)?;
                let documented = raw.reconnect.as_ref().map(|reconnect| *reconnect.get_ref());
                let advice = raw.advice.as_ref().map(|advice| *advice.get_ref());
                Some(Detail::CloseCode { documented, advice, policy })
            }
            raw::Kind::StatusCodes | raw::Kind::ErrorCodes => {
                self.refuse(&of_opcodes, "opcodes");
                self.refuse(&of_close_codes, "close codes");
                self.refuse(&of_connections, "opcodes and close codes");
                Some(Detail::Response { retry: raw.retry.as_ref().is_some_and(|retry| *retry.get_ref()) })
            }
        }
    }

    fn ending(&mut self, raw: &raw::Row) -> Option<Ending> {
        let resumable = raw.policy.as_ref().map(|policy| self.policy(policy));
        let otherwise = raw.policy_unless_resumable.as_ref().map(|policy| self.policy(policy));
        match (resumable, otherwise) {
            (Some(Some(resumable)), None) => Some(Ending { otherwise: resumable.clone(), resumable }),
            (Some(Some(resumable)), Some(Some(otherwise))) => Some(Ending { resumable, otherwise }),
            (None, Some(_)) => {
                let span = raw.policy_unless_resumable.as_ref().map_or(0..0, Spanned::span);
                self.push(
                    Diagnostic::error("missing-key", "`policy_unless_resumable` without `policy`")
                        .at(&self.span(span), "the exception")
                        .help("say in `policy` what to do when the session can be resumed"),
                );
                None
            }
            _ => None,
        }
    }

    /// Reports keys that have no meaning in this kind of table.
    fn refuse(&mut self, keys: &[(&str, Option<std::ops::Range<usize>>)], owner: &str) {
        for (key, span) in keys {
            if let Some(span) = span {
                self.push(
                    Diagnostic::error("key-of-other-kind", format!("`{key}` belongs to tables of {owner}"))
                        .at(&self.span(span.clone()), "has no meaning here")
                        .help("remove it, or check the `kind` of the table"),
                );
            }
        }
    }

    /// Numbers and names are unique; codes whose number was taken over are set apart.
    fn codes(&mut self, rows: Vec<RowParts>) -> (Vec<Code>, Vec<Code>) {
        let live: HashSet<(u32, u32)> =
            rows.iter().filter(|row| row.status != Status::Removed).filter_map(RowParts::bounds).collect();
        let taken_over =
            |row: &RowParts| row.status == Status::Removed && row.bounds().is_some_and(|bounds| live.contains(&bounds));
        let (recycled, mut kept): (Vec<RowParts>, Vec<RowParts>) = rows.into_iter().partition(taken_over);
        self.refuse_duplicate_values(&kept);
        self.refuse_overlapping_ranges(&kept);
        self.refuse_duplicate_idents(&kept);
        kept.sort_by_key(RowParts::bounds);
        let singles: HashSet<u32> =
            kept.iter().filter_map(RowParts::bounds).filter(|(first, last)| first == last).map(|(first, _)| first).collect();
        let kept = kept.into_iter().filter_map(|row| self.code(row, &singles)).collect();
        let recycled = recycled.into_iter().filter_map(|row| self.code(row, &singles)).collect();
        (kept, recycled)
    }

    /// A code of the model, from a row whose parts are all there.
    fn code(&mut self, row: RowParts, singles: &HashSet<u32>) -> Option<Code> {
        let (code, written) = (row.code?, row.value?);
        let (first, last) = written.value;
        let value = if first == last {
            Value::Single(first)
        } else {
            let Some(representative) = (first..=last).find(|number| !singles.contains(number)) else {
                self.push(
                    Diagnostic::error("wrong-range", "every number of the range has a row of its own")
                        .at(&written.span, "nothing is left for it")
                        .help("remove the row of the range"),
                );
                return None;
            };
            Value::Range { first, last, representative }
        };
        Some(Code {
            value: Located { value, span: written.span },
            aliases: row.aliases.into_iter().map(|alias| alias.value).collect(),
            renamed_from: row.renamed_from.into_iter().map(|old| old.value).collect(),
            ..code
        })
    }

    fn refuse_duplicate_values(&mut self, rows: &[RowParts]) {
        let values = rows.iter().filter_map(|row| row.value.as_ref()).map(|value| (value.value, value.span.clone()));
        for ((first, last), again, earlier) in repeated(values) {
            let number = if first == last { first.to_string() } else { format!("{first} to {last}") };
            self.push(
                Diagnostic::error("duplicate-value", format!("{number} has two rows"))
                    .at(&again, "again here")
                    .at(&earlier, "first here")
                    .help("one row a code: merge them, or list the second name under `aliases`"),
            );
        }
    }

    fn refuse_overlapping_ranges(&mut self, rows: &[RowParts]) {
        let mut ranges: Vec<&Located<(u32, u32)>> =
            rows.iter().filter_map(|row| row.value.as_ref()).filter(|value| value.value.0 < value.value.1).collect();
        ranges.sort_by_key(|range| range.value);
        for pair in ranges.windows(2) {
            let [earlier, later] = pair else { continue };
            if later.value != earlier.value && later.value.0 <= earlier.value.1 {
                self.push(
                    Diagnostic::error("overlapping-ranges", "two ranges share numbers")
                        .at(&later.span, "begins inside")
                        .at(&earlier.span, "this range")
                        .help("let each number fall into one range; a single code may lie inside"),
                );
            }
        }
    }

    fn refuse_duplicate_idents(&mut self, rows: &[RowParts]) {
        let idents = rows.iter().flat_map(|row| row.ident.iter().chain(&row.aliases).chain(&row.renamed_from));
        let idents = idents.map(|name| (name.value.clone(), name.span.clone()));
        for (ident, again, earlier) in repeated(idents) {
            self.push(
                Diagnostic::error("duplicate-ident", format!("`{ident}` names two things"))
                    .at(&again, "again here")
                    .at(&earlier, "first here")
                    .help("give one of them another name: identifiers, aliases and former identifiers of a table differ"),
            );
        }
    }

    /// A fact that some opcodes of a table have, all of them have.
    fn refuse_partial(&mut self, codes: &[Code], key: &str, example: &str, has: fn(&Code) -> Option<bool>) {
        let with = codes.iter().find(|code| has(code) == Some(true));
        let without = codes.iter().find(|code| has(code) == Some(false));
        if let (Some(with), Some(without)) = (with, without) {
            self.push(
                Diagnostic::error("partial-key", format!("some opcodes of the table have a `{key}` and some have none"))
                    .at(&without.value.span, "has none")
                    .at(&with.value.span, "has one")
                    .help(format!("give every row a line such as `{key} = \"{example}\"`")),
            );
        }
    }

    fn renamed_from(&mut self, written: Option<&Spanned<raw::Names>>) -> Vec<Located<String>> {
        let Some(written) = written else { return Vec::new() };
        let span = self.span(written.span());
        let names = match written.get_ref() {
            raw::Names::One(name) => std::slice::from_ref(name),
            raw::Names::Many(names) => names.as_slice(),
        };
        for name in names {
            self.check_ident(name, &span, &TAKEN_IDENTS);
        }
        names.iter().map(|name| Located { value: name.clone(), span: span.clone() }).collect()
    }

    fn checked_ident(&mut self, written: &Spanned<String>) -> Located<String> {
        let span = self.span(written.span());
        self.check_ident(written.get_ref(), &span, &TAKEN_IDENTS);
        Located { value: written.get_ref().clone(), span }
    }

    fn check_ident(&mut self, ident: &str, span: &Span, taken: &[&str]) {
        let Some(fault) = fault_of_ident(ident, taken) else { return };
        let mut diagnostic =
            Diagnostic::error("invalid-ident", format!("{} cannot be an identifier", quoted(ident))).at(span, fault);
        diagnostic = diagnostic.help("use letters and digits in upper camel case, such as `InvalidSession`");
        self.push(diagnostic);
    }

    fn required_text(&mut self, key: &str, written: Option<&Spanned<String>>) -> Option<String> {
        self.required(key, written).map(|text| self.text(key, text))
    }

    fn required<T>(&mut self, key: &str, written: Option<T>) -> Option<T> {
        if written.is_none() && !self.is_struck(key) {
            self.push(
                Diagnostic::error("missing-key", format!("`{key}` is missing"))
                    .in_file(&self.source.path)
                    .help("the keys of a table are described in CONTRIBUTING.md"),
            );
        }
        written
    }

    fn required_under<T>(&mut self, table: &Span, key: &str, written: Option<T>) -> Option<T> {
        if written.is_none() && !self.is_struck(key) {
            self.push(
                Diagnostic::error("missing-key", format!("`{key}` is missing here"))
                    .at(table, "in this table")
                    .help(format!("add a line `{key} = …`")),
            );
        }
        written
    }

    fn required_in_row<T>(&mut self, key: &str, written: Option<T>, row: &Span) -> Option<T> {
        if written.is_none() {
            self.missing_in_row(key, row);
        }
        written
    }

    fn missing_in_row(&mut self, key: &str, row: &Span) {
        if self.is_struck(key) {
            return;
        }
        self.push(
            Diagnostic::error("missing-key", format!("the row lacks `{key}`"))
                .at(row, "this row")
                .help(format!("add a line `{key} = …`")),
        );
    }

    fn is_struck(&self, key: &str) -> bool {
        self.struck.iter().any(|struck| struck == key)
    }

    /// A text that people will read: not empty, and without characters that cannot be printed.
    fn text(&mut self, key: &str, written: &Spanned<String>) -> String {
        let text = written.get_ref();
        if text.trim().is_empty() {
            self.push(
                Diagnostic::error("empty-text", format!("`{key}` is empty"))
                    .at(&self.span(written.span()), "nothing to read")
                    .help("write it, or remove the key if it may be absent"),
            );
        }
        if let Some(character) = text.chars().find(|c| is_unprintable(*c)) {
            let shown = character.escape_unicode();
            self.push(
                Diagnostic::error("unprintable-character", format!("`{key}` holds the character {shown}"))
                    .at(&self.span(written.span()), "control and direction-changing characters have no place in a text")
                    .help("remove the character"),
            );
        }
        text.clone()
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// A row whose own parts are sound, before it is held against the others.
struct RowParts {
    /// The first and the last number.
    value: Option<Located<(u32, u32)>>,
    ident: Option<Located<String>>,
    aliases: Vec<Located<String>>,
    renamed_from: Vec<Located<String>>,
    status: Status,
    /// The code, where nothing of the row is missing.
    code: Option<Code>,
}

impl RowParts {
    fn bounds(&self) -> Option<(u32, u32)> {
        self.value.as_ref().map(|value| value.value)
    }
}

/// The number of a row if it has one, else the row.
fn row_span(raw: &raw::Row, source: &Arc<SourceFile>, row: &Span) -> Span {
    match &raw.value {
        Some(value) => Span::new(source, value.span()),
        None => row.clone(),
    }
}

/// What makes a text unfit as the name of a variant or an enum, if anything does.
pub(crate) fn fault_of_ident(ident: &str, taken: &[&str]) -> Option<&'static str> {
    let Some(first) = ident.chars().next() else { return Some("empty") };
    if taken.contains(&ident) {
        Some("the generated code uses this name for something else")
    } else if first.is_ascii_digit() {
        Some("begins with a digit")
    } else if syn::parse_str::<syn::Ident>(ident).is_err() {
        Some("not a Rust identifier, or a keyword")
    } else if !first.is_ascii_uppercase() || !ident.chars().all(|c| c.is_ascii_alphanumeric()) {
        Some("not upper camel case")
    } else {
        None
    }
}

/// Each key that comes again, with the place where it does and the one where it came first.
fn repeated<K: Clone + Eq + Hash>(items: impl Iterator<Item = (K, Span)>) -> Vec<(K, Span, Span)> {
    let mut first: HashMap<K, Span> = HashMap::new();
    let mut again = Vec::new();
    for (key, span) in items {
        match first.get(&key) {
            Some(earlier) => again.push((key, span, earlier.clone())),
            None => {
                first.insert(key, span);
            }
        }
    }
    again
}
