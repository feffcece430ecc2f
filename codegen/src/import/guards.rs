//! Pages that are not imported at all: the wrong one, an older one, one of which nothing is taken; and tables that no page has.

use std::collections::{BTreeSet, HashSet};

use super::allowed;
use super::headings::NewTable;
use super::options::{LARGEST_LOSS, Options, SMALLEST_LOSS};
use super::pair;
use super::target::{Assigned, Known, PassedOver, Reason};
use super::task::Edition;
use crate::model::Source;
use crate::read::{Page, SOURCES, SourcesFile};
use crate::text::{Diagnostic, counted, normalized_name, quoted, quoted_list, visible};

/// The tables of the edition that no page has: one warning, and no removed row.
pub(super) fn not_on_page(edition: &Edition<'_>, assigned: &[Assigned<'_>]) -> Option<Diagnostic> {
    let Edition { options, known, names, .. } = edition;
    let is_there = |file: &str| assigned.iter().any(|assigned| assigned.target.file(known) == file);
    // A table of another page of the edition is not expected on this one. Whatever the page is called, it is that of its tables.
    let own = assigned.iter().filter(|assigned| assigned.further.is_none()).filter_map(|assigned| edition.own_table(assigned));
    let pages: BTreeSet<&str> = own.filter_map(|own| own.page.as_deref()).collect();
    let is_of_page = |own: &&Known<'_>| own.page.as_deref().is_none_or(|page| names.has(page) || pages.contains(page));
    let is_expected = |own: &&Known<'_>| options.tables.is_empty() || options.tables.contains(&own.file);
    let expected = edition.own().filter(is_of_page).filter(is_expected);
    let absent = expected.filter(|own| !allowed::in_header(own.table, "table-not-on-page") && !is_there(&own.file));
    let absent: Vec<&str> = absent.map(|own| own.file.as_str()).collect();
    if absent.is_empty() || assigned.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "table-not-on-page",
            format!("not on the page, and left as they are: {}", quoted_list(&absent, "and")),
        )
        .in_file(&options.edition)
        .help("if a heading was renamed, add it to `headings` of the table; delete the file of a table that is not wanted")
        .help("a table of another page says so with `allow = [\"table-not-on-page\"]`"),
    )
}

/// The tables that no page of the edition ignores.
pub(super) fn without_ignored(
    passed_over: &[PassedOver],
    edition: &Edition<'_>,
    sources: Option<&SourcesFile>,
) -> Vec<PassedOver> {
    let pages = sources.into_iter().flat_map(|sources| &sources.pages).map(|(.., source)| source);
    let pages: Vec<&Source> = pages.chain(edition.own().filter_map(|own| own.source)).collect();
    // An import lists whole headings, and they may be many.
    let listed = pages.iter().flat_map(|page| &page.ignore).filter(|pattern| !pattern.contains('*'));
    let listed: HashSet<String> = listed.map(|heading| normalized_name(heading)).collect();
    let is_ignored = |heading: &str| listed.contains(&normalized_name(heading)) || pages.iter().any(|page| page.ignores(heading));
    passed_over.iter().filter(|table| !is_ignored(&table.heading)).cloned().collect()
}

/// The tables of codes that no table of the edition means and no `ignore` names after the import: somebody has to know of them.
pub(super) fn unknown_tables(passed_over: &[PassedOver], options: &Options) -> Vec<Diagnostic> {
    let parts = passed_over.iter().filter_map(|table| Some((table, table.rest_of.as_ref()?)));
    let parts = parts.map(|(table, first)| {
        let message =
            format!("{} may be the rest of {}: it has its columns, and other numbers", quoted(&table.heading), quoted(first));
        Diagnostic::warning("split-table", message).in_file(&options.edition).help(
            "nothing of it was read; put both parts under one heading in a copy of the page, or take it with `import --table`",
        )
    });
    let unknown = passed_over.iter().filter(|table| table.reason == Reason::NotAskedFor && options.take.is_empty());
    let finding = |table: &PassedOver| {
        let (heading, codes) = (quoted(&table.heading), counted(table.rows, "code"));
        let file = NewTable::new(&table.heading, &[]).file;
        Diagnostic::warning("unknown-table", format!("{heading} is a table of {codes} that the edition does not have"))
            .in_file(&options.edition)
            .help(format!(
                "take it with `import --table '{}={file}'`, or list it under `ignore` of the page in `{SOURCES}`",
                visible(&table.heading)
            ))
    };
    parts.chain(unknown.map(finding)).collect()
}

/// Pages of which nothing is taken are the wrong ones.
pub(super) fn nothing_found(pages: &[Page], passed_over: &[PassedOver], edition: &str) -> Option<Diagnostic> {
    let with_tables = pages.iter().find(|page| !page.tables.is_empty())?;
    let headings: Vec<&str> =
        passed_over.iter().filter(|table| table.rows > 0).take(8).map(|table| table.heading.as_str()).collect();
    Some(
        Diagnostic::error("nothing-to-import", format!("no table of the page is one of {}", quoted(edition)))
            .in_file(&with_tables.source.path)
            .help(format!("its tables are {}", quoted_list(&headings, "and")))
            .help("take one with `--table 'Heading=file'`, or add its heading to `headings` of a table"),
    )
}

/// A page with another title, and with other names for the numbers, is not the page of the tables.
pub(super) fn wrong_page(edition: &Edition<'_>, assigned: &[Assigned<'_>]) -> Option<Diagnostic> {
    let (mut agree, mut differ, mut first) = (0, 0, None);
    for assigned in assigned.iter().filter(|assigned| assigned.further.is_none()) {
        let Assigned { page, observed, .. } = assigned;
        let Some((own, source)) = edition.own_table(assigned).and_then(|own| Some((own.table, own.source?))) else { continue };
        if page.title.as_deref().map(normalized_name) == Some(normalized_name(&source.document)) {
            continue;
        }
        let live: Vec<_> = observed.rows.iter().filter(|row| row.facts.is_live() && !row.is_alias).collect();
        let pairing = pair::pair(&live, &own.rows, pair::Likeness::Number);
        let equal = pairing.pairs.iter().filter(|(row, at)| pair::same_name(&live[*row].facts, &own.rows[*at].facts)).count();
        let missing = pairing.missing.iter().filter(|at| own.rows[**at].facts.is_live()).count();
        agree += equal;
        differ += pairing.pairs.len() - equal + pairing.new.len() + missing;
        first = first.or(Some((page, observed, source)));
    }
    let (page, observed, source) = first?;
    if differ * LARGEST_LOSS <= agree + differ || differ <= SMALLEST_LOSS || edition.options.accepts_all_removals() {
        return None;
    }
    let title = page.title.as_deref().map_or("has no title".to_owned(), |title| format!("is {}", quoted(title)));
    Some(
        Diagnostic::error("wrong-page", format!("the page {title}, and {differ} of {} differ", counted(agree + differ, "row")))
            .at(&observed.span, format!("the tables were read from {}", quoted(&source.document)))
            .help("no file was changed; if it is the right page, add `--accept-removals`"),
    )
}

/// A page that is older than a table would bring back what was corrected.
pub(super) fn older_page(edition: &Edition<'_>, assigned: &[Assigned<'_>]) -> Option<Diagnostic> {
    let date = edition.options.date.filter(|_| !edition.options.allow_older)?;
    assigned.iter().find_map(|assigned| {
        let own = edition.own_table(assigned)?;
        let (source, dated) = match &assigned.further {
            Some(name) => {
                let (_, place, page) = edition.sources?.pages.iter().find(|(known, ..)| known == name)?;
                (page, place.key("date"))
            }
            None => (own.source?, own.dated.clone()),
        };
        date.is_before(source.date).then(|| {
            Diagnostic::error("older-page", format!("the page is of {date}, and {} of {}", quoted(&own.file), source.date))
                .at(&dated, "a newer page was read")
                .help("no file was changed; to go back all the same, add `--allow-older`")
        })
    })
}
