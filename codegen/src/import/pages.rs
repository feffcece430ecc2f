//! The pages of an edition in `sources.toml`: which one is imported, and when and at which revision it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use heck::ToKebabCase as _;

use super::merge::Merged;
use super::options::Options;
use super::outcome::WrittenTable;
use super::target::{Assigned, Known, Target};
use super::task::Edition;
use crate::model::{Date, Source};
use crate::read::{Editor, Page, PageOf, SOURCES, SourcesFile, TableFile, read_sources, read_table};
use crate::text::{Diagnostic, SourceFile, Text, did_you_mean, normalized_name, quoted_list, toml_string, visible};

/// The names that the imported pages have in `sources.toml`, or get there.
pub(super) struct PageNames {
    names: Vec<(String, String)>,
}

impl PageNames {
    /// A page is one of the edition as it was said, by its path, by the name of its file, or by its title. An error for one that
    /// may be several.
    pub(super) fn new(pages: &[Page], sources: Option<&SourcesFile>, options: &Options) -> (Self, Vec<Diagnostic>) {
        let mut taken: BTreeSet<String> = known(sources).map(|(name, _)| name.to_owned()).collect();
        let (mut names, mut diagnostics) = (Vec::new(), Vec::new());
        let asked = options.source.as_ref().filter(|asked| !taken.contains(*asked) || pages.len() != 1);
        diagnostics.extend(asked.map(|asked| not_one_page(asked, &taken, options)));
        for page in pages {
            let name = match known_names(page, sources, options).as_slice() {
                [] => new_name(page, &taken),
                [name] => name.clone(),
                several => {
                    diagnostics.push(several_pages(page, several));
                    continue;
                }
            };
            taken.insert(name.clone());
            names.push((page.source.path.clone(), name));
        }
        (Self { names }, diagnostics)
    }

    pub(super) fn name(&self, page: &Page) -> &str {
        self.names.iter().find(|(path, _)| *path == page.source.path).map_or("page", |(_, name)| name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(_, known)| known == name)
    }
}

fn known(sources: Option<&SourcesFile>) -> impl Iterator<Item = (&str, &Source)> {
    sources.into_iter().flat_map(|sources| &sources.pages).map(|(name, _, source)| (name.as_str(), source))
}

fn not_one_page(asked: &str, known: &BTreeSet<String>, options: &Options) -> Diagnostic {
    let message = format!("`--source {asked}` is not one page of {}", options.edition);
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = if names.is_empty() { "it has none".to_owned() } else { format!("its pages are {}", quoted_list(&names, "and")) };
    let error = Diagnostic::error("unknown-reference", message).in_file(&options.edition);
    error.help(format!("{help}; import one page at a time")).help_if(did_you_mean(asked, names.iter().copied()))
}

fn several_pages(page: &Page, names: &[String]) -> Diagnostic {
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = format!("the page may be each of {}", quoted_list(&all, "and"));
    let error = Diagnostic::error("ambiguous-page", message).in_file(&page.source.path);
    error.help(format!("say which one it is, such as `--source {}`", names[0]))
}

/// The names of the page in `sources.toml`: none, one, or several of which it may be each.
fn known_names(page: &Page, sources: Option<&SourcesFile>, options: &Options) -> Vec<String> {
    if let Some(asked) = &options.source {
        return vec![asked.clone()];
    }
    let file = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let title = page.title.as_deref().map(normalized_name);
    let is_path = |source: &Source| {
        let path = options.repository.as_ref().map(|(_, path)| path.as_str());
        path.is_some() && source.path.as_deref() == path
    };
    let is_file = |source: &Source| source.path.as_deref().map(file) == Some(file(&page.source.path));
    let is_title = |source: &Source| title.is_some() && title == Some(normalized_name(&source.document));
    let fitting = |is_it: &dyn Fn(&Source) -> bool| -> Vec<String> {
        known(sources).filter(|(_, source)| is_it(source)).map(|(name, _)| name.to_owned()).collect()
    };
    let tests: [&dyn Fn(&Source) -> bool; 3] = [&is_path, &is_file, &is_title];
    let found: Vec<Vec<String>> = tests.iter().map(|test| fitting(test)).filter(|names| !names.is_empty()).collect();
    // The first test that finds one page decides; two pages of one file name may have different titles.
    found.iter().find(|names| names.len() == 1).or(found.first()).cloned().unwrap_or_default()
}

/// A name for a new page: its title, or that of its file.
fn new_name(page: &Page, taken: &BTreeSet<String>) -> String {
    let path = &page.source.path;
    let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
    let names = [page.title.as_deref().unwrap_or_default(), stem, "page"];
    let ascii =
        |name: &str| name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect::<String>().to_kebab_case();
    let name = names.into_iter().map(ascii).find(|name| !name.is_empty()).unwrap_or_default();
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name)
}

/// The key and the value of each fact of a page that was read otherwise before.
pub(super) fn stamp(
    source: &Source,
    title: Option<&str>,
    changed: bool,
    options: &Options,
) -> Vec<(&'static str, Option<String>)> {
    let revision = source.revision.as_deref();
    let is_other = options.date.is_some_and(|date| date != source.date)
        || options.revision.is_some() && options.revision.as_deref() != revision;
    if !(changed || is_other && options.stamp_unchanged) {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    if let Some(title) =
        title.filter(|title| normalized_name(title) != normalized_name(&source.document) && Text::fault(title).is_none())
    {
        pairs.push(("document", Some(toml_string(title))));
    }
    let date = options.date.unwrap_or(options.today);
    if date != source.date {
        pairs.push(("date", Some(date.to_toml())));
    }
    // Without a new one the old revision goes: it is of another text.
    if options.revision.as_deref() != revision {
        pairs.push(("revision", options.revision.as_deref().map(toml_string)));
    }
    if let Some((repository, path)) = options.repository.as_ref().filter(|_| source.path.is_some()) {
        let of = [("repository", &source.repository, repository), ("path", &source.path, path)];
        let other = of.into_iter().filter(|(_, old, new)| old.as_deref() != Some(new.as_str()));
        pairs.extend(other.map(|(key, _, new)| (key, Some(toml_string(new)))));
    }
    pairs
}

/// A new page, as `sources.toml` has it: as a table of another edition names it, or as it names itself.
fn entry(page: &Page, like: Option<&Source>, options: &Options) -> Source {
    let title = page.title.as_deref().filter(|title| Text::fault(title).is_none());
    let like = like.filter(|like| title.is_none_or(|title| normalized_name(title) == normalized_name(&like.document)));
    let stem = page.source.path.rsplit('/').next().unwrap_or_default();
    let [repository, path] = match &options.repository {
        Some((repository, path)) => [Some(Text::new(repository)), Some(Text::new(path))],
        None => [like.and_then(|like| like.repository.clone()), like.and_then(|like| like.path.clone())],
    };
    Source {
        document: like
            .map_or_else(|| Text::new(title.map_or_else(|| visible(stem), str::to_owned)), |like| like.document.clone()),
        url: like.and_then(|like| like.url.clone()),
        date: options.date.unwrap_or(options.today),
        revision: options.revision.as_deref().map(Text::new),
        repository,
        path,
        ignore: Vec::new(),
        tables: BTreeMap::new(),
    }
}

/// The keys of a page as TOML.
fn keys(source: &Source) -> Vec<String> {
    let Source { document, url, date, revision, repository, path, ignore, tables } = source;
    let text = |key: &str, value: &str| format!("{key} = {}", toml_string(value));
    let first = std::iter::once(text("document", document)).chain(url.iter().map(|url| text("url", url)));
    let date = std::iter::once(format!("date = {}", Date::to_toml(*date)));
    let rest = [("revision", revision), ("repository", repository), ("path", path)];
    let rest = rest.into_iter().filter_map(|(key, value)| Some(text(key, value.as_ref()?)));
    let list = |headings: &[Text]| headings.iter().map(|heading| toml_string(heading)).collect::<Vec<_>>().join(", ");
    let ignore = (!ignore.is_empty()).then(|| format!("ignore = [{}]", list(ignore)));
    let tables: Vec<String> = tables.iter().map(|(file, headings)| format!("{file} = [{}]", list(headings))).collect();
    let tables = (!tables.is_empty()).then(|| format!("tables = {{ {} }}", tables.join(", ")));
    first.chain(date).chain(rest).chain(ignore).chain(tables).collect()
}

/// What an import changes beside its tables: `sources.toml`, and the tables that are no longer on their page.
#[derive(Default)]
pub(super) struct Stamped {
    pub sources: Option<(WrittenTable, SourcesFile)>,
    pub tables: Vec<(WrittenTable, String, TableFile)>,
}

impl Edition<'_> {
    /// The pages after the import. The date of a page moves when something of it changed in a table, and stays where a table of
    /// it could not be written.
    pub(super) fn stamped(&self, assigned: &[Assigned<'_>], merged: &[Merged<'_>], unknown: &[Text]) -> Stamped {
        let before = self.sources.map(|sources| &sources.source);
        let before_text = before.map_or("", |before| &before.text);
        let mut editor = Editor::new(before_text);
        let mut result = Stamped::default();
        let mut added = String::new();
        let pages: BTreeSet<String> = assigned.iter().filter_map(|assigned| self.page_of(assigned)).collect();
        for name in &pages {
            let of_page = |(assigned, _): &(&Assigned<'_>, &Merged<'_>)| self.page_of(assigned).as_ref() == Some(name);
            let tables: Vec<(&Assigned<'_>, &Merged<'_>)> = assigned.iter().zip(merged).filter(of_page).collect();
            let changed = tables.iter().any(|(_, merged)| merged.written.is_some());
            let Some(source) = self.sources.and_then(|sources| sources.page(name)) else {
                let new = tables.iter().find(|(assigned, merged)| self.own_table(assigned).is_none() && merged.written.is_some());
                added.extend(new.map(|(assigned, _)| self.added(name, assigned, unknown)));
                continue;
            };
            let title = tables.iter().find_map(|(assigned, _)| assigned.page.title.as_deref());
            let pairs = stamp(source, title, changed, self.options);
            if !pairs.is_empty() && !tables.iter().any(|(_, merged)| merged.report.is_refused) {
                editor.set_in_table(name, &pairs);
                result.tables.extend(self.left_behind(name, source, assigned));
            }
        }
        let text = editor.finish() + if before_text.is_empty() { added.trim_start() } else { &added };
        if text != before_text {
            let path = format!("{}/{SOURCES}", self.options.edition);
            let (after, _) = read_sources(&self.options.edition, &SourceFile::new(self.files.display(&path), &text));
            result.sources = Some((WrittenTable { path, before: before.cloned(), text }, after));
        }
        result
    }

    /// The name of the page that a table is read from, if it is not a page of its own.
    fn page_of(&self, assigned: &Assigned<'_>) -> Option<String> {
        match self.own_table(assigned) {
            Some(_) if assigned.further.is_some() => assigned.further.clone(),
            Some(known) => known.page.clone(),
            None => Some(self.names.name(assigned.page).to_owned()),
        }
    }

    /// A new page as TOML.
    fn added(&self, name: &str, assigned: &Assigned<'_>, unknown: &[Text]) -> String {
        let like = if let Target::Known(at) = assigned.target { self.known[at].source } else { None };
        // What a new edition does not take is passed over from now on; what comes later is named.
        let ignore = if self.own().next().is_none() { unknown.to_vec() } else { Vec::new() };
        let lines = keys(&Source { ignore, ..entry(assigned.page, like, self.options) }).join("\n");
        format!("\n[{name}]\n{lines}\n")
    }

    /// The tables that a page has no more, while its date moves: they keep the last date that they were there.
    fn left_behind(&self, name: &str, source: &Source, assigned: &[Assigned<'_>]) -> Vec<(WrittenTable, String, TableFile)> {
        let is_there = |known: &Known<'_>| assigned.iter().filter_map(|to| self.own_table(to)).any(|to| to.file == known.file);
        let own = self.own().filter(|known| known.page.as_deref() == Some(name));
        let detached = own.filter(|known| !is_there(known)).filter_map(|known| {
            let mut editor = Editor::new(&known.table.source.text);
            editor.set_text("source", format!("{{ {} }}", keys(source).join(", ")));
            let path = format!("{}/{}.toml", self.options.edition, known.file);
            let text = editor.finish();
            let table = read_table(&SourceFile::new(self.files.display(&path), &text)).0?;
            let before = Some(Arc::clone(&known.table.source));
            Some((WrittenTable { path, before, text }, known.file.clone(), table))
        });
        detached.collect()
    }
}

/// The page that a table was read from, as its own header says.
pub(super) fn own(page: &PageOf) -> Option<&Source> {
    if let PageOf::Own(source) = page { Some(source) } else { None }
}
