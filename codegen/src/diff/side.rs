//! What can be compared: tables of the model, or the tables of a page as far as a page says something.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{self, Facts, Ident, Key, Number, Ours, Registry, Table};
use crate::read::{PageRow, PageTable};
use crate::text::{Place, Span, normalized_name};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// The name of it.
    pub name: String,
    /// The revision that it was read from, if it was.
    pub revision: Option<String>,
    /// What it has.
    pub content: Content,
    /// Where pages show rows of its tables, for those that were imported from them.
    pub seen: Seen,
}

/// What pages show of rows of tables, by the path of the table, the number and the documented name.
pub type Seen = BTreeMap<(String, Number, String), Sighting>;

/// Where a page shows a row, and the sentence there.
#[derive(Clone, Debug, Default)]
pub struct Sighting {
    /// The documented sentence.
    pub sentence: Option<String>,
    /// Where it is.
    pub span: Option<Span>,
}

/// What a side has.
#[derive(Clone, Debug)]
pub enum Content {
    /// Tables of a folder of tables.
    Tables {
        /// The whole folder: a table may extend another one.
        registry: Arc<Registry>,
        /// Which of its tables take part: those below this path. Empty: all.
        path: String,
    },
    /// The tables of a page.
    Page(Vec<PageTable>),
}

impl Side {
    /// A side of tables: all of a registry, or those of a system, an edition or a file by its path below the folder of tables.
    #[must_use]
    pub fn new(name: impl Into<String>, registry: Arc<Registry>, path: impl Into<String>) -> Self {
        Self { name: name.into(), revision: None, content: Content::Tables { registry, path: path.into() }, seen: Seen::new() }
    }

    /// A side that is a page.
    #[must_use]
    pub fn from_page(name: impl Into<String>, tables: Vec<PageTable>) -> Self {
        Self { name: name.into(), revision: None, content: Content::Page(tables), seen: Seen::new() }
    }

    /// Whether it has no table.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listings().is_empty()
    }

    /// Whether it is one table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(&self.content, Content::Tables { path, .. } if slashes(path) == 2)
    }

    /// Its tables, in an order that does not depend on that of the rows.
    pub(super) fn listings(&self) -> Vec<ComparedTable<'_>> {
        match &self.content {
            Content::Tables { registry, path } => {
                let is_in = |table: &&Table| {
                    let own = table.path.to_string();
                    own.strip_prefix(path.as_str())
                        .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
                };
                registry.tables().filter(is_in).map(|table| ComparedTable::of_table(registry, table, &self.seen)).collect()
            }
            Content::Page(tables) => {
                let mut listings: Vec<ComparedTable<'_>> = tables.iter().map(ComparedTable::of_page).collect();
                listings.sort_by(|a, b| a.file.cmp(b.file));
                listings
            }
        }
    }

    /// Its tables of the model, where it has some.
    pub(super) fn registry(&self) -> Option<&Registry> {
        if let Content::Tables { registry, .. } = &self.content { Some(registry) } else { None }
    }

    /// Whether it is all tables of a folder.
    pub(super) fn is_whole(&self) -> bool {
        matches!(&self.content, Content::Tables { path, .. } if path.is_empty())
    }

    /// The edition, unless there may be several.
    pub(super) fn edition(&self) -> Option<&str> {
        let Content::Tables { path, .. } = &self.content else { return None };
        match slashes(path) {
            0 => None,
            1 => Some(path),
            _ => path.rsplit_once('/').map(|(edition, _)| edition),
        }
    }
}

/// What the two sides are to each other. It decides what a bump means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    #[default]
    /// Two states of the same tables: the crate needs a version.
    States,
    /// Two editions that are both in the crate: a user who moves over has something to do.
    Editions,
    /// At least one side is a page: what import would make of it.
    Page,
}

impl Relation {
    pub(super) fn new(old: &Side, new: &Side) -> Self {
        if old.registry().is_none() || new.registry().is_none() {
            return Self::Page;
        }
        match (old.edition(), new.edition()) {
            (Some(old), Some(new)) if old != new => Self::Editions,
            _ => Self::States,
        }
    }
}

fn slashes(path: &str) -> usize {
    path.matches('/').count()
}

/// A table of either form, for comparing.
#[derive(Clone, Debug)]
pub(super) struct ComparedTable<'a> {
    /// The edition; nothing for a page.
    pub(super) edition: Option<String>,
    pub(super) file: &'a str,
    pub(super) title: &'a str,
    /// The table of the model, where it is one.
    pub(super) table: Option<(&'a Registry, &'a Table)>,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) unreadable: usize,
    /// The table of a page, where it is one.
    pub(super) page: Option<&'a PageTable>,
    pub(super) place: Where<'a>,
    /// The positions of the live rows by their names; found on first use.
    by_name: OnceCell<HashMap<String, Vec<usize>>>,
}

/// A row of either form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) facts: &'a Facts,
    pub(super) ours: Option<&'a Ours>,
    pub(super) sentence: Option<&'a str>,
    /// The cells of a page that are not understood.
    pub(super) unclear: Option<&'a BTreeSet<Key>>,
    pub(super) place: Where<'a>,
    /// Whether the enum has a variant for it.
    pub(super) has_variant: bool,
}

/// A place that is looked up only when a change is reported.
#[derive(Clone, Copy, Debug)]
pub(super) enum Where<'a> {
    Header(&'a Place),
    Row(&'a Place),
    Page(&'a Span),
}

impl Where<'_> {
    pub(super) fn span(self) -> Span {
        match self {
            Self::Header(place) => place.key("title"),
            Self::Row(place) => place.number(),
            Self::Page(span) => span.clone(),
        }
    }
}

impl<'a> ComparedTable<'a> {
    fn of_table(registry: &'a Registry, table: &'a Table, seen: &'a Seen) -> Self {
        let path = table.path.to_string();
        let row = |row: &'a model::Row, has_variant: bool| {
            let key = (path.clone(), row.facts.number, row.facts.name.to_string());
            let seen = if seen.is_empty() { None } else { seen.get(&key) };
            let place = seen.and_then(|seen| seen.span.as_ref()).map_or(Where::Row(&row.place), Where::Page);
            let sentence = seen.and_then(|seen| seen.sentence.as_deref());
            Row { facts: &row.facts, ours: Some(&row.ours), sentence, unclear: None, place, has_variant }
        };
        let rows = table.rows.iter().map(|own| row(own, !own.is_range()));
        let mut rows: Vec<Row<'a>> = rows.chain(table.recycled.iter().map(|own| row(own, false))).collect();
        sort(&mut rows);
        Self {
            edition: Some(table.path.edition_path()),
            file: &table.path.file,
            title: &table.title,
            table: Some((registry, table)),
            rows,
            unreadable: 0,
            page: None,
            place: Where::Header(&table.place),
            by_name: OnceCell::new(),
        }
    }

    fn of_page(table: &'a PageTable) -> Self {
        let row = |row: &'a PageRow| Row {
            facts: &row.facts,
            ours: None,
            sentence: row.sentence.as_deref(),
            unclear: Some(&row.unclear),
            place: Where::Page(&row.span),
            has_variant: matches!(row.facts.number, Number::Value(_)),
        };
        // A second name of a number is no code of its own.
        let mut rows: Vec<Row<'a>> = table.rows.iter().filter(|row| !row.is_alias).map(row).collect();
        sort(&mut rows);
        Self {
            edition: None,
            file: &table.file,
            title: &table.heading,
            table: None,
            rows,
            unreadable: table.unread,
            page: Some(table),
            place: Where::Page(&table.span),
            by_name: OnceCell::new(),
        }
    }

    /// The name of its enum, where it has one.
    pub(super) fn enum_name(&self) -> Option<&'a str> {
        self.table.map(|(_, table)| table.enum_name.as_str())
    }

    /// Whether a heading means this table.
    pub(super) fn is_titled(&self, title: &str) -> bool {
        let headings = self.table.iter().flat_map(|(_, table)| &table.headings).map(|heading| &**heading);
        let title = normalized_name(title);
        headings.chain([self.title]).any(|heading| normalized_name(heading) == title)
    }

    /// Whether more than half of the codes of the smaller table are in both, with number and name.
    pub(super) fn shares_most_codes(&self, other: &ComparedTable<'_>) -> bool {
        let codes = |listing: &ComparedTable<'_>| -> BTreeSet<(Number, String)> {
            listing.rows.iter().map(|row| (row.facts.number, normalized_name(&row.facts.name))).collect()
        };
        let (ours, others) = (codes(self), codes(other));
        let smaller = ours.len().min(others.len());
        ours.intersection(&others).count() * 2 > smaller
    }

    /// The rows that have a number, or range of numbers.
    pub(super) fn rows_of(&self, number: Number) -> impl Iterator<Item = &Row<'a>> {
        let first = self.rows.partition_point(|row| row.facts.number.first() < number.first());
        let same = self.rows[first..].iter().take_while(move |row| row.facts.number.first() == number.first());
        same.filter(move |row| row.facts.number == number)
    }

    /// The row of the variant that has a number.
    pub(super) fn variant(&self, number: u32) -> Option<&Row<'a>> {
        self.rows_of(Number::Value(number)).find(|row| row.has_variant)
    }

    /// The rows that have a name, as [`normalized_name`] has it.
    pub(super) fn rows_named(&self, name: &str) -> impl Iterator<Item = &Row<'a>> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, row) in self.rows.iter().enumerate() {
                by_name.entry(normalized_name(&row.facts.name)).or_default().push(at);
            }
            by_name
        });
        by_name.get(name).into_iter().flatten().map(|at| &self.rows[*at])
    }

    /// How many rows may be that of a code, as they could not be read: none, if neither number nor name stands in the text.
    pub(super) fn doubt(&self, facts: &Facts) -> usize {
        let number = facts.number;
        let text = &self.place.span().file.text;
        let stands = |number: u32| {
            let digits = number.to_string();
            let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            text.match_indices(&digits)
                .any(|(at, _)| !is_digit(text.as_bytes()[..at].last()) && !is_digit(text.as_bytes().get(at + digits.len())))
        };
        if self.unreadable > 0 && (stands(number.first()) || stands(number.last()) || text.contains(facts.name.as_str())) {
            self.unreadable
        } else {
            0
        }
    }

    /// The place of a row that this table does not have: that of the next row.
    pub(super) fn place_for(&self, number: Number) -> Where<'a> {
        let next = self.rows.partition_point(|row| row.facts.number.first() <= number.first());
        self.rows.get(next).or(self.rows.last()).map_or(self.place, |row| row.place)
    }
}

/// Sorts rows by what they say, so that their order on the side does not matter.
fn sort(rows: &mut [Row<'_>]) {
    let all = |row: &Row<'_>| format!("{:?} {:?} {:?}", row.facts, row.ours, row.sentence);
    rows.sort_by(|a, b| {
        let key = |row: &Row<'_>| (row.facts.number.first(), row.facts.number.last(), row.facts.status);
        key(a).cmp(&key(b)).then_with(|| a.facts.name.cmp(&b.facts.name)).then_with(|| all(a).cmp(&all(b)))
    });
}

impl<'a> Row<'a> {
    pub(super) fn ident(&self) -> Option<&'a str> {
        self.ours.and_then(|ours| ours.ident.as_ref()).map(Ident::as_str)
    }
}
