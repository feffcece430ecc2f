//! What can be compared: tables of the model, or the tables of a page as far as a page says something.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::facts::{Facts, Number};
use crate::ident::Ident;
use crate::model::{CloseCodes, Codes, Registry, Responses, Table};
use crate::ours::Ours;
use crate::source::{SourceFile, Span};
use crate::table::{Place, RawRow, read_table};
use crate::text::normalized_name;

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// How people name it.
    pub name: String,
    /// The revision that it was read from, if it was.
    pub revision: Option<String>,
    /// What it has.
    pub content: Content,
}

/// What a side has.
#[derive(Clone, Debug)]
pub enum Content {
    /// Tables of a folder of tables.
    Tables {
        /// The whole folder: a table may extend another one.
        registry: Arc<Registry>,
        /// Which of its tables take part.
        scope: Scope,
    },
    /// The tables of a page.
    Page(Vec<PageTable>),
}

/// Which tables of a folder take part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those of an edition: `<system>/<edition>`.
    Edition(String),
    /// One: `<system>/<edition>/<file>`.
    Table(String),
}

/// A table of a page.
#[derive(Clone, Debug)]
pub struct PageTable {
    /// The name of the file that import would write, without `.toml`.
    pub file: String,
    /// The heading of the table on the page.
    pub title: String,
    /// Its rows.
    pub rows: Vec<PageRow>,
    /// How many of its rows could not be read.
    pub unreadable: usize,
    /// Where it is.
    pub span: Span,
}

/// A row of a table of a page.
#[derive(Clone, Debug)]
pub struct PageRow {
    /// What the document says.
    pub facts: Facts,
    /// The documented sentence itself.
    pub sentence: Option<String>,
    /// Where it is.
    pub span: Span,
}

impl PageTable {
    /// What the documents say in a table file, as far as it can be read.
    #[must_use]
    pub fn from_table_file(source: &Arc<SourceFile>) -> (Option<Self>, Vec<Diagnostic>) {
        let (file, diagnostics) = read_table(source);
        let unreadable = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let table = file.filter(|file| !file.rows.is_empty() || file.header.is_some()).map(|file| {
            let name = source.path.rsplit('/').next().unwrap_or(&source.path);
            let row = |row: &RawRow| PageRow { facts: row.facts.clone(), sentence: None, span: file.row_place(row).number() };
            Self {
                file: name.trim_end_matches(".toml").to_owned(),
                title: file.header.as_ref().map(|header| header.title.to_string()).unwrap_or_default(),
                rows: file.rows.iter().map(row).collect(),
                unreadable,
                span: Span::whole(source),
            }
        });
        (table, diagnostics)
    }
}

impl Side {
    /// A side of tables.
    #[must_use]
    pub fn new(name: impl Into<String>, registry: Arc<Registry>, scope: Scope) -> Self {
        Self { name: name.into(), revision: None, content: Content::Tables { registry, scope } }
    }

    /// A side that is a page.
    #[must_use]
    pub fn from_page(name: impl Into<String>, tables: Vec<PageTable>) -> Self {
        Self { name: name.into(), revision: None, content: Content::Page(tables) }
    }

    /// Its tables, in an order that does not depend on that of the rows.
    pub(super) fn listings(&self) -> Vec<Listing<'_>> {
        match &self.content {
            Content::Tables { registry, scope } => {
                let is_in = |table: &&Table| match scope {
                    Scope::All => true,
                    Scope::Edition(edition) => table.path.edition_path() == *edition,
                    Scope::Table(path) => table.path.to_string() == *path,
                };
                registry.tables().filter(is_in).map(|table| Listing::of_table(registry, table)).collect()
            }
            Content::Page(tables) => {
                let mut listings: Vec<Listing<'_>> = tables.iter().map(Listing::of_page).collect();
                listings.sort_by(|a, b| a.file.cmp(b.file));
                listings
            }
        }
    }

    /// Its tables of the model, where it has some.
    pub(super) fn model(&self) -> Option<(&Registry, &Scope)> {
        match &self.content {
            Content::Tables { registry, scope } => Some((registry, scope)),
            Content::Page(_) => None,
        }
    }
}

/// What the two sides are to each other. It decides what a bump means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Two states of the same tables: the crate needs a version.
    States,
    /// Two editions that are both in the crate: a user who moves over has something to do.
    Editions,
    /// At least one side is a page: what import would make of it.
    Page,
}

impl Relation {
    pub(super) fn new(old: &Side, new: &Side) -> Self {
        let (Some((_, old)), Some((_, new))) = (old.model(), new.model()) else { return Self::Page };
        match (old.edition(), new.edition()) {
            (Some(old), Some(new)) if old != new => Self::Editions,
            _ => Self::States,
        }
    }
}

impl Scope {
    /// The edition, unless there may be several.
    pub(super) fn edition(&self) -> Option<&str> {
        match self {
            Self::All => None,
            Self::Edition(edition) => Some(edition),
            Self::Table(path) => path.rsplit_once('/').map(|(edition, _)| edition),
        }
    }
}

/// A table of either form, for comparing.
#[derive(Clone, Debug)]
pub(super) struct Listing<'a> {
    /// The edition; nothing for a page.
    pub(super) edition: Option<String>,
    pub(super) file: &'a str,
    pub(super) title: &'a str,
    /// The table of the model, where it is one.
    pub(super) table: Option<(&'a Registry, &'a Table)>,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) unreadable: usize,
    pub(super) place: Where<'a>,
    /// The positions of the live rows by their names; found on first use.
    by_name: OnceCell<HashMap<String, Vec<usize>>>,
}

/// A row of either form.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) facts: &'a Facts,
    pub(super) ours: Option<&'a Ours>,
    pub(super) sentence: Option<&'a str>,
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

impl<'a> Listing<'a> {
    fn of_table(registry: &'a Registry, table: &'a Table) -> Self {
        let row = |facts, ours, place, has_variant| Row { facts, ours: Some(ours), sentence: None, place, has_variant };
        let mut rows: Vec<Row<'a>> = Vec::new();
        for variant in table.codes.variants() {
            rows.push(row(&variant.facts, &variant.ours, Where::Row(&variant.place), true));
        }
        for variant in &table.recycled {
            rows.push(row(&variant.facts, &variant.ours, Where::Row(&variant.place), false));
        }
        match &table.codes {
            Codes::Opcodes(_) => {}
            Codes::CloseCodes(close) => {
                let CloseCodes { codes: _, ranges, .. } = close.as_ref();
                rows.extend(ranges.iter().map(|range| row(&range.facts, &range.ours, Where::Row(&range.place), false)));
            }
            Codes::Responses(Responses { ranges, .. }) => {
                rows.extend(ranges.iter().map(|range| row(&range.facts, &range.ours, Where::Row(&range.place), false)));
            }
        }
        sort(&mut rows);
        Self {
            edition: Some(table.path.edition_path()),
            file: &table.path.file,
            title: &table.title,
            table: Some((registry, table)),
            rows,
            unreadable: 0,
            place: Where::Header(&table.place),
            by_name: OnceCell::new(),
        }
    }

    fn of_page(table: &'a PageTable) -> Self {
        let row = |row: &'a PageRow| Row {
            facts: &row.facts,
            ours: None,
            sentence: row.sentence.as_deref(),
            place: Where::Page(&row.span),
            has_variant: matches!(row.facts.number, Number::Value(_)),
        };
        let mut rows: Vec<Row<'a>> = table.rows.iter().map(row).collect();
        sort(&mut rows);
        Self {
            edition: None,
            file: &table.file,
            title: &table.title,
            table: None,
            rows,
            unreadable: table.unreadable,
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
    pub(super) fn shares_most_codes(&self, other: &Listing<'_>) -> bool {
        let codes = |listing: &Listing<'_>| -> BTreeSet<(Number, String)> {
            listing.rows.iter().map(|row| (row.facts.number, normalized_name(&row.facts.name))).collect()
        };
        let (ours, others) = (codes(self), codes(other));
        let smaller = ours.len().min(others.len());
        ours.intersection(&others).count() * 2 > smaller
    }

    /// The row of the variant that has a number.
    pub(super) fn variant(&self, number: u32) -> Option<&Row<'a>> {
        let first = self.rows.partition_point(|row| row.facts.number.first() < number);
        let mut same = self.rows[first..].iter().take_while(|row| row.facts.number.first() == number);
        same.find(|row| row.facts.number == Number::Value(number) && row.has_variant)
    }

    /// The live rows that have a name, as [`normalized_name`] has it.
    pub(super) fn live_rows_named(&self, name: &str) -> impl Iterator<Item = &Row<'a>> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, row) in self.rows.iter().enumerate().filter(|(_, row)| row.facts.is_live()) {
                by_name.entry(normalized_name(&row.facts.name)).or_default().push(at);
            }
            by_name
        });
        by_name.get(name).into_iter().flatten().map(|at| &self.rows[*at])
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
