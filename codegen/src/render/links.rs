//! Where links lead whose text is the path of an edition or a table.

use crate::model::{Edition, Registry, Table};

/// Where the links of the front page lead that name an edition or a table.
///
/// The front page leads to the pages of the documentation. The documentation of the crate, which includes it, says before it
/// where its own items are, and the first word counts.
pub(super) fn link_targets<'a>(
    registry: &'a Registry,
    edition: impl Fn(&Edition) -> String + 'a,
    table: impl Fn(&Table) -> String + 'a,
) -> Vec<String> {
    let targets = registry.editions().flat_map(|own| {
        let tables = own.tables.iter().map(|own| format!("[{}]: {}", own.path, table(own)));
        std::iter::once(format!("[{}]: {}", own.path(), edition(own))).chain(tables).collect::<Vec<_>>()
    });
    targets.collect()
}
