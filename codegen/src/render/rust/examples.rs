//! Examples in the documentation of the generated crate, made from its own tables so that they compile for every crate.

use crate::model::{Action, Direction, Edition, Kind, Policy, Registry, Table};
use crate::output::Form;

/// Whether a table suits an example.
type Fits<'a> = &'a dyn Fn(&Table) -> bool;

/// The examples of one crate.
pub(crate) struct Examples<'a> {
    registry: &'a Registry,
    form: &'a Form,
}

impl<'a> Examples<'a> {
    pub(crate) fn new(registry: &'a Registry, form: &'a Form) -> Self {
        Self { registry, form }
    }

    /// How the lines of an example start. That of a module cannot be run: it would use the crate around it from outside.
    fn fence(&self) -> &'static str {
        if self.form.is_module() { "```ignore" } else { "```" }
    }

    /// The example of an enum.
    pub(super) fn of_table(&self, table: &Table) -> Vec<String> {
        let library = self.form.root(&self.registry.package);
        let name = &table.enum_name;
        let path = format!("{library}::{}::{}::{name}", table.path.system, table.path.edition);
        let uses = match table.kind {
            // An enum may be called `Action` itself.
            Kind::CloseCodes if name.as_str() != "Action" => vec![format!("use {library}::Action;"), format!("use {path};")],
            _ => vec![format!("use {path};")],
        };
        let mut lines = vec!["# Examples".to_owned(), String::new(), self.fence().to_owned()];
        lines.extend(uses);
        lines.push(String::new());
        let action = if name.as_str() == "Action" { format!("{library}::Action") } else { "Action".to_owned() };
        lines.extend(asserts(table, &action));
        lines.push("```".to_owned());
        lines
    }

    /// A text of what all tables share, whose examples use stand-ins for tables: with tables of this crate instead.
    ///
    /// An example for which the crate has no table is left out.
    pub(crate) fn in_runtime(&self, text: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut example: Option<Vec<String>> = None;
        for line in text.lines() {
            let is_fence = line.trim_start().starts_with("/// ```");
            match (&mut example, is_fence) {
                (None, true) => example = Some(vec![line.to_owned()]),
                (None, false) => lines.push(line.to_owned()),
                (Some(inside), false) => inside.push(line.to_owned()),
                (Some(inside), true) => {
                    inside.push(line.to_owned());
                    match self.with_tables(&inside.join("\n")) {
                        Some(text) => lines.push(text),
                        None if lines.last().is_some_and(|line| line.trim() == "///") => {
                            lines.pop();
                        }
                        None => {}
                    }
                    example = None;
                }
            }
        }
        lines.join("\n") + "\n"
    }

    /// An example with tables of this crate in place of the stand-ins; nothing if there is no such table.
    fn with_tables(&self, example: &str) -> Option<String> {
        let library = self.form.root(&self.registry.package);
        let mut text = example.replacen("```", self.fence(), 1).replace("wirecodes::", &format!("{library}::"));
        let is_any = |_: &Table| true;
        let is_close = |table: &Table| table.kind == Kind::CloseCodes;
        let stand_ins: [(&str, Fits<'_>); 2] = [("AnyCode", &is_any), ("AnyCloseCode", &is_close)];
        for (stand_in, fits) in stand_ins {
            let written = format!("example::{stand_in}");
            if text.contains(&written) {
                let table = self.newest(fits)?;
                let path = format!("{}::{}::{}", table.path.system, table.path.edition, table.enum_name);
                // An enum that is called like something else in the example keeps the name of the stand-in.
                let name = table.enum_name.as_str();
                let is_taken = text.contains(name);
                text = text.replace(&written, &if is_taken { format!("{path} as {stand_in}") } else { path });
                text = if is_taken { text } else { text.replace(stand_in, name) };
            }
        }
        Some(text)
    }

    /// A table with codes, from the newest edition of the largest system.
    fn newest(&self, fits: Fits<'_>) -> Option<&Table> {
        let mut tables = self.registry.current_and_older().into_iter().flatten().flat_map(|edition| &edition.tables);
        tables.find(|table| fits(table) && table.variants().next().is_some())
    }

    /// Markdown whose Rust examples are only run if the crate has all editions and enums that they use.
    pub(crate) fn in_markdown(&self, text: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut example: Option<usize> = None;
        for line in text.lines() {
            lines.push(line.to_owned());
            let fence = line.trim_end();
            match (example, fence) {
                (None, "```rust" | "```") => example = Some(lines.len() - 1),
                (Some(start), "```") => {
                    if lines[start] == "```rust" && !self.has_all_of(&lines[start..]) {
                        "```rust,ignore".clone_into(&mut lines[start]);
                    }
                    example = None;
                }
                _ => {}
            }
        }
        lines.join("\n") + "\n"
    }

    /// Whether the crate has every edition, and every enum of it, that some lines of Rust name.
    fn has_all_of(&self, lines: &[String]) -> bool {
        let (text, start) = (lines.join("\n"), format!("{}::", self.registry.package.library()));
        let paths = text.split(&start).skip(1).map(|path| path.trim_start_matches('{'));
        let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
        paths.filter(|path| path.starts_with(char::is_lowercase)).all(|path| {
            let mut parts = path.splitn(3, "::").map(|part| (word(part), part));
            let (system, edition) = (parts.next(), parts.next().unwrap_or_default().0);
            let is_named =
                |own: &&Edition| system.as_ref().is_some_and(|(system, _)| own.system == *system) && own.name == edition;
            let Some(edition) = self.registry.editions().find(is_named) else { return false };
            let has = |name: &str| name.is_empty() || edition.tables.iter().any(|table| table.enum_name.as_str() == name);
            parts.next().is_none_or(|(name, rest)| match rest.strip_prefix('{') {
                Some(names) => names.split('}').next().unwrap_or(names).split(',').all(|name| has(name.trim())),
                None => has(&name),
            })
        })
    }
}

/// What the example of a table shows: the look-up, and what only its kind has.
fn asserts(table: &Table, action_type: &str) -> Vec<String> {
    let name = &table.enum_name;
    let mut lines = Vec::new();
    if let Some(first) = table.variants().next() {
        let (number, ident) = (first.number, &first.ident);
        lines.push(format!("assert_eq!({name}::from_code({number}), Some({name}::{ident}));"));
    }
    let action = |policy: &Policy| match policy.action {
        Action::Resume => "Resume",
        Action::NewSession => "NewSession",
        Action::Stop => "Stop",
    };
    if let Some(code) = table.variants().find(|code| code.facts.direction.is_some()) {
        let not = if code.facts.direction == Some(Direction::Receive) { "!" } else { "" };
        lines.push(format!("assert!({not}{name}::{}.is_sent());", code.ident));
    }
    if let Some((code, policy)) = table.variants().find_map(|code| Some((code, code.row.policy()?))) {
        let action = action(policy);
        lines.push(format!("assert_eq!({name}::policy_for(Some({})).action, {action_type}::{action});", code.number));
    }
    if let Some(fallback) = &table.fallback {
        let absent = action(&fallback.reconnect.absent);
        lines.push(format!("assert_eq!({name}::policy_for(None).action, {action_type}::{absent});"));
    } else if let Some(range) = table.ranges().first() {
        lines.push(format!("assert!({name}::range_of({}).is_some());", range.last()));
    }
    lines
}
