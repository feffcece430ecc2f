//! One meaning of a code: what the tables say of it, and how that is printed.

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{self, CloseAnswers, Compared, Facts, Fault, Group, Key, Policy, Registry, Retry, Row, Table};
use crate::text::{capitalized, folded, key_word, visible};

/// One meaning of a code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Meaning {
    /// The number, or the first and the last number of a range.
    pub number: String,
    /// What the document says. Nothing where no row has the number.
    #[serde(flatten)]
    pub facts: Option<Facts>,
    /// The usual name of such a code.
    pub kind: &'static str,
    /// Where the meaning is: Rust paths, the newest edition first.
    pub paths: Vec<String>,
    /// What it means, in a sentence.
    pub summary: String,
    /// The kind of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Who can do something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Who does what about it, where no policy says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// What to do if the message says that the session cannot be resumed, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_unless_resumable: Option<Policy>,
    /// Whether a request may be sent again after a wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// What real clients do after it: "11 resume, 1 stop".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<String>,
    /// The document's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

pub(super) const STRONG: Style = Style::new().bold();
const WEAK: Style = Style::new().dimmed();
pub(super) const PLAIN: Style = Style::new();

impl Meaning {
    /// Where it is and what it says, a paragraph for each line.
    pub(super) fn text(&self, width: usize) -> String {
        let mut lines = self.lines().into_iter();
        let heading = lines.next().map(|(_, heading)| format!("{STRONG}{heading}{STRONG:#}\n")).unwrap_or_default();
        heading + &lines.map(|(style, line)| paragraph(&line, style, width)).collect::<String>() + "\n"
    }

    /// What it is and what to do, in one line.
    pub(super) fn line(&self, width: usize) -> String {
        let path = self.paths.first().map(String::as_str).unwrap_or_default();
        let more = if self.paths.len() > 1 { format!(" and {} more", self.paths.len() - 1) } else { String::new() };
        let policy = self.policy.as_ref().map(|policy| format!(": {}", policy.action.words())).unwrap_or_default();
        paragraph(&format!("{}  {path}{more}{policy}", self.heading()), PLAIN, width)
    }

    /// Whether a text, with single spaces, is a line of it, or a part of one.
    pub(super) fn has_line(&self, text: &str) -> bool {
        self.lines().iter().any(|(_, line)| folded(line).contains(text))
    }

    /// What is said of it in sentences.
    pub(super) fn sentences(&self) -> String {
        let policies = self.policy.iter().chain(&self.policy_unless_resumable);
        let of_policies = policies.flat_map(|policy| policy.fix.iter().chain([&policy.reason])).map(ToString::to_string);
        let own = self.fix.iter().chain(&self.note).chain([&self.summary]).cloned();
        own.chain(of_policies).collect::<Vec<_>>().join(" ")
    }

    /// Without what differs from edition to edition by nature: places and dates, and what clients do.
    pub(super) fn without_places(&self) -> Self {
        let mut facts = self.facts.clone();
        for key in Key::ALL.iter().filter(|key| key.about().meaning != model::Meaning::Fact) {
            if let Some(facts) = &mut facts {
                key.clear(facts);
            }
        }
        Self { facts, paths: Vec::new(), url: None, clients: None, ..self.clone() }
    }

    fn heading(&self) -> String {
        let name = self.facts.as_ref().map_or("(no row)", |facts| facts.name.as_str());
        let status = self.facts.as_ref().map(|facts| facts.status).filter(|status| !status.is_active());
        let status = status.map(|status| format!(", {}", key_word(status))).unwrap_or_default();
        format!("{} {}  {}{status}", self.number, visible(name), self.kind)
    }

    fn lines(&self) -> Vec<(Style, String)> {
        let mut lines = vec![(STRONG, self.heading())];
        lines.extend(self.paths.iter().map(|path| (WEAK, path.clone())));
        let mut say = |style: Style, said: String| lines.push((style, said));
        say(PLAIN, self.summary.clone());
        self.fix.iter().for_each(|fix| say(PLAIN, format!("Fix: {fix}")));
        if let Some(group) = self.group {
            let fault = self.fault.map(|fault| format!(", fault: {}", key_word(fault))).unwrap_or_default();
            say(PLAIN, format!("Group: {}{fault}.", key_word(group)));
        }
        self.note.iter().for_each(|note| say(PLAIN, note.clone()));
        let facts = self.facts.as_ref();
        let documented: Vec<String> =
            facts.into_iter().flat_map(Key::said).map(|(key, value)| format!("{}: {value}", key.noun())).collect();
        if !documented.is_empty() {
            say(PLAIN, capitalized(&format!("{}.", documented.join(", "))));
        }
        let policies = [("", &self.policy), ("If the session cannot be resumed: ", &self.policy_unless_resumable)];
        for (when, policy) in policies.iter().filter_map(|(when, policy)| Some((when, policy.as_ref()?))) {
            let basis = format!(" ({})", key_word(policy.basis).replace('-', " "));
            say(STRONG, format!("{when}{}", policy.what_to_do_because(&basis)));
            say(PLAIN, policy.reason.to_string());
            policy.fix.iter().for_each(|fix| say(PLAIN, format!("Fix: {fix}")));
        }
        self.retry.iter().for_each(|retry| say(STRONG, retry.sentence()));
        self.clients.iter().for_each(|clients| say(PLAIN, format!("Clients: {clients}.")));
        let date = |key: Key| Some(format!("{} {}", key.name(), key.get(facts?)?));
        let dates: Vec<String> = [Key::Since, Key::Until].into_iter().filter_map(date).chain(self.url.clone()).collect();
        if !dates.is_empty() {
            say(WEAK, dates.join(", "));
        }
        lines
    }
}

/// A text as indented lines that fit the terminal. Paths and addresses stay whole.
pub(super) fn paragraph(text: &str, style: Style, width: usize) -> String {
    const INDENT: &str = "  ";
    let width = if style == WEAK { usize::MAX } else { width.saturating_sub(INDENT.len()).max(1) };
    let lines = textwrap::wrap(text, width);
    lines.into_iter().map(|line| format!("{INDENT}{style}{line}{style:#}\n")).collect()
}

/// What a row says.
pub(super) fn of_row(registry: &Registry, table: &Table, row: &Row) -> Meaning {
    let mut policies = row.effect.policies().into_iter().map(|(_, policy)| policy.clone());
    let compared = table.fallback.as_ref().map(|fallback| Compared::new(registry, fallback)).unwrap_or_default();
    let votes = row.policy().filter(|_| !row.is_range()).map(|_| compared.after(row.first()));
    let ident = row.ours.ident.as_ref().map(|ident| format!("::{ident}")).unwrap_or_default();
    Meaning {
        number: row.facts.number.to_string(),
        facts: Some(row.facts.clone()),
        kind: table.kind.noun(),
        paths: vec![format!("{}{ident}", table.rust_path())],
        summary: row.meaning().to_owned(),
        group: row.ours.group,
        fault: row.ours.whose_fault(),
        fix: row.ours.fix.as_ref().map(ToString::to_string),
        note: row.ours.note.as_ref().map(ToString::to_string),
        policy: policies.next(),
        policy_unless_resumable: policies.next(),
        retry: row.effect.retry(),
        clients: votes.filter(|votes| votes.decided() > 0).map(|votes| votes.to_string()),
        url: table.source.as_ref().and_then(|source| source.url.as_ref()).map(ToString::to_string),
    }
}

/// What the crate answers to a close code that has no row in a table: that of the table that it extends, or of none.
pub(super) fn answer(registry: &Registry, table: &Table, answers: &CloseAnswers<'_>, number: u32) -> Option<Meaning> {
    let policy = answers.policy_for(Some(u16::try_from(number).ok()?)).clone();
    let known = match answers.listed(number) {
        Some((row, _)) => Meaning { url: None, ..of_row(registry, table, row) },
        None => Meaning {
            number: number.to_string(),
            kind: table.kind.noun(),
            summary: "No row of this table has the number. The crate answers all the same.".to_owned(),
            url: table.source.as_ref().and_then(|source| source.url.as_ref()).map(ToString::to_string),
            ..Meaning::default()
        },
    };
    let paths = vec![format!("{}::policy_for(Some({number}))", table.rust_path())];
    Some(Meaning { paths, policy: Some(policy), ..known })
}
