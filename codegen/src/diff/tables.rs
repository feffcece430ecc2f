//! What differs between two tables: the header, the rows, the answers, and every public item that is left.

use super::answers::{self, Question};
use super::api::{Item, ItemChanges, item_changes, on_one_side, take};
use super::change::{Change, CodeName, ConnectionRules, Difference, Section, TableName};
use super::kinds::{DOCS, ENUM, FILE, Field, KIND, LOST_COLUMN, METHODS, REPR, SOURCE, TABLE_SUMMARY, TITLE};
use super::pairing::{self, Pairs};
use super::rows::{self, Found, idents};
use super::side::{ComparedTable, Relation, Row};
use crate::model::{Bump, Facts, Fallback, Key, Limit, Limits, Number, Reconnect, Status, Table, TablePath};
use crate::text::key_word;

/// The comparison of two tables, until it is known which rows have moved to another table.
pub(super) struct Compared<'a> {
    old: &'a ComparedTable<'a>,
    new: &'a ComparedTable<'a>,
    relation: Relation,
    items: ItemChanges,
    pairs: Pairs<'a>,
    found: Vec<Difference>,
    /// The positions in `found` of codes that are no longer listed, each with its old row.
    struck: Vec<(usize, Row<'a>)>,
}

impl<'a> Compared<'a> {
    /// Compares what has a pair.
    pub(super) fn new(old: &'a ComparedTable<'a>, new: &'a ComparedTable<'a>, relation: Relation) -> Self {
        let items = match (old.table, new.table) {
            (Some((_, before)), Some((_, after))) => item_changes(before, after, &enum_path(after, relation)),
            _ => ItemChanges::default(),
        };
        let pairs = pairing::rows(&old.rows, &new.rows);
        let mut compared = Self { old, new, relation, items, pairs, found: Vec::new(), struck: Vec::new() };
        compared.compare_headers();
        compared.compare_rows();
        compared.compare_answers();
        compared
    }

    /// The edition that both tables are in, where moved rows are looked for.
    pub(super) fn edition(&self) -> Option<&'a str> {
        self.new.edition.as_deref()
    }

    /// Reports a row that moved from this table into another one.
    fn move_away(&mut self, from: usize, to: &mut Self, into: usize, is_guess: bool) {
        let (old, new) = (&self.old.rows[from], &to.new.rows[into]);
        self.pairs.old.retain(|at| *at != from);
        to.pairs.new.retain(|at| *at != into);
        let place = |listing: &ComparedTable<'_>, row: &Row<'_>| format!("{} {}", listing.file, row.facts.number);
        let change = Change::Moved { old: place(self.old, old), new: place(to.new, new) };
        let mut taken = take(&mut self.items, idents(old));
        taken.extend(take(&mut to.items, idents(new)));
        let mut difference = to.difference((change, taken), Some(old), Some(new), is_guess);
        difference.old_place = Some(old.place.span());
        to.found.push(difference);
    }

    /// Reports what has no pair, and every item that no change explains.
    pub(super) fn finish(mut self) -> Vec<Difference> {
        for at in std::mem::take(&mut self.pairs.old) {
            let old = &self.old.rows[at];
            let name = old.facts.name.to_string();
            let unreadable = self.new.doubt(old.facts);
            let is_not_read = self.new.page.is_some_and(|page| page.unread_row(old.facts).is_some());
            let is_doubtful = unreadable > 0 || is_not_read;
            let change = if is_doubtful { Change::CannotTell { name, unreadable } } else { Change::Removed { name } };
            let taken = take(&mut self.items, idents(old));
            self.push((change, taken), Some(old), None, false);
        }
        for at in std::mem::take(&mut self.pairs.new) {
            let new = &self.new.rows[at];
            let name = new.facts.name.to_string();
            let unreadable = self.old.doubt(new.facts);
            let change = if unreadable > 0 {
                Change::CannotTell { name, unreadable }
            } else {
                Change::Added { name, says: columns_say(new.facts) }
            };
            let taken = take(&mut self.items, idents(new));
            self.push((change, taken), None, Some(new), false);
        }
        for (name, item) in std::mem::take(&mut self.items) {
            let row_of = |listing: &'a ComparedTable<'a>, item: &Option<Item>| listing.variant(item.as_ref()?.number()?);
            let (old, new) = (row_of(self.old, &item.old), row_of(self.new, &item.new));
            let change = Change::Item { name, old: item.old.clone(), new: item.new.clone() };
            self.push((change, vec![item]), old, new, false);
        }
        if self.relation != Relation::Page {
            self.mark_unanswered();
        }
        self.found
    }

    /// Marks what the document says otherwise where the answer to the code is the same as before.
    fn mark_unanswered(&mut self) {
        let numbers = |difference: &Difference| match &difference.change {
            Change::Answer { asked: Question::Code { numbers }, .. } => numbers.clone(),
            _ => Vec::new(),
        };
        let answered: Vec<[u32; 2]> = self.found.iter().flat_map(numbers).collect();
        for difference in self.found.iter_mut().filter(|difference| difference.section == Section::Advice) {
            let Some(number) = difference.code.as_ref().map(|code| code.number.first()) else { continue };
            if !answered.iter().any(|[first, last]| (*first..=*last).contains(&number)) {
                difference.aside = Some("the policy is unchanged".to_owned());
            }
        }
    }

    fn compare_headers(&mut self) {
        let (Some((_, before)), Some((_, after))) = (self.old.table, self.new.table) else {
            if self.old.title != self.new.title {
                self.push_of_table(Change::between(TITLE, self.old.title, self.new.title));
            }
            self.compare_columns();
            return;
        };
        // Without `..`. `headings` and `allow` are for import and the lints; rows and answers are compared one by one.
        let Table {
            path,
            title,
            headings: _,
            enum_name,
            kind,
            repr,
            summary,
            allow: _,
            source: _,
            page: _,
            further: _,
            rows: _,
            recycled: _,
            fallback: _,
            place: _,
        } = after;
        let methods = if before.kind.is_of_responses() && kind.is_of_responses() { KIND } else { METHODS };
        let fields = [
            (before.path.file != path.file).then(|| Change::between(FILE, &before.path.file, &path.file)),
            (before.kind != *kind).then(|| Change::between(methods, before.kind.noun(), kind.noun())),
            (before.repr != *repr).then(|| Change::between(REPR, &key_word(before.repr), &key_word(*repr))),
            (before.title != *title).then(|| Change::between(TITLE, &before.title, title)),
            (before.summary != *summary).then(|| Change::between(TABLE_SUMMARY, &before.summary, summary)),
            self.has_other_source(before, after).then(|| Change::between(SOURCE, &source_text(before), &source_text(after))),
        ];
        fields.into_iter().flatten().for_each(|change| self.push_of_table(change));
        if before.enum_name != *enum_name {
            let items = [(before, true), (after, false)];
            let items = items.map(|(table, is_old)| on_one_side(enum_path(table, self.relation), Item::Enum, is_old));
            let change = Change::between(ENUM, &before.enum_name, enum_name);
            self.found.push(self.table_difference((change, items.into())));
        }
    }

    /// Whether another document is told of. Two editions have different ones by their nature.
    fn has_other_source(&self, before: &Table, after: &Table) -> bool {
        self.relation == Relation::States && !before.shares_page(after) && source_text(before) != source_text(after)
    }

    /// Reports the columns that a page does not have, and of which the old side has something to say.
    fn compare_columns(&mut self) {
        let kind = self.old.table.or(self.new.table).map(|(_, table)| table.kind);
        for key in Key::ALL.iter().filter(|key| key.column() == Some(**key) && kind.is_none_or(|kind| key.is_of(kind))) {
            let is_lost = self.new.page.is_some_and(|page| !page.columns.contains(key));
            if is_lost && self.old.rows.iter().any(|row| key.get(row.facts).is_some()) {
                let change = Change::Field { field: LOST_COLUMN, old: Some(key.noun().into()), new: None };
                self.push_of_table(change);
            }
        }
    }

    fn compare_rows(&mut self) {
        for pair in std::mem::take(&mut self.pairs.found) {
            let (old, new) = (&self.old.rows[pair.old], &self.new.rows[pair.new]);
            for found in rows::between((self.old, self.new), old, new, &mut self.items) {
                if matches!(found.0, Change::Status { new: Status::Removed, .. }) {
                    self.struck.push((self.found.len(), *old));
                }
                self.push(found, Some(old), Some(new), pair.is_guess);
            }
        }
    }

    fn compare_answers(&mut self) {
        let (Some(old), Some(new)) = (self.old.table, self.new.table) else { return };
        let differing = answers::policies(old, new);
        if differing.is_empty() && has_other_fallbacks(old.1, new.1) {
            let what = "how the table finds its answers; the answers are the same";
            self.push_of_table(Change::Field { field: DOCS, old: None, new: Some(what.into()) });
        }
        if let (Some(old), Some(new)) = (connection_rules(old.1), connection_rules(new.1))
            && old != new
        {
            self.push_of_table(Change::Limits { old, new });
        }
        for (change, number) in differing.into_iter().chain(answers::retries(old.1, new.1)) {
            self.push_answer(change, number);
        }
    }

    fn push_answer(&mut self, change: Change, number: Option<u32>) {
        let find = |listing: &'a ComparedTable<'a>| listing.variant(number?);
        let (old, new) = (find(self.old), find(self.new));
        if old.is_some() || new.is_some() {
            self.push((change, Vec::new()), old, new, false);
            return;
        }
        let key = match &change {
            Change::Answer { asked, .. } => header_key(asked),
            _ => "title",
        };
        let place = |listing: &ComparedTable<'_>| listing.table.map(|(_, table)| table.place.key(key));
        let places = (place(self.old), place(self.new));
        let mut difference = self.table_difference((change, Vec::new()));
        (difference.old_place, difference.new_place) = places;
        self.found.push(difference);
    }

    fn push(&mut self, found: Found, old: Option<&Row<'_>>, new: Option<&Row<'_>>, is_guess: bool) {
        let difference = self.difference(found, old, new, is_guess);
        self.found.push(difference);
    }

    fn push_of_table(&mut self, change: Change) {
        let difference = self.table_difference((change, Vec::new()));
        self.found.push(difference);
    }

    fn difference(&self, found: Found, old: Option<&Row<'_>>, new: Option<&Row<'_>>, is_guess: bool) -> Difference {
        let span = |row: &Row<'_>| row.place.span();
        let would_be = || old.map(|old| self.new.place_for(old.facts.number).span());
        let sentence = |row: Option<&Row<'_>>| row.and_then(|row| row.sentence).map(str::to_owned);
        // The numbers of a range are answered, though it has no variant.
        let is_range = new.or(old).is_some_and(|row| matches!(row.facts.number, Number::Range(_)));
        let is_listed = matches!(found.0, Change::Added { .. } | Change::Removed { .. });
        let least = if is_range && is_listed { Bump::Minor } else { Bump::None };
        let whole = self.table_difference(found);
        let says = matters(&whole);
        Difference {
            bump: whole.bump.max(least),
            code: new.or(old).map(|row| code_name(row, old)),
            old_sentence: sentence(old).filter(|_| says),
            new_sentence: sentence(new).filter(|_| says),
            is_guess,
            old_place: old.map(span),
            new_place: new.map(span).or_else(would_be),
            ..whole
        }
    }

    fn table_difference(&self, (change, items): Found) -> Difference {
        let difference = Difference::new(Some(table_name(self.new)), change, items, self.relation);
        difference.at(Some(self.old.place), Some(self.new.place))
    }
}

/// Reports rows that moved from one table of an edition to another one. Of each code that is no longer listed it is noted which of
/// the codes that are left looks like it.
pub(super) fn find_moved(tables: &mut [Compared<'_>]) {
    let (removed, added) = (left(tables, |table| &table.pairs.old), left(tables, |table| &table.pairs.new));
    let old: Vec<Row<'_>> = removed.iter().map(|(table, row)| tables[*table].old.rows[*row]).collect();
    let new: Vec<Row<'_>> = added.iter().map(|(table, row)| tables[*table].new.rows[*row]).collect();
    for pair in pairing::moved(&old, &new) {
        let ((from, row), (to, into)) = (removed[pair.old], added[pair.new]);
        if let Ok([source, target]) = tables.get_disjoint_mut([from, to]) {
            source.move_away(row, target, into, pair.is_guess);
        }
    }
    let struck: Vec<(usize, usize)> =
        (0..tables.len()).flat_map(|table| (0..tables[table].struck.len()).map(move |at| (table, at))).collect();
    let added = left(tables, |table| &table.pairs.new);
    let old: Vec<Row<'_>> = struck.iter().map(|(table, at)| tables[*table].struck[*at].1).collect();
    let new: Vec<Row<'_>> = added.iter().map(|(table, row)| tables[*table].new.rows[*row]).collect();
    for pair in pairing::alike(&old, &new) {
        let ((table, at), (other, _)) = (struck[pair.old], added[pair.new]);
        let place = if table == other { String::new() } else { format!(" of `{}`", tables[other].new.file) };
        let (difference, _) = tables[table].struck[at];
        let number = new[pair.new].facts.number;
        tables[table].found[difference].aside = Some(format!("looks moved: {number}{place} has its name or sentence"));
    }
}

/// The rows of some tables that have no pair, each with the position of its table.
fn left(tables: &[Compared<'_>], rows: for<'t> fn(&'t Compared<'_>) -> &'t [usize]) -> Vec<(usize, usize)> {
    tables.iter().enumerate().flat_map(|(table, compared)| rows(compared).iter().map(move |row| (table, *row))).collect()
}

/// Whether the documented sentences say more about a change than its values.
fn matters(difference: &Difference) -> bool {
    matches!(difference.change, Change::Redefined { .. })
        || [Key::Advice, Key::Text].iter().any(|key| difference.kind == Field::of_key(*key, true, true).kind)
}

/// A table that only one side has.
pub(super) fn one_table(listing: &ComparedTable<'_>, is_old: bool, relation: Relation) -> Difference {
    let codes = listing.rows.len();
    let change = Change::Table { codes, is_added: !is_old };
    let items = listing.table.iter().map(|(_, table)| on_one_side(enum_path(table, relation), Item::Enum, is_old)).collect();
    let place = |is_there: bool| is_there.then_some(listing.place);
    Difference::new(Some(table_name(listing)), change, items, relation).at(place(is_old), place(!is_old))
}

/// What the columns of a code say, in words: "reconnect: no".
fn columns_say(facts: &Facts) -> String {
    let columns = Key::ALL.iter().filter(|key| key.column() == Some(**key) && **key != Key::Text);
    let said = columns.filter_map(|key| Some(format!("{}: {}", key.noun(), key.get(facts)?)));
    said.collect::<Vec<_>>().join(", ")
}

pub(super) fn table_name(listing: &ComparedTable<'_>) -> TableName {
    TableName {
        edition: listing.edition.clone(),
        file: listing.file.to_owned(),
        title: listing.title.to_owned(),
        enum_name: listing.table.map(|(_, table)| table.enum_name.to_string()),
    }
}

fn code_name(row: &Row<'_>, old: Option<&Row<'_>>) -> CodeName {
    let ident = row.ident().or_else(|| old.and_then(Row::ident)).map(str::to_owned);
    CodeName { number: row.facts.number, name: row.facts.name.to_string(), ident }
}

/// The path of an enum: in the crate, or in its edition where two editions are compared.
pub(super) fn enum_path(table: &Table, relation: Relation) -> String {
    let name = &table.enum_name;
    match relation {
        Relation::States | Relation::Page => format!("{}::{}::{name}", table.path.system, table.path.edition),
        Relation::Editions => name.to_string(),
    }
}

/// Whether two tables of close codes come to their answers in different ways, which their documentation says.
fn has_other_fallbacks(old: &Table, new: &Table) -> bool {
    let (Some(old), Some(new)) = (&old.fallback, &new.fallback) else { return false };
    // Without `..`: policies are compared as answers.
    let Fallback { reconnect, extends, clients, limits } = new.as_ref();
    // `events` is for the lints alone; `extends` and `clients` are above, resolved.
    let Reconnect {
        absent: _,
        unknown: _,
        extends: _,
        resumable,
        sent,
        heartbeat_timeout: _,
        new_session_by: _,
        events: _,
        clients: _,
    } = reconnect;
    // That sessions cannot be resumed changes the answers of another table alone.
    let other = |extends: &Option<TablePath>, resumable: bool| extends.clone().map(|extends| (extends, resumable));
    other(&old.extends, old.reconnect.resumable) != other(extends, *resumable)
        || (&old.clients, &old.reconnect.sent, &old.limits) != (clients, sent, limits)
}

/// What a client may do on the connection of a table, if it is one of close codes.
fn connection_rules(table: &Table) -> Option<ConnectionRules> {
    let fallback = table.fallback.as_deref()?;
    let Limits { identifies_per_day, commands_per_minute, resumes_before_new, .. } = &fallback.limits;
    let [every, upgrade, hello, ready, resumed] = fallback.limits.times().map(|(_, seconds)| seconds);
    let value = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.value);
    Some(ConnectionRules {
        identifies_per_day: value(identifies_per_day),
        identify_every: every,
        commands_per_minute: value(commands_per_minute),
        resumes_before_new: value(resumes_before_new).unwrap_or(Limits::RESUMES_BEFORE_NEW),
        answers_within: [upgrade, hello, ready, resumed],
        new_session_by: fallback.reconnect.new_session_by,
    })
}

/// A page, with all that is known of it.
pub(super) fn source_text(table: &Table) -> String {
    let Some(source) = &table.source else { return table.page.as_deref().unwrap_or("nothing").to_owned() };
    let more = [&source.url, &source.repository, &source.path].into_iter().flatten().map(|text| format!(", {text}"));
    source.to_string() + &more.collect::<String>()
}

/// The key of a header that an answer comes from, if no row gives it.
fn header_key(asked: &Question) -> &'static str {
    match asked {
        Question::NoCode => "reconnect.absent",
        Question::Code { .. } => "reconnect.unknown",
        Question::AfterSendingNothing | Question::AfterSending { .. } => "reconnect.sent",
        Question::HeartbeatTimeout => "reconnect.heartbeat_timeout",
        Question::Opcode { .. } => "title",
    }
}
