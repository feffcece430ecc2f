//! What differs beside the tables: the identity of the crate, and what is recorded of clients.

use super::change::{Change, Difference};
use super::kinds::{DOCS, PACKAGE};
use super::side::{Relation, Side};
use crate::model::{Package, Registry, System};

/// The differences beside the tables, if both sides are whole folders.
pub(super) fn differences(old: &Side, new: &Side, relation: Relation) -> Vec<Difference> {
    let (Some(before), Some(after)) = (old.registry(), new.registry()) else { return Vec::new() };
    if relation != Relation::States || !old.is_whole() || !new.is_whole() {
        return Vec::new();
    }
    let mut found = package(&before.package, &after.package);
    found.extend(clients(before, after));
    found.into_iter().map(|change| Difference::new(None, change, Vec::new(), relation)).collect()
}

fn package(old: &Package, new: &Package) -> Vec<Change> {
    // Without `..`. The version is what a comparison is for, and is no difference by itself.
    let Package { name, version: _, description, license, repository, homepage, keywords, categories, authors, readme, notice } =
        new;
    let mut found = Vec::new();
    if old.name != *name {
        found.push(Change::between(PACKAGE, &old.name, name));
    }
    let texts = [
        ("the description of the crate", old.description == *description),
        ("the licence of the crate", old.license == *license),
        ("the addresses of the crate", (&old.repository, &old.homepage) == (repository, homepage)),
        ("the keywords of the crate", (&old.keywords, &old.categories) == (keywords, categories)),
        ("the authors of the crate", old.authors == *authors),
        ("the front page of the crate", old.readme == *readme),
        ("the notice of the crate", old.notice == *notice),
    ];
    found.extend(texts.into_iter().filter(|(_, same)| !same).map(|(what, _)| docs(what)));
    found
}

fn clients(old: &Registry, new: &Registry) -> Vec<Change> {
    let differs = |system: &&System| {
        let before = old.systems.iter().find(|before| before.name == system.name);
        before.is_some_and(|before| format!("{:?}", before.clients) != format!("{:?}", system.clients))
    };
    let what = |system: &System| docs(&format!("what clients of {} do", system.name));
    new.systems.iter().filter(differs).map(what).collect()
}

fn docs(what: &str) -> Change {
    Change::Field { field: DOCS, old: None, new: Some(what.into()) }
}
