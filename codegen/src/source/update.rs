//! The tables of editions brought up to date from the repositories that they name.

use std::collections::BTreeSet;

use super::repository::{Repositories, Repository, Wanted, is_address, sentences};
use crate::import::{Imported, Options, import, read_page};
use crate::model::{Date, Source};
use crate::read::{Folder, read_folder};
use crate::text::{Diagnostic, Files, SourceFile, Text, did_you_mean, normalized_name};

/// One page to read, and what it is for.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The edition.
    edition: String,
    /// The name of the page in `sources.toml`, if it has one.
    page: Option<String>,
    /// Where to read from.
    pub repository: String,
    /// The repository that a table names.
    named: Option<String>,
    /// The path of the page, where a table names it.
    path: Option<String>,
    /// The revision that a table was read at.
    revision: Option<String>,
    /// The titles and headings of the tables that are read from this page.
    names: BTreeSet<String>,
    /// The files of these tables, without `.toml`.
    files: Vec<String>,
}

/// How to update.
#[derive(Clone, Debug)]
pub struct UpdateOptions {
    /// The editions; all whose tables name a repository, if it is empty.
    pub editions: Vec<String>,
    /// Where to read from, instead of the repository that the tables name.
    pub from: Option<String>,
    /// Tables that may lose many rows.
    pub accept_removals: Option<Vec<String>>,
    /// Whether pages may be older than the tables.
    pub allow_older: bool,
    /// The date to write where a change needs one and none is known.
    pub today: Date,
}

impl Plan {
    fn new(listed: &Listed<'_>, repository: &str) -> Self {
        let page = |key: fn(&Source) -> Option<&Text>| listed.page.and_then(key).map(ToString::to_string);
        Self {
            edition: listed.edition.clone(),
            page: listed.name.map(str::to_owned),
            repository: repository.to_owned(),
            named: page(|page| page.repository.as_ref()),
            path: page(|page| page.path.as_ref()),
            revision: page(|page| page.revision.as_ref()),
            names: listed.headings.iter().map(|heading| normalized_name(heading)).collect(),
            files: vec![listed.file.to_owned()],
        }
    }

    /// Whether both read one page.
    fn is_of_page(&self, other: &Self) -> bool {
        (&self.edition, &self.repository, &self.path) == (&other.edition, &other.repository, &other.path)
    }

    /// The edition, and the name of the page where it has one.
    #[must_use]
    pub fn name(&self) -> String {
        self.page.as_ref().map_or_else(|| self.edition.clone(), |page| format!("{} ({page})", self.edition))
    }

    /// Which pages to read, edition by edition.
    ///
    /// # Errors
    ///
    /// If there is nothing to read: a sentence that says why.
    pub fn all(files: &Files, options: &UpdateOptions) -> Result<Vec<Self>, String> {
        plans(files, &options.editions, options.from.as_deref())
    }

    /// Imports the page, as its repository has it now.
    ///
    /// # Errors
    ///
    /// If the page cannot be read: a sentence that says why.
    pub fn run(
        &self,
        files: &Files,
        options: &UpdateOptions,
        repositories: &mut Repositories,
    ) -> Result<(Imported, Vec<Diagnostic>), String> {
        update(self, files, options, repositories.get(&self.repository)?)
    }
}

fn plans(files: &Files, editions: &[String], from: Option<&str>) -> Result<Vec<Plan>, String> {
    let (folder, _) = read_folder(files);
    let mut plans: Vec<Plan> = Vec::new();
    let is_asked = |edition: &String| editions.is_empty() || editions.contains(edition);
    for listed in listed(&folder).into_iter().filter(|listed| is_asked(&listed.edition)) {
        // Without a name only the editions that were asked for are read from another place.
        let named = listed.page.and_then(|page| page.repository.as_deref());
        let Some(repository) = from.filter(|_| !editions.is_empty() || named.is_some()).or(named) else { continue };
        let plan = Plan::new(&listed, repository);
        match plans.iter_mut().find(|other| other.is_of_page(&plan)) {
            Some(same) => {
                same.names.extend(plan.names);
                same.files.extend(plan.files);
            }
            None => plans.push(plan),
        }
    }
    if let Some(missing) = editions.iter().find(|edition| !plans.iter().any(|plan| plan.edition == **edition)) {
        if !folder.tables.iter().any(|(path, _)| path.edition_path() == *missing) {
            return Err(format!("no edition is called {missing}"));
        }
        let near = did_you_mean(missing, plans.iter().map(|plan| plan.edition.as_str()));
        let near = near.map(|near| format!("; or {near}")).unwrap_or_default();
        return Err(format!(
            "no page of {missing} has a repository; add `--from`, or `repository` and `path` to its page in `sources.toml`{near}"
        ));
    }
    if plans.is_empty() {
        return Err("no table names the repository of its page; name an edition and `--from`".to_owned());
    }
    Ok(plans)
}

/// A page that lists codes of a table.
struct Listed<'a> {
    edition: String,
    /// Its name in `sources.toml`.
    name: Option<&'a str>,
    /// Nothing where only its name is known.
    page: Option<&'a Source>,
    headings: Vec<&'a Text>,
    file: &'a str,
}

/// The pages of all tables: first their own ones, then the further ones, as what stands on both belongs to the own page.
fn listed(folder: &Folder) -> Vec<Listed<'_>> {
    let tables = folder.tables.iter().filter_map(|(path, table)| {
        let (edition, header) = (path.edition_path(), table.header.as_ref()?);
        let page = header.source.resolve(folder.sources(&edition));
        let headings = std::iter::once(&header.title).chain(&header.headings).collect();
        let name = header.source.name().map(Text::as_str);
        Some(Listed { edition, name, page, headings, file: &path.file })
    });
    let further = folder.sources.iter().flat_map(|sources| {
        sources.pages.iter().flat_map(move |(name, _, page)| {
            page.tables.iter().map(move |(file, headings)| Listed {
                name: Some(name),
                edition: sources.edition.clone(),
                page: Some(page),
                headings: headings.iter().collect(),
                file,
            })
        })
    });
    tables.chain(further).collect()
}

fn update(
    plan: &Plan,
    files: &Files,
    asked: &UpdateOptions,
    repository: &Repository,
) -> Result<(Imported, Vec<Diagnostic>), String> {
    let wanted =
        Wanted { path: plan.path.as_deref(), revision: plan.revision.as_deref(), names: &plan.names, today: asked.today };
    let found = repository.page(&wanted)?;
    let source = SourceFile::new(found.path.clone(), found.text);
    let (page, mut diagnostics) = read_page(&source);
    let address = is_address(&plan.repository).then(|| plan.repository.clone());
    let origin = plan.named.clone().or(address).map(|repository| (repository, found.path.clone()));
    let former = repository.former(&wanted, &found.path);
    let options = Options {
        date: Some(found.date),
        revision: Some(found.revision),
        tables: plan.files.clone(),
        source: plan.page.clone(),
        repository: origin,
        former_sentences: former.as_ref().map(sentences).unwrap_or_default(),
        first_listed: found.first_listed,
        accept_removals: asked.accept_removals.clone(),
        allow_older: asked.allow_older,
        stamp_unchanged: false,
        ..Options::new(plan.edition.clone(), asked.today)
    };
    diagnostics.extend(found.odd.into_iter().map(|note| Diagnostic::warning("future-date", note).in_file(&source.path)));
    let (imported, mut more) = import(files, &[page], &options);
    diagnostics.append(&mut more);
    Ok((imported, diagnostics))
}
