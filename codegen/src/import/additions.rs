//! The codes that are new: each with the identifier and the policy that are proposed for it.

use std::collections::HashSet;

use super::ident::{propose, propose_all};
use super::pair::{order, places};
use super::propose as proposal;
use super::task::{Base, Task};
use super::values::{all_pairs, policy_text};
use crate::model::{ClientVotes, Compared, Facts, Kind, Number, Policy, Retry};
use crate::read::PageRow;
use crate::read::{Editor, Pair, RawRow};
use crate::text::{counted, key_word, normalized_name, toml_string};

impl Task<'_> {
    /// Adds the codes that are new, each with what is proposed for it. Returns what the clients do after each, in words.
    pub(super) fn add(&self, new: &[&PageRow], base: &Base<'_>, editor: &mut Editor<'_>) -> Vec<(Number, String)> {
        let (system, clients_file) = clients_named(base, &self.edition.options.edition);
        let clients = if new.is_empty() { Vec::new() } else { self.clients(&system) };
        let compared = Compared::among(clients.iter(), &clients_file);
        let taken: HashSet<String> = base.table.rows.iter().flat_map(idents).collect();
        let names: Vec<(&str, u32)> = new.iter().map(|row| (row.facts.name.as_str(), row.facts.number.first())).collect();
        let idents = propose_all(&names, |ident| taken.contains(&ident.to_lowercase()));
        let mut taken_now: HashSet<String> = taken.into_iter().chain(idents.iter().map(|ident| ident.to_lowercase())).collect();
        let has_groups = base.table.rows.iter().any(|row| row.ours.group.is_some());
        let mut said = Vec::new();
        let mut rows: Vec<(Facts, Vec<Pair>)> = Vec::new();
        for (observed, ident) in new.iter().zip(idents) {
            let mut facts = base.facts(observed, None);
            let listed = (normalized_name(&self.assigned.observed.heading), facts.number);
            facts.since = facts.since.or_else(|| self.edition.options.first_listed.get(&listed).copied());
            let ident = matches!(facts.number, Number::Value(_)).then_some(ident);
            let mut pairs = all_pairs(&facts);
            pairs.extend(ident.iter().map(|ident| ("ident", toml_string(ident))));
            let aliases = self.aliases_of(observed, &mut taken_now);
            if !aliases.is_empty() {
                pairs.push(("aliases", format!("[{}]", aliases.join(", "))));
            }
            let group = has_groups.then(|| toml_string(&key_word(proposal::group(&facts.name))));
            pairs.extend(group.map(|group| ("group", group)));
            pairs.push(("reviewed", "false".to_owned()));
            if let Some(policy) = policy(&facts, base, &compared) {
                said.extend(compared_words(&policy, &compared, facts.number));
                pairs.push(("policy", policy_text(&policy)));
            }
            pairs.extend(has_groups.then(|| ("retry", toml_string(&key_word(Retry::No)))));
            rows.push((facts, pairs));
        }
        rows.sort_by_key(|(facts, _)| order(facts));
        let facts: Vec<Facts> = rows.iter().map(|(facts, _)| facts.clone()).collect();
        let places = places(&facts, &base.table.rows);
        let place = |at: usize| base.table.rows[at].position;
        editor.insert_rows(places.into_iter().map(|at| at.map(place)).zip(rows.into_iter().map(|(_, pairs)| pairs)).collect());
        said
    }

    /// The other names of a new code as identifiers, in TOML.
    fn aliases_of(&self, observed: &PageRow, taken: &mut HashSet<String>) -> Vec<String> {
        let idents = self
            .assigned
            .observed
            .aliases(observed.facts.number)
            .map(|alias| propose(&alias.facts.name, alias.facts.number.first()));
        idents.filter(|ident| taken.insert(ident.to_lowercase())).map(|ident| toml_string(&ident)).collect()
    }
}

/// The clients that a table is compared with: their system, and the file of the codes there.
fn clients_named(base: &Base<'_>, edition: &str) -> (String, String) {
    let named = base.header.reconnect.as_ref().and_then(|reconnect| reconnect.clients.as_ref()?.split_once('/'));
    let own = (edition.split('/').next().unwrap_or_default(), base.file.as_str());
    let (system, file) = named.unwrap_or(own);
    (system.to_owned(), file.to_owned())
}

/// How many of the clients do as a policy says: "14 of 16 clients do so".
fn compared_words(policy: &Policy, compared: &Compared<'_>, number: Number) -> Option<(Number, String)> {
    let Number::Value(code) = number else { return None };
    let votes = compared.after(code);
    let (agreeing, all) = (votes.agreeing(policy.action), votes.decided());
    (all > 0).then(|| (number, format!("{agreeing} of {} do so", counted(all, "client"))))
}

/// The proposed policy of a close code.
fn policy(facts: &Facts, base: &Base<'_>, compared: &Compared<'_>) -> Option<Policy> {
    let reconnect = base.header.reconnect.as_ref().filter(|_| base.header.kind == Kind::CloseCodes)?;
    let votes = match facts.number {
        Number::Value(code) if facts.is_live() => compared.after(code),
        _ => ClientVotes::default(),
    };
    Some(proposal::policy(facts, &reconnect.unknown, reconnect.resumable, &votes))
}

/// All identifiers of a row, in lower case.
pub(super) fn idents(row: &RawRow) -> impl Iterator<Item = String> {
    row.ours.ident.iter().chain(&row.ours.aliases).chain(&row.ours.renamed_from).map(|ident| ident.to_lowercase())
}
