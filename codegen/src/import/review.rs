//! What an import comes to: the edition before and after, compared, and what is to review.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::ident::propose;
use super::merge::Merged;
use super::options::Options;
use super::outcome::{Imported, Review};
use super::pages::Stamped;
use super::task::Edition;
use crate::diff::{self, Change, Comparison, Difference, Seen, Side, Sighting};
use crate::model::{Action, Number, TablePath, Value};
use crate::read::{Folder, PageTable, RawRow, SourcesFile, TableFile, lower_edition};
use crate::text::{Diagnostic, Files, normalized_name, quoted, sentence};

/// A table before and after, as written.
type States<'a> = Vec<(String, Option<&'a TableFile>, TableFile)>;

impl Imported {
    /// Takes what became of the tables, compares the edition before and after, and returns what the next command would not accept.
    pub(super) fn finish(
        &mut self,
        edition: &Edition<'_>,
        merged: Vec<Merged<'_>>,
        stamped: Stamped,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let seen = seen(&self.edition, &merged, edition.options);
        let mut states: States<'_> = Vec::new();
        let mut compared: HashMap<(String, Number), String> = HashMap::new();
        let copied = copied(&self.edition, &merged);
        for Merged { report, before, origin: _, written, shown: _, is_edited: _, clients, mut review, diagnostics: mut found } in
            merged
        {
            self.review.append(&mut review);
            diagnostics.append(&mut found);
            compared.extend(clients.into_iter().map(|(number, words)| ((report.table.clone(), number), words)));
            if let Some((written, table)) = written {
                states.push((report.table.clone(), before, table));
                self.written.push(written);
            }
            self.tables.push(report);
        }
        let Stamped { sources, tables } = stamped;
        for (written, file, table) in tables {
            states.push((file, None, table));
            self.written.push(written);
        }
        // The date comes first: after an end between the files, the next import finds the rows that are missing.
        let (written, sources) = sources.unzip();
        self.written.splice(0..0, written);
        let (old, known) = state(edition.folder.clone(), &self.edition, &Vec::new(), None);
        let (new, found) = state(edition.folder.clone(), &self.edition, &states, sources);
        let refused = self.refused(edition.files, found, &known);
        if refused.is_empty() {
            let [seen_before, seen_after] = seen;
            self.review.extend(new_rows(&self.edition, &states, &seen_after, &compared));
            let (old, new) = (Side { seen: seen_before, ..old }, Side { seen: seen_after, ..new });
            self.comparison = diff::changes(&old, &new);
            self.review.extend(review(&self.comparison, &states));
            self.review.extend(review(&copied, &states));
        } else {
            self.written.clear();
        }
        refused
    }

    /// The errors of what was written that were not there before.
    fn refused(&self, files: &Files, found: Vec<Diagnostic>, known: &[Diagnostic]) -> Vec<Diagnostic> {
        let written: HashSet<String> = self.written.iter().map(|table| files.display(&table.path)).collect();
        let is_ours = |error: &Diagnostic| error.is_error() && error.file().is_some_and(|file| written.contains(file));
        let known: HashSet<(&str, &str)> = known.iter().map(|error| (error.rule, error.message.as_str())).collect();
        let is_new = |error: &Diagnostic| !known.contains(&(error.rule, error.message.as_str()));
        found.into_iter().filter(|error| is_ours(error) && is_new(error)).collect()
    }
}

/// The edition with the new tables in it, for comparing. Where it cannot be built, only what the documents say is compared.
fn state(mut folder: Folder, edition: &str, states: &States<'_>, sources: Option<SourcesFile>) -> (Side, Vec<Diagnostic>) {
    if let Some(sources) = sources {
        folder.sources.retain(|known| known.edition != sources.edition);
        folder.sources.push(sources);
    }
    for (file, _, table) in states {
        let Some(path) = TablePath::parse(&format!("{edition}/{file}")) else { continue };
        folder.tables.retain(|(known, _)| *known != path);
        folder.tables.push((path, table.clone()));
    }
    folder.tables.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (registry, diagnostics) = lower_edition(&folder, edition);
    let side = if let Some(registry) = registry {
        Side::new(edition, Arc::new(registry), edition)
    } else {
        let tables = folder.tables.iter().filter(|(path, _)| path.edition_path() == edition);
        Side::from_page(edition, tables.map(|(_, table)| PageTable::from_rows(table)).collect())
    };
    (side, diagnostics)
}

/// What the pages show of the rows of tables: before, as far as it is known, and now.
fn seen(edition: &str, merged: &[Merged<'_>], options: &Options) -> [Seen; 2] {
    let (mut before, mut after) = (Seen::new(), Seen::new());
    for merged in merged {
        let path = format!("{edition}/{}", merged.report.table);
        for (facts, sighting) in &merged.shown {
            after.insert((path.clone(), facts.number, facts.name.to_string()), sighting.clone());
        }
        for row in merged.before.iter().flat_map(|table| &table.rows) {
            let key = (normalized_name(&merged.report.heading), row.facts.number);
            if let Some(sentence) = options.former_sentences.get(&key) {
                let sighting = Sighting { sentence: Some(sentence.clone()), span: None };
                before.insert((path.clone(), row.facts.number, row.facts.name.to_string()), sighting);
            }
        }
    }
    [before, after]
}

/// What the pages say otherwise of the rows that new tables have from another edition.
fn copied(edition: &str, merged: &[Merged<'_>]) -> Comparison {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for merged in merged {
        let (Some(origin), Some((_, table))) = (&merged.origin, &merged.written) else { continue };
        before.push(PageTable::from_rows(origin));
        let mut table = PageTable::from_rows(table);
        for row in &mut table.rows {
            let shown = merged.shown.iter().find(|(facts, _)| facts.number == row.facts.number && facts.name == row.facts.name);
            row.sentence = shown.and_then(|(_, shown)| shown.sentence.clone());
        }
        after.push(table);
    }
    diff::changes(&Side::from_page(edition, before), &Side::from_page(edition, after))
}

/// What is to review after these changes.
fn review(comparison: &Comparison, states: &States<'_>) -> Vec<Review> {
    let rows = states.iter().flat_map(|(file, _, after)| after.rows.iter().map(move |row| (file, row)));
    let rows: HashMap<(&str, Number), &RawRow> = rows.map(|(file, row)| ((file.as_str(), row.facts.number), row)).collect();
    let mut contradicted: BTreeSet<(&str, Number)> = BTreeSet::new();
    let mut found = Vec::new();
    for difference in &comparison.differences {
        let (Some(table), Some(code), Some(span)) = (&difference.table, &difference.code, &difference.new_place) else {
            continue;
        };
        let key = (table.file.as_str(), code.number);
        let Some(row) = rows.get(&key) else { continue };
        let kind = difference.kind;
        let asked = match kind {
            "reconnect" | "resume" | "advice" => {
                contradiction(difference, row).filter(|_| contradicted.insert(key)).map(|asked| ("policy-contradicted", asked))
            }
            "renamed" => another_ident(difference, row).map(|asked| (kind, asked)),
            "redefined" => {
                let Change::Redefined { new, .. } = &difference.change else { continue };
                let check = "check `ident`, `summary` and `policy`; a user's old name must not mean the new code";
                Some((kind, format!("the number may mean something else now: {}; {check}", quoted(new))))
            }
            "reworded" if !contradicted.contains(&key) => another_sentence(difference, row).map(|asked| (kind, asked)),
            _ => None,
        };
        found.extend(asked.map(|(rule, message)| Review {
            rule,
            table: table.file.clone(),
            number: code.number,
            message,
            span: span.clone(),
        }));
    }
    found
}

/// The document says something else to do, and the policy does not.
fn contradiction(difference: &Difference, row: &RawRow) -> Option<String> {
    let Change::Field { old, new, .. } = &difference.change else { return None };
    let documented = if row.facts.reconnect == Some(false) { Some(Action::Stop) } else { row.facts.advice };
    let policy = row.decision.policy.as_ref()?.action;
    let value = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), ToString::to_string);
    let what = format!("{}: {} → {}", difference.kind, value(old), value(new));
    let says = says(difference).unwrap_or("the page changed".to_owned());
    (documented != Some(policy)).then(|| format!("{says} ({what}); the policy is still {}", policy.words()))
}

/// The name is another one, and the identifier is that of the old one.
fn another_ident(difference: &Difference, row: &RawRow) -> Option<String> {
    let name = match &difference.change {
        Change::Field { new: Some(new), .. } => new.to_string(),
        _ => return None,
    };
    let ident = row.ours.ident.as_ref()?;
    let proposal = propose(&name, row.facts.number.first());
    let hint = format!("to rename it: `ident = \"{proposal}\"`, `renamed_from = \"{ident}\"`");
    (proposal != ident.as_str()).then(|| format!("is now called {}; the identifier stays `{ident}` ({hint})", quoted(&name)))
}

/// The sentence is another one, where it is not the name itself.
fn another_sentence(difference: &Difference, row: &RawRow) -> Option<String> {
    let Change::Field { old: Some(_), new: Some(_), .. } = &difference.change else { return None };
    let is_name = difference.new_sentence.as_deref().map(normalized_name) == Some(normalized_name(&row.facts.name));
    let says = says(difference).unwrap_or("the documented sentence differs".to_owned());
    (!is_name).then(|| format!("{says}; check `summary` and `policy`"))
}

/// What the page says now, and said before.
fn says(difference: &Difference) -> Option<String> {
    let (old, new) = (&difference.old_sentence, &difference.new_sentence);
    let now = new.as_ref().map(|new| format!("the page now says \"{}\"", sentence(new)))?;
    let before = old.as_ref().filter(|old| Some(*old) != new.as_ref());
    Some(now + &before.map(|before| format!(", and said \"{}\" before", sentence(before))).unwrap_or_default())
}

/// The rows for which something was proposed, with what the page says of each.
fn new_rows(edition: &str, states: &States<'_>, seen: &Seen, compared: &HashMap<(String, Number), String>) -> Vec<Review> {
    let mut found = Vec::new();
    for (file, before, after) in states {
        let known: HashSet<(Number, &str)> = before
            .iter()
            .flat_map(|table| &table.rows)
            .filter(|row| !row.ours.reviewed)
            .map(|row| (row.facts.number, row.ours.ident.as_deref().unwrap_or_default()))
            .collect();
        for row in after.rows.iter().filter(|row| !row.ours.reviewed && row.facts.is_live()) {
            let ident = row.ours.ident.as_deref();
            if known.contains(&(row.facts.number, ident.unwrap_or_default())) {
                continue;
            }
            let what = ident.map_or("a range".to_owned(), |ident| format!("`{ident}`"));
            let policy = row.decision.policy.as_ref().map(|policy| format!(", {}", policy.what_to_do())).unwrap_or_default();
            let shown = seen.get(&(format!("{edition}/{file}"), row.facts.number, row.facts.name.to_string()));
            let says = shown.and_then(|shown| shown.sentence.as_deref());
            let says = says.map(|says| format!("the page says \"{}\"; ", sentence(says))).unwrap_or_default();
            let clients = compared.get(&(file.clone(), row.facts.number)).map(|words| format!(" ({words})")).unwrap_or_default();
            let message = format!("{says}proposed: {what}{policy}{clients}; remove `reviewed = false` when it is right");
            let span = row.place.number();
            found.push(Review { rule: "new-code", table: file.clone(), number: row.facts.number, message, span });
        }
    }
    found
}
