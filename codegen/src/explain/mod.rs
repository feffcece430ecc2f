//! What a code means: every row with a number or a name, and what the generated crate answers where no row has it.
//!
//! It takes a [`Registry`] and what was typed or pasted, and returns typed [`Meaning`]s: what the text names first, and of that
//! the newest edition. Meanings that are equal in several editions are one.

mod find;
mod meaning;
mod pasted;

use schemars::JsonSchema;
use serde::Serialize;

use self::find::Search;
use self::meaning::{Meaning, PLAIN, STRONG, paragraph};
use crate::diff::kinds;
use crate::model::Registry;
use crate::read::{IMPORT_WARNINGS, RULES};
use crate::text::{Diagnostic, closest, quoted};

/// What was found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "explain", inline)]
pub struct Explanation {
    /// The lint rule that has this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleMeaning>,
    /// The name that was taken for a misspelt one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_for: Option<String>,
    /// What the code means: what the text names first, and of that the newest edition.
    pub meanings: Vec<Meaning>,
    /// How many meanings, from the first on, the text names. The others have the same number, or less of its words.
    pub named: usize,
    /// Codes that look like what was asked for, if nothing was found.
    pub near: Vec<String>,
    /// How to ask for a rule that looks like it, if nothing was found.
    #[serde(skip)]
    near_rule: Option<String>,
    /// What was asked.
    #[serde(skip)]
    asked: String,
}

/// What a lint rule asks for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleMeaning {
    /// Its name.
    pub name: &'static str,
    /// What it asks for, and why.
    pub explanation: &'static str,
}

/// All rules that a row or a table can `allow`, with what they ask for: those of the lints, and the warnings of import.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = RULES.iter().map(|rule| (rule.name, rule.explanation));
    rules.chain(IMPORT_WARNINGS).chain(kinds())
}

/// Explains a number (`4014`, `50_013`, `0xFA0`, `5xx`), an identifier or its path, a documented name, words of an explanation,
/// or any line that has one of them, in all editions or in one; or a lint rule.
///
/// # Errors
///
/// If there is no such edition.
pub fn explain(registry: &Registry, asked: &str, edition: Option<&str>) -> Result<Explanation, Diagnostic> {
    if let Some((name, explanation)) = rules().find(|(name, _)| *name == asked) {
        return Ok(Explanation { rule: Some(RuleMeaning { name, explanation }), ..Explanation::default() });
    }
    let is_named = |name: &&str| registry.editions().any(|edition| edition.system == *name || edition.path() == *name);
    if let Some(name) = edition.filter(|name| !is_named(name)) {
        return Err(registry.no_edition(name));
    }
    let search = Search::new(registry, edition, asked);
    let (mut found, mut taken_for) = (search.find(), None);
    if found.is_empty()
        && let Some(nearest) = search.nearest()
    {
        found = Search::new(registry, edition, &nearest).find();
        taken_for = Some(nearest);
    }
    let best = found.first().map(|found| found.fit);
    let named = found.iter().filter(|found| Some(found.fit) == best).count();
    let near = if found.is_empty() { search.near() } else { Vec::new() };
    let is_word = found.is_empty() && !asked.contains(' ');
    let rule = is_word.then(|| closest(asked, rules().map(|(name, _)| name))).flatten();
    Ok(Explanation {
        rule: None,
        taken_for,
        meanings: found.into_iter().map(|found| found.meaning).collect(),
        named,
        near,
        near_rule: rule.map(|rule| format!("did you mean the rule {}?", quoted(rule))),
        asked: asked.to_owned(),
    })
}

impl Explanation {
    /// What to say where nothing has that number or name.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let is_empty = self.rule.is_none() && self.meanings.is_empty();
        is_empty.then(|| format!("no table has a code {}", quoted(&self.asked)))
    }

    /// How to ask instead, if nothing was found.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let near = (!self.near.is_empty()).then(|| format!("near it are {}", self.near.join(", ")));
        let usual = "give a number, a name, a word of its explanation, or a line of a log that has one of them";
        self.near_rule.clone().or(near).or_else(|| self.fault().map(|_| usual.to_owned()))
    }

    /// The explanation in lines of at most this width.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        /// How many meanings are read in full.
        const MOST: usize = 8;
        let mut text = String::new();
        if let Some(RuleMeaning { name, explanation }) = &self.rule {
            text += &format!("{STRONG}{name}{STRONG:#}  rule\n");
            text += &paragraph(explanation, PLAIN, width);
            let allow = format!("A row or a table that the rule does not suit says so: `allow = [\"{name}\"]`.");
            text += &paragraph(&allow, PLAIN, width);
        }
        if let Some(name) = &self.taken_for {
            text += &format!("No table has {}; the nearest is {}.\n\n", quoted(&self.asked), quoted(name));
        }
        let (named, others) = self.meanings.split_at(if self.named > MOST { 0 } else { self.named });
        text.extend(named.iter().map(|meaning| meaning.text(width)));
        if !others.is_empty() {
            text += &format!("{STRONG}{}{STRONG:#}\n", if named.is_empty() { "Several codes:" } else { "Also:" });
            text.extend(others.iter().map(|meaning| meaning.line(width)));
        }
        text
    }
}
