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

#[cfg(test)]
mod tests {
    use super::Examples;
    use crate::output::Form;
    use crate::read::load;
    use crate::text::Files;

    fn files(tables: &[(&str, &str)]) -> Files {
        let mut files = Files::new("codes");
        for (path, rows) in tables {
            let header = "title = \"T\"\nenum = \"E\"\nkind = \"error-codes\"\nrepr = \"u8\"\nsummary = \"S.\"\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n";
            files.insert(*path, format!("{header}{rows}").into_bytes());
        }
        files
    }

    const ROW: &str = "[[code]]\nvalue = 7\nname = \"Seven\"\nident = \"Seven\"\nsummary = \"S.\"\n";

    const RANGE: &str = "[[code]]\nrange = [5, 9]\nname = \"Range\"\nsummary = \"S.\"\n";

    #[test]
    fn an_example_is_run_only_if_the_crate_has_what_it_uses() {
        let registry = load(&files(&[("s/v1/t.toml", ROW)])).0.expect("nothing is wrong");
        let form = Form::default();
        let examples = Examples::new(&registry, &form);
        for (line, is_run) in [
            ("use codes::s::v1::E;", true),
            ("use codes::{s::v1::E, Code};", true),
            ("use codes::Code;", true),
            ("use other::t::v1::E;", true),
            ("use codes::s::v1::{E, E};", true),
            ("use codes::s::v1::{E, F};", false),
            ("use codes::s::v1::F;", false),
            ("use codes::s::v2::E;", false),
            ("use codes::t::v1::E;", false),
        ] {
            let fence = if is_run { "```rust" } else { "```rust,ignore" };
            let before =
                "Text of codes::t::v1.\n\n```\nno code of ours\n```\n\n```rust\nuse codes::Code;\n```\n\nSee codes::t::v1:\n";
            let example = |fence: &str| format!("{before}{fence}\n{line}\nlet x = 1;\n```\n\nMore of codes::t::v1.\n");
            assert_eq!(examples.in_markdown(&example("```rust")), example(fence), "{line}");
            assert_eq!(examples.in_markdown(&example("```text")), example("```text"), "{line}");
        }
    }

    #[test]
    fn the_examples_use_the_newest_table_with_codes() {
        let newest = |tables: &[(&str, &str)]| {
            let registry = load(&files(tables)).0.expect("nothing is wrong");
            Examples::new(&registry, &Form::default()).newest(&|_| true).map(|table| table.path.to_string())
        };
        assert_eq!(newest(&[("s/v1/t.toml", ROW), ("s/v2/t.toml", ROW)]).as_deref(), Some("s/v2/t"));
        assert_eq!(
            newest(&[("s/v1/t.toml", ROW), ("s/v2/t.toml", RANGE)]).as_deref(),
            Some("s/v1/t"),
            "the newer one has no codes"
        );
        assert_eq!(newest(&[("s/v1/t.toml", RANGE)]), None);
        let more = format!("{ROW}{}", ROW.replace("value = 7", "value = 8").replace("Seven", "Eight"));
        assert_eq!(newest(&[("a/v1/t.toml", ROW), ("b/v1/t.toml", &more)]).as_deref(), Some("b/v1/t"), "the largest system");
        let registry = load(&files(&[("s/v1/t.toml", ROW)])).0.expect("nothing is wrong");
        assert!(Examples::new(&registry, &Form::default()).newest(&|_| false).is_none());
    }

    #[test]
    fn an_example_without_a_table_goes_with_the_line_above_it() {
        let registry = load(&files(&[("s/v1/t.toml", ROW)])).0.expect("nothing is wrong");
        let form = Form::default();
        let examples = Examples::new(&registry, &form);
        let text = |above: &str, table: &str| {
            format!("/// What it does.\n{above}/// ```\n/// use wirecodes::{table};\n/// ```\nfn it() {{}}\n")
        };
        let without = |above: &str| format!("/// What it does.\n{above}fn it() {{}}\n");
        let close = "example::AnyCloseCode";
        assert_eq!(examples.in_runtime(&text("///\n", close)), without(""), "an empty line would end the text");
        assert_eq!(examples.in_runtime(&text("/// # Examples\n", close)), without("/// # Examples\n"));
        assert_eq!(examples.in_runtime(&text("///\n", "Code")), text("///\n", "Code").replace("wirecodes", "codes"));
        for (stand_in, table) in [("example::AnyCode", "s::v1::E"), ("{example::AnyCode, E}", "{s::v1::E as AnyCode, E}")] {
            let expected = text("///\n", table).replace("wirecodes", "codes");
            assert_eq!(examples.in_runtime(&text("///\n", stand_in)), expected);
        }
    }

    #[test]
    fn the_example_of_an_enum_called_action_names_both() {
        let table = "title = \"T\"\nenum = \"Action\"\nkind = \"close-codes\"\nrepr = \"u16\"\nsummary = \"S.\"\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n[reconnect]\nabsent = { action = \"stop\", basis = \"judgement\", reason = \"R.\" }\nunknown = { action = \"stop\", basis = \"judgement\", reason = \"R.\" }\n[[code]]\nrange = [5, 9]\nname = \"N\"\npolicy = { action = \"stop\", basis = \"judgement\", reason = \"R.\" }\n";
        for (name, uses, action) in [
            ("Action", "use codes::s::v1::Action;", "codes::Action::Stop"),
            ("Other", "use codes::Action;\nuse codes::s::v1::Other;", "Action::Stop"),
        ] {
            let mut files = Files::new("codes");
            files.insert("s/v1/t.toml", table.replace("\"Action\"", &format!("\"{name}\"")).into_bytes());
            let registry = load(&files).0.expect("nothing is wrong");
            let form = Form::default();
            let example = Examples::new(&registry, &form).of_table(registry.tables().next().expect("a table")).join("\n");
            let expected = format!("```\n{uses}\n\nassert_eq!({name}::policy_for(None).action, {action});\n```");
            assert!(example.ends_with(&expected), "{example}");
        }
    }
}
