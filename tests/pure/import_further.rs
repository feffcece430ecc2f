//! Further pages: they list some codes of a table whose own page is another one.

use proptest::prelude::*;
use wirecodes_codegen::{ImportOptions, load};
use wirecodes_tests::desk::{Desk, Done, options};
use wirecodes_tests::tables::header;
use wirecodes_tests::{cases, root};

const SOURCES: &str = r#"[main]
document = "Codes"
date = 2026-01-01
path = "docs/main.md"

[failures]
document = "Failures"
date = 2026-01-01
path = "docs/failures.md"
tables = { errors = ["Request Failures"], statuses = ["Request Failures"] }
"#;

/// A table of errors with the codes of the main page, and one of HTTP statuses.
fn desk(codes: &[u32]) -> Desk {
    let rows: String = codes.iter().map(|code| row(*code)).collect();
    let table =
        |title: &str, name: &str, kind: &str| header(title, name, kind, "u32").split("[source]").next().unwrap().to_owned();
    let mut desk = Desk::with("errors", &(table("Errors", "ErrorCode", "error-codes") + "source = \"main\"\n" + &rows));
    let statuses = table("Statuses", "StatusCode", "status-codes") + "source = \"main\"\n" + &row(400);
    desk.texts.insert("test/v1/statuses.toml".to_owned(), statuses);
    desk.texts.insert("test/v1/sources.toml".to_owned(), SOURCES.to_owned());
    desk
}

fn row(code: u32) -> String {
    format!("\n[[code]]\nvalue = {code}\nname = \"Error {code}\"\nident = \"Error{code}\"\nsummary = \"S.\"\n")
}

/// The main page, whose table of statuses has 400 alone.
fn main_page(codes: &[u32]) -> String {
    let rows: String = codes.iter().map(|code| format!("| {code} | Error {code} |\n")).collect();
    let head = "| Code | Meaning |\n|---|---|\n";
    format!("# Codes\n\n## Errors\n\n{head}{rows}\n## Statuses\n\n{head}| 400 | Error 400 |\n")
}

/// The further page: codes with their status, and statuses without a code.
fn further_page(codes: &[(u32, u32)], statuses: &[u32]) -> String {
    let with_code = codes.iter().map(|(code, status)| format!("| {code} | {status} | Error {code} | Do {code}. |\n"));
    let without = statuses.iter().map(|status| format!("| - | {status} | Status {status} | Wait. |\n"));
    let rows: String = with_code.chain(without).collect();
    format!("# Failures\n\n## Request Failures\n\n| Code | HTTP Status | Meaning | Solution |\n|---|---|---|---|\n{rows}")
}

fn import(desk: &mut Desk, path: &str, page: &str) -> Done {
    desk.import_pages(&[(path, page)], &options())
}

/// The rows of a table: number, page, status of HTTP, and whether it is live.
fn rows(desk: &Desk, table: &str) -> Vec<(u32, Option<String>, Option<u16>, bool)> {
    let (registry, found) = load(&desk.files());
    let registry = registry.unwrap_or_else(|| panic!("{found:#?}"));
    let table = registry.tables().find(|one| one.path.file == table).expect("the table").clone();
    let source = |source: &Option<_>| source.as_ref().map(ToString::to_string);
    table.rows.iter().map(|row| (row.first(), source(&row.facts.source), row.facts.http, row.facts.is_live())).collect()
}

#[test]
fn the_shipped_further_pages_have_their_codes() {
    let text = std::fs::read_to_string(root().join("codes/discord/v10/json-error-codes.toml")).expect("the table");
    let codes = [50229, 530_008, 530_009, 530_010, 530_014, 530_016, 530_017, 530_020, 530_023, 530_027];
    for code in codes {
        let row = text.split("[[code]]").find(|row| row.contains(&format!("value = {code}\n"))).expect("a row");
        assert!(row.contains("\nsource = "), "{row}");
    }
}

#[test]
fn two_pages_of_one_table_are_not_read_at_once() {
    let mut desk = desk(&[1, 2]);
    let pages = [("main.md", main_page(&[1, 2])), ("failures.md", further_page(&[(7, 400)], &[]))];
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let done = desk.import_pages(&pages, &options());
    assert!(done.has("pages-at-once") && done.imported.written.is_empty(), "{}", done.words());
}

#[test]
fn a_page_is_named_where_several_could_be_meant() {
    let mut desk = desk(&[1]);
    let sources = SOURCES.replace("docs/main.md", "docs/failures.md").replace("\"Codes\"", "\"Failures\"");
    desk.texts.insert("test/v1/sources.toml".to_owned(), sources);
    let page = further_page(&[(7, 400)], &[]);
    let done = import(&mut desk, "failures.md", &page);
    assert!(done.message("ambiguous-page").contains("--source"), "{}", done.words());
    let named = ImportOptions { source: Some("failures".to_owned()), ..options() };
    assert_eq!(desk.import_with(&page, &named).changed("added"), ["7"]);
    let wrong = ImportOptions { source: Some("failure".to_owned()), ..options() };
    assert!(desk.import_with(&page, &wrong).message("unknown-reference").contains("`failures`"), "a wrong name has help");
}

/// Two pages of an edition have a table of one heading: each table is read from its own page.
#[test]
fn a_heading_of_two_pages_means_the_table_of_each() {
    let mut desk = desk(&[1, 2]);
    let login = header("Errors", "LoginError", "error-codes", "u32").split("[source]").next().unwrap().to_owned();
    desk.texts.insert("test/v1/login-errors.toml".to_owned(), login + "source = \"login\"\n" + &row(8) + &row(9));
    let sources = format!("{SOURCES}\n[login]\ndocument = \"Login\"\ndate = 2026-01-01\npath = \"docs/login.md\"\n");
    desk.texts.insert("test/v1/sources.toml".to_owned(), sources);
    let page = "# Login\n\n## Errors\n\n| Code | Meaning |\n|---|---|\n| 8 | Error 8 |\n| 9 | Error 9 |\n| 7 | New |\n";
    let done = import(&mut desk, "login.md", page);
    assert_eq!((done.changed("added"), done.is_failed()), (vec!["7".to_owned()], false), "{}", done.words());
    assert!(desk.text("login-errors").contains("value = 7") && !desk.text("errors").contains("value = 7"));
    let again = import(&mut desk, "main.md", &main_page(&[1, 2]));
    assert!(again.imported.tables.iter().any(|table| table.table == "errors"), "{}", again.words());
}

/// A status that cannot be read may still be on the page.
#[test]
fn a_status_without_a_name_removes_none() {
    let mut desk = desk(&[1]);
    let whole = further_page(&[(2, 400)], &[429, 502]);
    let _ = import(&mut desk, "failures.md", &whole);
    let before = rows(&desk, "statuses");
    let done = import(&mut desk, "failures.md", &whole.replace("| Status 429 |", "| |"));
    assert!(done.has("row-without-name") && done.has("cannot-tell"), "{:?}", done.found);
    assert_eq!(rows(&desk, "statuses"), before);
}

#[test]
fn a_heading_that_is_gone_is_not_read() {
    let mut desk = desk(&[1]);
    let done = import(&mut desk, "failures.md", &further_page(&[(7, 400)], &[]).replace("Request Failures", "Problems"));
    assert!(done.has("table-not-on-page"), "{}", done.words());
    assert!(done.is_failed() || !done.is_up_to_date(), "{}", done.words());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(30)) })]

    /// Each page adds, changes and removes its own rows alone; a code on both belongs to the main page; twice is once.
    #[test]
    fn each_page_has_its_own_rows(
        main in prop::collection::btree_set(1_u32..20, 1..8),
        main_later in prop::collection::btree_set(1_u32..20, 1..8),
        further in prop::collection::btree_map(1_u32..20, 400_u32..430, 1..8),
        later in prop::collection::btree_map(1_u32..20, 400_u32..430, 1..8),
    ) {
        let list = |codes: &std::collections::BTreeSet<u32>| codes.iter().copied().collect::<Vec<_>>();
        let pairs = |codes: &std::collections::BTreeMap<u32, u32>| codes.iter().map(|(code, status)| (*code, *status)).collect::<Vec<_>>();
        let mut desk = desk(&list(&main));
        // A table may lose all: the test is not about too many removals.
        let all = ImportOptions { accept_removals: Some(Vec::new()), ..options() };
        let mut run = |path: &str, text: &str| {
            let done = desk.import_pages(&[(path, text)], &all);
            prop_assert!(!done.is_failed(), "{}", done.words());
            let again = desk.import_pages(&[(path, text)], &all);
            prop_assert!(again.imported.written.is_empty(), "{}", again.words());
            Ok(())
        };
        run("failures.md", &further_page(&pairs(&further), &[423, 400]))?;
        run("main.md", &main_page(&list(&main_later)))?;
        run("failures.md", &further_page(&pairs(&later), &[400, 423]))?;
        for (code, source, http, is_live) in rows(&desk, "errors") {
            if main_later.contains(&code) {
                prop_assert!(is_live && source.is_none(), "{code}");
            } else if main.contains(&code) && !later.contains_key(&code) {
                prop_assert!(!is_live && source.is_none(), "{code} left its page");
            } else {
                prop_assert_eq!(source.as_deref(), Some("failures"));
                prop_assert_eq!(is_live, later.contains_key(&code), "{}", code);
                let status = later.get(&code).or(further.get(&code)).map(|status| u16::try_from(*status).unwrap());
                prop_assert_eq!(http, status, "{}", code);
            }
        }
        let statuses: Vec<u32> = rows(&desk, "statuses").into_iter().map(|row| row.0).collect();
        prop_assert_eq!(statuses, [400, 423], "a status on both pages belongs to the main one");
    }
}
