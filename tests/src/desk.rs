//! A folder of tables in memory, into which pages are imported.

use wirecodes_codegen::{Date, Diagnostic, Files, ImportOptions, Imported, SourceFile, import, load, read_page_for};

use crate::tables::{folder, words};

const MANIFEST: &str = "name = \"my-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";

/// A folder of tables in memory.
#[derive(Debug)]
pub struct Desk {
    /// The texts, by their paths below the folder.
    pub texts: std::collections::BTreeMap<String, String>,
}

/// What an import did.
#[derive(Debug)]
pub struct Done {
    /// What came of it.
    pub imported: Imported,
    /// All that was found.
    pub found: Vec<Diagnostic>,
}

impl Done {
    /// Whether a finding has this rule.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        self.found.iter().any(|found| found.rule == rule)
    }

    /// Whether there is an error.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// Whether nothing was to be done.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        self.imported.is_up_to_date(&self.found)
    }

    /// What is to review, of one rule.
    #[must_use]
    pub fn review(&self, rule: &str) -> Vec<String> {
        let found = self.imported.review.iter().filter(|one| one.rule == rule);
        found.map(|one| format!("{} {}", one.number, one.message)).collect()
    }

    /// The numbers of the codes with a change of one kind.
    #[must_use]
    pub fn changed(&self, kind: &str) -> Vec<String> {
        let found = self.imported.comparison.differences.iter().filter(|one| one.kind == kind);
        found.map(|one| one.code.as_ref().map(|code| code.number.to_string()).unwrap_or_default()).collect()
    }

    /// The report in one line, without colours.
    #[must_use]
    pub fn words(&self) -> String {
        words(&self.imported.report(&self.found, None))
    }

    /// The message of the first finding of a rule, with its help.
    #[must_use]
    pub fn message(&self, rule: &str) -> String {
        let found = self.found.iter().find(|found| found.rule == rule);
        found.map(|found| format!("{} {}", found.message, found.help.join(" "))).unwrap_or_default()
    }
}

/// How these tests import.
#[must_use]
pub fn options() -> ImportOptions {
    ImportOptions { date: Some(date("2026-07-21")), ..ImportOptions::new("test/v1", date("2026-08-01")) }
}

/// A date.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

impl Desk {
    /// A folder without tables.
    #[allow(clippy::new_without_default, reason = "no test needs one")]
    #[must_use]
    pub fn new() -> Self {
        Self { texts: [("crate.toml".to_owned(), MANIFEST.to_owned())].into() }
    }

    /// A folder with one table of `test/v1`.
    #[must_use]
    pub fn with(table: &str, text: &str) -> Self {
        let mut desk = Self::new();
        desk.texts.insert(format!("test/v1/{table}.toml"), text.to_owned());
        desk
    }

    /// A folder into which a page was imported.
    #[must_use]
    pub fn of(page: &str) -> Self {
        let mut desk = Self::new();
        let _ = desk.import(page);
        desk
    }

    /// Edits the text of a table.
    ///
    /// # Panics
    ///
    /// If the text has nothing to replace.
    #[track_caller]
    pub fn replace(&mut self, table: &str, from: &str, to: &str) {
        let text = self.text(table).to_owned();
        assert!(text.contains(from), "{from} is not in {table}: {text}");
        self.texts.insert(format!("test/v1/{table}.toml"), text.replace(from, to));
    }

    /// Imports a page that changes no table.
    ///
    /// # Panics
    ///
    /// If one is changed.
    #[track_caller]
    pub fn stays_after(&mut self, page: &str) -> Done {
        self.stays_after_with(page, &options())
    }

    /// The same in another way.
    ///
    /// # Panics
    ///
    /// If a table is changed.
    #[track_caller]
    pub fn stays_after_with(&mut self, page: &str, options: &ImportOptions) -> Done {
        let before = self.texts.clone();
        let done = self.import_with(page, options);
        assert_eq!(self.texts, before, "{page}\n{:#?}", done.found);
        done
    }

    /// The folder as the commands read it.
    #[must_use]
    pub fn files(&self) -> Files {
        folder(&self.texts)
    }

    /// Imports a page called `page.md`.
    pub fn import(&mut self, page: &str) -> Done {
        self.import_with(page, &options())
    }

    /// Imports it in another way.
    pub fn import_with(&mut self, page: &str, options: &ImportOptions) -> Done {
        self.import_pages(&[("page.md", page)], options)
    }

    /// Imports pages in one run.
    pub fn import_pages(&mut self, pages: &[(&str, &str)], options: &ImportOptions) -> Done {
        let read = pages.iter().map(|(path, text)| read_page_for(&SourceFile::new(*path, *text), &options.take));
        let (pages, found): (Vec<_>, Vec<_>) = read.unzip();
        let mut found = found.concat();
        let (imported, more) = import(&self.files(), &pages, options);
        found.extend(more);
        for table in &imported.written {
            self.texts.insert(table.path.clone(), table.text.clone());
        }
        Done { imported, found }
    }

    /// The text of a table.
    #[must_use]
    pub fn text(&self, table: &str) -> &str {
        self.texts.get(&format!("test/v1/{table}.toml")).map_or("", String::as_str)
    }

    /// Holds that the folder can be generated.
    ///
    /// # Panics
    ///
    /// If it cannot.
    #[track_caller]
    pub fn loads(&self) {
        let (registry, found) = load(&self.files());
        assert!(registry.is_some(), "{found:#?}\n{:#?}", self.texts);
    }
}
