//! A client's own source against the tables: which codes its enums miss, have wrong, or name otherwise.
//!
//! Takes [`Sources`] in any language and a registry, and returns an [`Audit`]. Tokens become rows of a name and a number, rows
//! become groups, and a group is of the table whose numbers *and* names it has; a group that fits none is not judged.

mod codes;
mod counting;
mod findings;
mod fit;
mod lexer;
mod names;
mod paste;
mod report;
mod rows;
mod sources;
mod tree;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use codes::Codes;
use findings::View;
use fit::{Fit, fits, tables};
use lexer::Language;
use rows::Group;
use tree::Tree;

pub use report::{Audit, FindingKind};
use report::{Enum, Finding};
pub use sources::Sources;

use crate::model::Registry;
use crate::text::{Diagnostic, SourceFile, Span};

/// Compares sources with the tables of all systems, or of one system or edition. `progress` hears how many files were
/// looked at, of how many.
///
/// # Errors
///
/// If there is no such edition.
pub fn audit(
    registry: &Registry,
    sources: &Sources,
    edition: Option<&str>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Audit, Diagnostic> {
    let tables = tables(registry, edition);
    if let Some(name) = edition.filter(|_| tables.is_empty()) {
        return Err(registry.no_edition(name));
    }
    let mut audit = Audit::new(sources.files.len());
    for (at, (file, language)) in sources.files.iter().enumerate() {
        progress(at + 1, sources.files.len());
        add(&mut audit, file, *language, &tables);
    }
    Ok(audit)
}

/// Adds what is found in a file.
fn add(audit: &mut Audit, file: &Arc<SourceFile>, language: Language, tables: &[Codes<'_>]) {
    let tree = Tree::new(lexer::tokens(&file.text, language), language);
    let groups = rows::groups(&tree);
    let fitting: Vec<Vec<Fit<'_, '_>>> = groups.iter().map(|group| fits(group, tables)).collect();
    for (group, _) in groups.iter().zip(&fitting).filter(|(group, fits)| fits.is_empty() && group.rows.len() > 3) {
        let place = Span::new(file, tree.tokens[group.rows[0].name_at].range.clone());
        audit.others.push((place, group.name(), group.rows.len()));
    }
    for codes in tables {
        let of_table = groups.iter().zip(&fitting).filter_map(|(group, fits)| {
            let fit = fits.iter().find(|fit| std::ptr::eq(fit.codes, codes))?;
            Some(View { file, tree: &tree, group, fits, fit: *fit, tables })
        });
        // Where a file has a table twice, as in an enum and a `match`, the one that has more of it counts.
        let rank = |View { group, .. }: &View<'_, '_, '_, '_>| {
            (!group.is_look_up, group.spreads.len(), has(group, codes), Reverse(group.rows[0].name_at))
        };
        audit.enums.extend(of_table.max_by_key(rank).map(|view| view.judged(&elsewhere(view.group, &groups, codes))));
    }
}

/// How many documented codes a group has by number.
fn has(group: &Group<'_>, codes: &Codes<'_>) -> usize {
    let numbers: BTreeSet<u32> = group.rows.iter().map(|row| row.number).collect();
    numbers.intersection(&codes.expected).count()
}

/// The codes that another group of the file has by number and name, as where a table is in two enums, and those of groups that
/// this one takes over. What is taken over from another file may be any code.
fn elsewhere(group: &Group<'_>, groups: &[Group<'_>], codes: &Codes<'_>) -> BTreeSet<u32> {
    let labelled = groups.iter().rev().filter_map(|other| Some((other.label?, other)));
    let labelled: BTreeMap<&str, &Group<'_>> = labelled.collect();
    if group.spreads.iter().any(|name| !labelled.contains_key(name)) {
        return codes.by_number.keys().copied().collect();
    }
    let spread = group.spreads.iter().flat_map(|name| &labelled[name].rows);
    let others = groups.iter().filter(|other| !std::ptr::eq(*other, group) && !other.is_look_up);
    let named = others.flat_map(|other| &other.rows).filter(|row| codes.has(row));
    spread.chain(named).map(|row| row.number).collect()
}
