//! The text that a table starts from: the file, the table that it is made like, or a header without rows.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::headings::{NewTable, usual_repr};
use super::pair::{Likeness, pair};
use super::propose as proposal;
use super::target::{Known, Target};
use super::task::{Base, Task};
use super::values::policy_text;
use crate::model::{Compared, Facts, Key, Kind, Repr};
use crate::read::PageRow;
use crate::read::{Editor, RawRow, TableFile, read_table};
use crate::text::{SourceFile, key_word, toml_string};

/// Takes out what the document of another system says, and marks the rest as not reviewed.
fn forget_document<'a>(editor: &mut Editor<'_>, rows: impl Iterator<Item = &'a RawRow>) {
    // Of this document nobody has said so.
    let judged = |value: &str| {
        ["documented", "documented-text"]
            .iter()
            .fold(value.to_owned(), |value, basis| value.replace(&toml_string(basis), "\"judgement\""))
    };
    for row in rows {
        for key in ["policy", "policy_unless_resumable"] {
            editor.rewrite(Some(row.position), key, judged);
        }
        let mut keys: Vec<(&str, Option<String>)> = Key::ALL.iter().map(|key| (key.name(), None)).collect();
        keys.push(("reviewed", Some("false".to_owned())));
        editor.set_in_row(row.position, &keys);
    }
    editor.rewrite(None, "reconnect", judged);
    editor.delete_table("limits");
}

impl Task<'_> {
    /// The table to start from: the file, the one that it is made like, or a header without rows.
    pub(super) fn base(&self, rows: &[&PageRow]) -> Option<Base<'_>> {
        let path = |file: &str| format!("{}/{file}.toml", self.edition.options.edition);
        let made = |file: &str, text: &str| read_table(&SourceFile::new(self.edition.files.display(&path(file)), text)).0;
        let (file, before, table) = match &self.assigned.target {
            Target::Known(at) if !self.edition.known[*at].is_pattern => {
                let Known { file, table, .. } = &self.edition.known[*at];
                (file, Some(Arc::clone(&table.source)), Cow::Borrowed(*table))
            }
            Target::Known(at) => {
                let Known { file, table, .. } = &self.edition.known[*at];
                (file, None, Cow::Owned(made(file, &self.text_of_pattern(table, rows))?))
            }
            Target::New(new, kind) => (&new.file, None, Cow::Owned(made(&new.file, &self.header_of(new, *kind, rows))?)),
        };
        let header = table.header.clone()?;
        let further = self.assigned.further.clone();
        let (lost, marked) = (BTreeSet::new(), Vec::new());
        Some(Base { file: file.clone(), path: path(file), before, table, header, further, lost, marked })
    }

    /// The text of a table of another edition, with the rows that this page has.
    fn text_of_pattern(&self, pattern: &TableFile, rows: &[&PageRow]) -> String {
        let pairing = pair(rows, &pattern.rows, Likeness::NameOrText);
        let mut editor = Editor::new(&pattern.source.text);
        let positions: Vec<usize> = pairing.missing.iter().map(|at| pattern.rows[*at].position).collect();
        editor.delete_rows(&positions);
        editor.set_page(&toml_string(self.edition.names.name(self.assigned.page)));
        let heading = &self.assigned.observed.heading;
        if !heading.is_empty() {
            editor.set_text("title", toml_string(heading));
        }
        let kept = pairing.pairs.iter().map(|(_, at)| &pattern.rows[*at]);
        if self.is_of_other_system() {
            forget_document(&mut editor, kept);
        }
        editor.finish()
    }

    /// Whether a new table is made like one of another system, which has other documents.
    fn is_of_other_system(&self) -> bool {
        let system = |edition: &str| edition.split('/').next().map(str::to_owned);
        self.edition.options.like.as_deref().map(system) != Some(system(&self.edition.options.edition))
    }

    /// The text above the rows of a new table.
    fn header_of(&self, new: &NewTable, kind: Kind, rows: &[&PageRow]) -> String {
        let largest = rows.iter().map(|row| row.facts.number.last()).max().unwrap_or(0);
        let usual = usual_repr(kind);
        let wide = [usual, Repr::U16, Repr::U32].into_iter().find(|repr: &Repr| {
            let most = Repr::max(*repr);
            most >= Repr::max(usual) && most >= largest
        });
        let repr = if kind == Kind::CloseCodes { Repr::U16 } else { wide.unwrap_or(Repr::U32) };
        let observed = self.assigned.observed;
        let title = if observed.heading.is_empty() { &new.file } else { &observed.heading };
        let lines = [
            self.schema_line(),
            format!("title = {}", toml_string(title)),
            format!("enum = {}", toml_string(&new.enum_name)),
            format!("kind = {}", toml_string(&key_word(kind))),
            format!("repr = {}", toml_string(&key_word(repr))),
            format!("summary = {}", toml_string(&new.summary)),
            String::new(),
            format!("source = {}", toml_string(self.edition.names.name(self.assigned.page))),
        ];
        let reconnect = (kind == Kind::CloseCodes).then(|| self.reconnect_of(new, rows)).into_iter().flatten();
        lines.into_iter().chain(reconnect).flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    /// The line that names the schema for editors: that of another table, if there is one.
    fn schema_line(&self) -> String {
        let sources = self.edition.known.iter().map(|known| &known.table.source.text);
        let line = sources.filter_map(|text| text.lines().next()).find(|line| line.starts_with("#:schema"));
        line.unwrap_or("#:schema ../../../codes/schema.json").to_owned()
    }

    fn reconnect_of(&self, new: &NewTable, rows: &[&PageRow]) -> Vec<String> {
        let (system, _) = self.edition.options.edition.split_once('/').unwrap_or_default();
        let clients = self.clients(system);
        let facts: Vec<&Facts> = rows.iter().map(|row| &row.facts).collect();
        let reconnect = proposal::reconnect(&facts, &Compared::among(clients.iter(), &new.file));
        vec![
            String::new(),
            "# Proposed by import, and not reviewed yet.".to_owned(),
            "[reconnect]".to_owned(),
            format!("absent = {}", policy_text(&reconnect.absent)),
            format!("unknown = {}", policy_text(&reconnect.unknown)),
        ]
    }
}
