//! One table: its header, and its rows by its kind.

use crate::model::{Fallback, Kind, Reconnect, Repr, Source, Table, TablePath};
use crate::read::{Header, PageOf, SOURCES, SourcesFile, TableFile};
use crate::text::{Diagnostic, Place, Text, did_you_mean, key_word, quoted, quoted_list};

use super::limits;
use super::row::rows;
use super::url::check_url;

/// Builds a table as far as it can be read. One with mistakes is there for the tables and clients that name it, so that they
/// are not taken for mistaken, too.
pub(super) fn table(path: &TablePath, file: &TableFile, sources: Option<&SourcesFile>) -> (Option<Table>, Vec<Diagnostic>) {
    let Some(header) = file.header.clone() else { return (None, Vec::new()) };
    let place = file.place.clone();
    let mut diagnostics = check_header(&header, sources, &place);
    let (rows, recycled, mut found) = rows(file, &header);
    diagnostics.append(&mut found);
    let Header { title, headings, enum_name, kind, repr, summary, allow, source, reconnect, limits } = header;
    let fallback = reconnect.filter(|_| kind == Kind::CloseCodes).map(|reconnect| {
        let clients = clients(path, &reconnect);
        let extends = reconnect.extends.as_deref().and_then(TablePath::parse);
        Box::new(Fallback { reconnect, limits: limits.unwrap_or_default(), extends, clients })
    });
    if kind == Kind::CloseCodes && fallback.is_none() {
        let missing = Diagnostic::error("missing-key", "a table of close codes needs `[reconnect]`")
            .at(&place.key("kind"), "this table")
            .help("say what to do without a close code (`absent`) and after one without a row (`unknown`)");
        diagnostics.extend((!place.has("reconnect")).then_some(missing));
        return (None, diagnostics);
    }
    let (further, mut found) = further(file, sources);
    diagnostics.append(&mut found);
    let (source, page) = (source.resolve(sources).cloned(), source.name().cloned());
    let path = path.clone();
    let table = Table {
        path,
        title,
        headings,
        enum_name,
        kind,
        repr,
        summary,
        allow,
        source,
        page,
        further,
        rows,
        recycled,
        fallback,
        place,
    };
    (Some(table), diagnostics)
}

/// The clients that a table is compared with: those of its own system, unless it names others.
fn clients(path: &TablePath, reconnect: &Reconnect) -> (String, String) {
    let named = reconnect.clients.as_ref().and_then(|clients| clients.split_once('/'));
    let (system, file) = named.unwrap_or((&path.system, &path.file));
    (system.to_owned(), file.to_owned())
}

/// What is wrong with the addresses of a page.
pub(super) fn source_urls(source: &Source, place: &Place, prefix: &str) -> Vec<Diagnostic> {
    let urls = [("url", &source.url), ("repository", &source.repository)];
    urls.into_iter().filter_map(|(key, url)| check_url(url.as_ref()?, || place.key(&format!("{prefix}{key}")))).collect()
}

/// The further pages that list rows of the table, each once.
fn further(file: &TableFile, sources: Option<&SourcesFile>) -> (Vec<(Text, Source)>, Vec<Diagnostic>) {
    let (mut pages, mut diagnostics): (Vec<(Text, Source)>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for (name, place) in file.rows.iter().filter_map(|row| Some((row.facts.source.as_ref()?, &row.place))) {
        match sources.and_then(|sources| sources.page(name)) {
            Some(source) if pages.iter().all(|(known, _)| known != name) => pages.push((name.clone(), source.clone())),
            Some(_) => {}
            None => diagnostics.extend(unknown_page(name, sources, place)),
        }
    }
    (pages, diagnostics)
}

/// A table or a row names a page that its edition does not have.
fn unknown_page(name: &Text, sources: Option<&SourcesFile>, place: &Place) -> Option<Diagnostic> {
    let sources = sources?;
    let is_known = sources.page(name).is_some() || sources.broken.iter().any(|broken| broken == name.as_str());
    let names = || sources.pages.iter().map(|(name, ..)| name.as_str());
    let all: Vec<&str> = names().collect();
    let pages = if all.is_empty() { "it has none".to_owned() } else { format!("its pages are {}", quoted_list(&all, "and")) };
    (!is_known).then(|| {
        Diagnostic::error("unknown-reference", format!("`{SOURCES}` of the edition has no page {}", quoted(name)))
            .at(&place.key("source"), "named here")
            .help(format!("{pages}; a page is `[name]` with `document`, `url` and `date` there"))
            .help_if(did_you_mean(name, names()))
    })
}

/// What can be said of a header by itself.
fn check_header(header: &Header, sources: Option<&SourcesFile>, place: &Place) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> =
        header.source.name().and_then(|page| unknown_page(page, sources, place)).into_iter().collect();
    if let PageOf::Own(source) = &header.source {
        diagnostics.extend(source_urls(source, place, "source."));
    }
    if header.kind == Kind::CloseCodes && header.repr != Repr::U16 {
        diagnostics.push(
            Diagnostic::error("repr-of-close-codes", format!("close codes cannot have the type `{}`", key_word(header.repr)))
                .at(&place.key("repr"), "a close frame has 16 bits for its code")
                .help("write `repr = \"u16\"`"),
        );
    }
    if let (Some(_), true) = (&header.reconnect, header.kind != Kind::CloseCodes) {
        diagnostics.push(
            Diagnostic::error("key-of-other-kind", "`[reconnect]` belongs to tables of close codes")
                .at(&place.key("kind"), "this is a table of another kind")
                .help("remove `[reconnect]`, or write `kind = \"close-codes\"`"),
        );
    }
    if let Some(limits) = &header.limits {
        diagnostics.extend(limits::check(limits, header.kind, place));
    }
    if let Some(reconnect) = &header.reconnect {
        diagnostics.extend(check_reconnect(reconnect, place));
    }
    diagnostics
}

fn check_reconnect(reconnect: &Reconnect, place: &Place) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let Reconnect { absent, unknown, extends: _, resumable, sent, heartbeat_timeout, new_session_by: _, events: _, clients } =
        reconnect;
    let mut policies = vec![("reconnect.absent", absent), ("reconnect.unknown", unknown)];
    policies.extend(heartbeat_timeout.iter().map(|heartbeat_timeout| ("reconnect.heartbeat_timeout", heartbeat_timeout)));
    if let Some(sent) = sent {
        policies.push(("reconnect.sent.policy", &sent.policy));
        policies.extend(sent.others.iter().map(|others| ("reconnect.sent.others", others)));
    }
    for (key, policy) in policies {
        diagnostics.extend(super::row::check_policy(policy, place, key, *resumable));
    }
    let is_path = |text: &Text, slashes: usize| text.matches('/').count() == slashes;
    if let Some(clients) = clients.as_ref().filter(|clients| !is_path(clients, 1)) {
        diagnostics.push(
            Diagnostic::error("unknown-reference", format!("`clients` is not a system and a file: {}", quoted(clients)))
                .at(&place.key("reconnect.clients"), "here")
                .help("write `<system>/<file without .toml>`, such as `chat/gateway-close-codes`"),
        );
    }
    diagnostics
}
