//! The documentation: every link leads somewhere, every code has its place, and every text stays text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use pulldown_cmark::{Event, Options, Parser, Tag};
use wirecodes_codegen::{Diagnostic, Form, Layout, Registry, Tree, generate, load};
use wirecodes_tests::{files, root};

use wirecodes_tests::tables::{self, HEADER, registry, row};

/// The shipped tables, rendered.
static SHIPPED: LazyLock<Tree> = LazyLock::new(|| everything(&tables::SHIPPED));

fn everything(registry: &Registry) -> Tree {
    generate(registry, &Form { layout: Layout::Repository, ..Form::default() })
}

/// A folder of tables in memory.
fn loaded(tables: &[(&str, &str)]) -> Result<Registry, String> {
    let manifest = [("crate.toml", "name = \"their-codes\"\nversion = \"1.0.0\"\ndescription = \"Codes\"\n")];
    let (registry, diagnostics) = load(&tables::folder(manifest.iter().chain(tables).copied()));
    registry.ok_or_else(|| Diagnostic::render(&diagnostics, 120))
}

/// A table of close codes in which every text that people read is the given one.
fn close_codes(text: &str, rows: &str) -> String {
    let text = toml::Value::String(text.to_owned()).to_string();
    let policy = |action: &str| format!("{{ action = \"{action}\", basis = \"judgement\", reason = {text}, fix = {text} }}");
    format!(
        "title = {text}\nenum = \"CloseCode\"\nkind = \"close-codes\"\nrepr = \"u16\"\nsummary = {text}\n\
         [source]\ndocument = {text}\ndate = 2026-01-02\nrevision = {text}\n\
         [reconnect]\nabsent = {}\nunknown = {}\nevents = [{text}]\n\
         [[code]]\nvalue = 1\nname = {text}\nident = \"First\"\nsummary = {text}\nnote = {text}\n\
         policy = {{ action = \"stop\", basis = \"judgement\", reason = {text}, fix = {text}, unless = [{{ event = {text}, within = 5, except = {text} }}] }}\n\
         [[code]]\nrange = [10, 19]\nname = {text}\npolicy = {}\n{rows}",
        policy("resume"),
        policy("new-session"),
        policy("stop"),
    )
}

fn opcodes(text: &str) -> String {
    let text = toml::Value::String(text.to_owned()).to_string();
    format!(
        "title = {text}\nenum = \"Opcode\"\nkind = \"opcodes\"\nrepr = \"u8\"\nsummary = {text}\n\
         [source]\ndocument = {text}\ndate = 2026-01-02\n\
         [[code]]\nvalue = 1\nname = {text}\nident = \"First\"\nsummary = {text}\ndirection = \"send\"\n\
         [[code]]\nvalue = 2\nname = {text}\nident = \"Second\"\nstatus = \"removed\"\ndirection = \"send\"\n\
         policy = {{ action = \"resume\", basis = \"judgement\", reason = {text} }}\n"
    )
}

fn hostile(text: &str) -> Result<Tree, String> {
    let clients = format!(
        "[[client]]\nname = {0}\nversion = {0}\nrepository = \"https://example.com\"\n[[client.table]]\ncodes = \"close-codes\"\nstop = [1]\nunknown = \"new-session\"\n",
        toml::Value::String(text.to_owned())
    );
    let registry = loaded(&[
        ("chat/v1/close-codes.toml", &close_codes(text, "")),
        ("chat/v1/opcodes.toml", &opcodes(text)),
        ("chat/v2/close-codes.toml", &close_codes(text, "")),
        ("chat/clients.toml", &clients),
    ])?;
    Ok(everything(&registry))
}

/// The texts of the findings: each tries to become markup somewhere.
const HOSTILE: [&str; 17] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style></script></svg><img src=x onerror=alert(3)>",
    "``a``` <img src=x onerror=alert(3)> ```b`",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "--><script>alert(1)</script><!--",
    "a | b || c",
    "[a](javascript:alert(1)) ![b](http://example.com/x.png)",
    "`unclosed",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "&lt;script&gt; &amp; &#60;",
    "# heading",
    "1. item",
    "- item",
    "`open and ``never` closed``",
    "\u{5d0}\u{5d1} abc \u{627}",
];

#[test]
fn the_page_has_the_same_elements_whatever_the_texts_are() {
    let plain_tree = hostile("plain").expect("a plain folder");
    let plain_page = plain_tree.get("docs/index.html").expect("a page");
    let plain = elements(plain_page);
    assert!(plain.len() > 200, "the page has only {} elements", plain.len());
    for text in HOSTILE {
        let tree = hostile(text).unwrap_or_else(|message| panic!("{text}\n{message}"));
        let page = tree.get("docs/index.html").expect("a page");
        assert_eq!(elements(page), plain, "{text}");
        assert_eq!(attributes(page), attributes(plain_page), "{text}");
        for (path, svg) in tree.iter().filter(|(path, _)| has_extension(path, "svg")) {
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{path}: {svg}");
        }
    }
}

#[test]
fn the_drawing_has_the_codes_that_a_table_inherits() {
    let base: String = [1000, 1001, 4001, 4500].map(|code| row(code, &format!("Code{code}"), "")).concat();
    let range = "\n[[code]]\nrange = [4000, 4099]\nname = \"Own\"\nsummary = \"S.\"\npolicy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }\n";
    let own = HEADER.replace("[reconnect]\n", "[reconnect]\nextends = \"base/v1/t\"\n") + &row(1000, "Own", "") + range;
    let tree = everything(&registry(&[("base/v1/t", &format!("{HEADER}{base}")), ("s/v1/t", &own)]));
    let drawing = tree.iter().find(|(path, _)| has_extension(path, "svg") && !path.contains("base")).expect("a drawing").1;
    let numbers: Vec<&str> = drawing.split(|c: char| !c.is_ascii_digit()).collect();
    assert!(numbers.contains(&"1001") && numbers.contains(&"4500"), "{drawing}");
    assert!(!numbers.contains(&"4001"), "it is in a range of the table: {drawing}");
}

#[test]
fn a_name_reaches_the_page_as_it_is_written() {
    for text in HOSTILE.iter().filter(|text| !text.contains('`')) {
        let tree = hostile(text).expect("a folder");
        let page = tree.get("docs/index.html").expect("a page");
        assert!(unescaped(&without_tags(page)).contains(text), "{text} is not on the page");
    }
}

#[test]
fn the_markdown_has_no_markup_of_a_text() {
    let tree = hostile("plain").expect("a plain folder");
    let (plain, count) = (skeletons(&tree), shown(&tree, "plain"));
    assert!(count > 10, "{count}");
    for text in HOSTILE {
        let tree = hostile(text).expect("a folder");
        assert_eq!(shown(&tree, text), count, "{text}");
        let found = skeletons(&tree);
        for (path, skeleton) in &plain {
            // The name of a client and the title of a document are links already; a text that is one would be another.
            assert_eq!(&found[path], skeleton, "{path}: {text}");
        }
    }
}

#[test]
fn what_reorders_or_hides_text_is_rejected() {
    for text in ["a\u{202e}b", "a\u{1b}[31mb", "a\u{200f}b", "a\u{7}b"] {
        assert!(hostile(text).is_err(), "{}", text.escape_unicode());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: wirecodes_tests::cases(24), failure_persistence: Some(Box::new(FileFailurePersistence::Off)), ..ProptestConfig::default() })]

    #[test]
    fn no_text_becomes_an_element_or_is_lost(text in "[a-z0-9<>&\"'`|*_/=! .)(:#~$^\\[\\]\\\\-]{1,24}|`{1,3}[a-z<>|]{1,6}`{1,3}|!?\\[x\\]\\(y\\)") {
        // In code that is in a table Markdown has no way to write these.
        prop_assume!(!text.contains("\\|"));
        let plain = hostile("plain").expect("a plain folder");
        // Its end is found in no other text.
        let text = format!("{text}Qz");
        if let Ok(tree) = hostile(&text) {
            prop_assert_eq!(elements(tree.get("docs/index.html").expect("a page")), elements(plain.get("docs/index.html").expect("a page")));
            prop_assert_eq!(skeletons(&tree), skeletons(&plain));
            prop_assert_eq!(shown(&tree, &text), shown(&plain, "plain"));
        }
    }
}

/// How often the reader of a page in Markdown sees a text, but for what sets a code span apart.
fn shown(tree: &Tree, text: &str) -> usize {
    let page = tree.get("docs/chat/v1.md").expect("a page");
    let seen = Parser::new_ext(page, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        _ => None,
    });
    let words = |text: &str| text.replace(['`', ' '], "").to_lowercase();
    words(&seen.collect::<String>()).matches(&words(text)).count()
}

/// A code span begins and ends where it does in Markdown.
#[test]
fn the_parts_of_a_text_are_code_and_no_code() {
    for (text, shown) in [
        ("a `b` c", "a <code>b</code> c"),
        ("`a``b`", "<code>a``b</code>"),
        ("x ``a`b`` y `c`", "x <code>a`b</code> y <code>c</code>"),
        ("`open and ``never` closed``", "<code>open and ``never</code> closed``"),
        ("a `` b", "a `` b"),
    ] {
        let tree = hostile(text).expect("a folder");
        assert!(tree.get("docs/index.html").expect("a page").contains(&format!(">{shown}<")), "{text}");
    }
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    assert_eq!(everything(&tables::SHIPPED), *SHIPPED);
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_place_in_it() {
    let tree = &SHIPPED;
    let pages: BTreeMap<&str, &str> =
        tree.iter().filter(|(path, _)| path.starts_with("docs/") && has_extension(path, "md")).collect();
    assert!(pages.len() > 5);
    let mut count = 0;
    for (path, page) in &pages {
        for link in links(page).into_iter().filter(|link| !link.contains("://")) {
            let (file, place) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { (*path).to_owned() } else { joined(path, file) };
            let text = tree.get(&target).unwrap_or_else(|| panic!("{path} links to {link}, and there is no {target}"));
            assert!(
                place.is_empty() || text.contains(&format!("<a id=\"{place}\"></a>")),
                "{path} links to {link}: no such place"
            );
            count += 1;
        }
    }
    assert!(count > 200, "only {count} links");
}

#[test]
fn every_link_on_the_page_leads_to_one_element() {
    // A number was given away three times.
    let removed = ["First", "Second", "Third"].map(|ident| row(1, ident, "status = \"removed\""));
    let table = format!("{HEADER}{}{}", row(1, "Fourth", ""), removed.concat());
    let others = everything(&loaded(&[("s/v1/codes.toml", &table)]).expect("a table"));
    for tree in [&*SHIPPED, &others] {
        links_lead_to_one_element(tree.get("docs/index.html").expect("a page"));
    }
    let page = others.get("docs/index.html").expect("a page");
    let ids: Vec<&str> = values(page, " id=\"").into_iter().filter(|id| id.starts_with("s/v1/codes/1")).collect();
    assert_eq!(ids, ["", "-removed", "-removed-2", "-removed-3"].map(|end| format!("s/v1/codes/1{end}")));
}

fn links_lead_to_one_element(page: &str) {
    let ids: Vec<&str> = values(page, " id=\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "an id is given twice");
    for link in values(page, " href=\"#") {
        assert!(unique.contains(link), "there is no {link}");
    }
}

#[test]
fn every_code_has_its_place() {
    let tree = &SHIPPED;
    let page = tree.get("docs/index.html").expect("a page");
    let ids: BTreeSet<&str> = values(page, " id=\"").into_iter().collect();
    let mut count = 0;
    for (path, table) in tables::written() {
        let (folder, file) = path.rsplit_once('/').expect("a file in an edition");
        let markdown = tree.get(&format!("docs/{folder}.md")).expect("each edition has a page");
        for row in table["code"].as_array().expect("rows") {
            let id = match (row.get("value"), row.get("range")) {
                (Some(value), _) => value.to_string(),
                (None, Some(range)) => format!("{}-{}", range[0], range[1]),
                (None, None) => panic!("{path}: a row without a number"),
            };
            assert!(ids.contains(format!("{path}/{id}").as_str()), "{path}: {id} is not on the page");
            assert!(markdown.contains(&format!("<a id=\"{file}-{id}\"></a>")), "{path}: {id} is not in the Markdown");
            count += 1;
        }
    }
    assert!(count > 100);
}

#[test]
fn the_page_is_small_and_needs_nothing_else() {
    let tree = &SHIPPED;
    let page = tree.get("docs/index.html").expect("a page");
    assert!(page.len() < 600_000, "{} bytes", page.len());
    for loading in [" src=", "@import", "url(", "<iframe", "<link rel=\"stylesheet\"", "fetch(", "XMLHttpRequest", "<base"] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_copy_of_the_crate_has_the_pages_and_not_the_reference() {
    let tree = generate(&tables::SHIPPED, &Form::default());
    assert!(tree.get("docs/README.md").is_some());
    for path in ["docs/index.html", "codes.json", "codes.schema.json"] {
        assert!(tree.get(path).is_none(), "{path}");
    }
}

#[test]
fn the_drawing_has_every_code_once() {
    let rows: String = [20, 21, 22, 30].iter().fold(String::new(), |mut rows, code| {
        let _ = write!(rows, "[[code]]\nvalue = {code}\nname = \"n\"\nident = \"N{code}\"\npolicy = {{ action = \"stop\", basis = \"judgement\", reason = \"r\", fix = \"f\" }}\n");
        rows
    });
    let registry =
        loaded(&[("chat/v1/close-codes.toml", &close_codes("plain", &rows))]).unwrap_or_else(|message| panic!("{message}"));
    let tree = generate(&registry, &Form::default());
    let svg = tree.get("docs/chat/v1/close-codes.svg").expect("a drawing");
    let arrows: Vec<&str> = svg.lines().filter(|line| line.starts_with("<text x=\"294\"")).map(text_of).collect();
    assert_eq!(arrows, ["no code", "any other code", "10–19, 20–22, 30", "1"]);
    assert!(tree.get("docs/chat/v1.md").expect("a page").contains("(v1/close-codes.svg)"));
}

#[test]
fn no_date_is_broken_inside() {
    let tree = &SHIPPED;
    let (page, css) = (tree.get("docs/index.html").expect("a page"), "time{white-space:nowrap}");
    let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut dates = 0;
    for text in page.split('<').filter_map(|part| part.split_once('>')) {
        let is_date = text.1.match_indices('-').any(|(at, _)| text.1[..at].get(at.saturating_sub(4)..).is_some_and(digits));
        assert!(!is_date || text.0 == "time", "{}", text.1);
        dates += usize::from(is_date);
    }
    assert!(dates > 400 && page.contains(css), "{dates} dates");
}

/// The newest edition of the largest system comes first, and older ones last and folded, wherever editions follow each other.
#[test]
fn the_newest_edition_comes_first_and_older_ones_last() {
    let rows = [1, 2, 3]
        .map(|code| {
            row(
                code,
                &format!("Code{code}"),
                "policy = { action = \"stop\", basis = \"judgement\", reason = \"r\", fix = \"f\" }",
            )
        })
        .concat();
    let large = close_codes("plain", "").split("[[code]]").next().expect("a header").to_owned() + &rows;
    let small = close_codes("plain", "");
    let tables = ["chat/v9", "chat/v10", "a/v1"].map(|edition| format!("{edition}/codes.toml"));
    let tree = everything(&loaded(&[(&tables[0], &large), (&tables[1], &large), (&tables[2], &small)]).expect("tables"));
    let shipped = &SHIPPED;
    let shown = |tree: &Tree, path: &str, marks: &[&str]| {
        let text = tree.get(path).expect("a file");
        let places: Vec<Option<usize>> = marks.iter().map(|mark| text.find(mark)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{path}: {marks:?} are at {places:?}");
    };
    let folded = "<details class=\"edition\" id=";
    shown(&tree, "docs/index.html", &["id=\"chat/v10\"", "id=\"a/v1\"", &format!("{folded}\"chat/v9\"")]);
    shown(&tree, "docs/README.md", &["[chat/v10]", "[a/v1]", "<details>", "[chat/v9]", "</details>"]);
    shown(&tree, "README.md", &["[`chat::v10`]", "[`a::v1`]", "[`chat::v9`]"]);
    shown(shipped, "docs/index.html", &["id=\"discord/v10\"", "id=\"baileys/v6\"", &format!("{folded}\"discord/v6\"")]);
    shown(shipped, "docs/clients.md", &["[discord/v10: ", "[baileys/v6: ", "[discord/v6: "]);
    let front = shipped.get("README.md").expect("a front page");
    let stops = front.split_once("| table | code | what happened").expect("the stops").1.split_once("\n\n").expect("their end").0;
    let named: Vec<&str> = stops.lines().skip(2).filter_map(|line| line.split('|').nth(1)).map(str::trim).collect();
    assert!(named[0].starts_with("`discord::v10::GatewayCloseCode`") && !stops.contains("discord::v6"), "{stops}");
    assert!(named.windows(2).all(|pair| pair[0] != pair[1] || pair[0].is_empty()), "a name stands below itself: {named:?}");
}

/// A page may call its table just "Opcodes", or as it calls another.
#[test]
fn no_two_tables_of_an_edition_have_one_name() {
    let tree = &SHIPPED;
    let page = tree.get("docs/index.html").expect("a page");
    let headings: Vec<&str> = page.split("<h2>").skip(1).filter_map(|rest| rest.split_once("</h2>")).map(|(h, _)| h).collect();
    let names: BTreeSet<&str> =
        headings.iter().filter_map(|heading| heading.split_once("<span>")).map(|(_, name)| name).collect();
    assert_eq!(names.len(), headings.len(), "{headings:?}");
    assert!(names.contains("discord/v10</span> Opcodes (RpcOpcode)</a>"), "{names:?}");
    assert!(page.contains("<li><a href=\"#discord/v10/rpc-opcodes\">Opcodes (RpcOpcode)</a></li>"));
    assert!(tree.get("docs/discord/v10.md").expect("a page").contains("\n## Opcodes (RpcOpcode)\n"));
}

/// What the page says of itself to searches and chats, and that no script or style but its own runs.
#[test]
fn the_page_introduces_itself_and_allows_its_own_script_alone() {
    let tree = &SHIPPED;
    let head = tree.get("docs/index.html").expect("a page").split_once("<style>").expect("a head").0;
    let [title, description] =
        ["wirecodes: all codes, and what to do after each", "Opcodes, close codes and error codes of chat"];
    for part in ["<title>", "\"og:title\" content=\""] {
        assert!(head.contains(&format!("{part}{title}")), "{part}: {head}");
    }
    for part in ["name=\"description\" content=\"", "\"og:description\" content=\""] {
        assert!(head.contains(&format!("{part}{description}")), "{part}: {head}");
    }
    // A browser runs both only if the hash is right.
    assert!(!head.contains("unsafe"), "{head}");
    for directive in ["style-src 'sha256-", "script-src 'sha256-"] {
        assert!(head.contains(directive), "{directive}: {head}");
    }
    assert!(!head.contains("<meta name=\"description\" content=\"\""));
}

/// A change of an action, or of a tag of it, changes nothing here; and each job may do what it needs, and no more.
#[test]
fn workflows_name_their_actions_by_hash_and_their_permissions() {
    let mut names = Vec::new();
    for (path, bytes) in files(&root().join(".github/workflows")) {
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.contains("\npermissions:"), "{path} has all permissions");
        let used = text.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, used)| used);
        // A workflow of this repository is what the commit has.
        for used in used.filter(|used| !used.starts_with("./")) {
            let hash = used.split_once('@').map_or("", |(_, rest)| rest.split(' ').next().unwrap_or(""));
            // A workflow of this repository is of the commit that runs.
            let is_own = used.starts_with("./.github/workflows/");
            assert!(is_own || hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {used}");
        }
        names.push(path);
    }
    assert!(names.iter().any(|path| path == "pages.yml"), "{names:?}");
    let pages = fs::read_to_string(root().join(".github/workflows/pages.yml")).expect("a workflow");
    assert!(pages.contains("path: generated/docs") && root().join("generated/docs/index.html").exists(), "{pages}");
    let (build, deploy) = pages.split_once("\n  deploy:\n").expect("a job that publishes");
    assert!(!build.contains(": write"), "what builds may write: {build}");
    let granted: Vec<&str> = deploy.lines().filter_map(|line| line.trim().strip_suffix(": write")).collect();
    assert_eq!(granted, ["pages", "id-token"]);
}

#[test]
fn every_close_code_has_its_answer_on_the_page() {
    let tree =
        everything(&loaded(&[("s/v1/codes.toml", &close_codes("plain", ""))]).unwrap_or_else(|message| panic!("{message}")));
    let page = tree.get("docs/index.html").expect("a page");
    let markdown = tree.get("docs/s/v1.md").expect("a page");
    for (id, action) in [("1", "Stop"), ("10-19", "Stop"), ("none", "Resume"), ("unknown", "New session")] {
        let (_, row) = page.split_once(&format!("<tr id=\"s/v1/codes/{id}\"")).expect("a row");
        let row = row.split("<tr").next().expect("a row");
        assert!(row.contains(&format!(">{action}</b>")), "{id}: {row}");
        let row = markdown.lines().find(|line| line.contains(&format!("<a id=\"codes-{id}\">"))).expect("a row");
        assert!(row.contains(action), "{id}: {row}");
    }
}

/// The names of the elements of a page, without those that code spans and lines of drawings make.
fn elements(page: &str) -> Vec<&str> {
    tags(page).map(|tag| tag.split([' ', '>']).next().unwrap_or(tag)).filter(|name| !is_of_texts(name)).collect()
}

/// Whether the number of these elements follows from the texts: of their code spans, and of their length.
fn is_of_texts(element: &str) -> bool {
    matches!(element, "<code" | "</code" | "<text" | "</text")
}

/// How often an element has each attribute.
fn attributes(page: &str) -> BTreeMap<(String, String), usize> {
    let mut attributes = BTreeMap::new();
    for tag in tags(page) {
        let element = tag.split([' ', '>']).next().unwrap_or(tag);
        if is_of_texts(element) {
            continue;
        }
        // Within an attribute, quotes are escaped: each pair of them is one value.
        for name in tag.split('"').step_by(2).filter_map(|part| part.trim().strip_suffix('=')) {
            let name = name.rsplit(' ').next().unwrap_or(name);
            *attributes.entry((element.to_owned(), name.to_owned())).or_insert(0) += 1;
        }
    }
    attributes
}

/// The tags of a page. In what the template writes, no attribute has a `>`.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    let body = page.split_once("</style>").expect("a style sheet").1;
    let body = body.rsplit_once("<script>").expect("a script").0;
    body.split('<').skip(1).filter_map(|part| Some(&part[..=part.find('>')?])).map(move |tag| {
        let start = tag.as_ptr() as usize - body.as_ptr() as usize - 1;
        &body[start..=start + tag.len()]
    })
}

fn without_tags(page: &str) -> String {
    page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

fn unescaped(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn text_of(line: &str) -> &str {
    line.split_once('>').and_then(|(_, rest)| rest.split_once('<')).expect("a text element").0
}

/// The values that follow a key.
fn values<'a>(page: &'a str, key: &str) -> Vec<&'a str> {
    page.split(key).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// For each Markdown page, and the documentation of each table, its structure: all but text and code. HTML is there with its text,
/// which must be the renderer's own.
fn skeletons(tree: &Tree) -> BTreeMap<String, Vec<String>> {
    let skeleton = |text: &str| -> Vec<String> {
        let is_kept = |event: &Event<'_>| !matches!(event, Event::Text(_) | Event::Code(_));
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
            .filter(is_kept)
            .map(|event| match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => format!("link to {dest_url}"),
                other => format!("{other:?}"),
            })
            .collect()
    };
    let comments = |text: &str| {
        let lines = text.lines().map(str::trim_start);
        lines.map(|line| line.strip_prefix("/// ").unwrap_or_default()).collect::<Vec<_>>().join("\n")
    };
    let markdown = |(path, text): (&str, &str)| match path {
        _ if has_extension(path, "md") => Some((path.to_owned(), skeleton(text))),
        _ if path.starts_with("src/chat") => Some((path.to_owned(), skeleton(&comments(text)))),
        _ => None,
    };
    tree.iter().filter_map(markdown).collect()
}

/// The addresses of the links and images of a page.
fn links(page: &str) -> Vec<String> {
    Parser::new_ext(page, Options::ENABLE_TABLES)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
        .collect()
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// A path relative to the folder of another file.
fn joined(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn the_committed_pages_are_read_as_tables() {
    let page = fs::read_to_string(root().join("generated/docs/README.md")).expect("a page");
    assert!(Parser::new_ext(&page, Options::ENABLE_TABLES).any(|event| matches!(event, Event::Start(Tag::Table(_)))));
}

/// The crate's docs, the Markdown and the page show what can be done about a response, its group and whose fault it is.
#[test]
fn every_response_shows_its_fix_and_its_group() {
    let table = "title = \"Errors\"\nenum = \"ErrorCode\"\nkind = \"error-codes\"\nrepr = \"u16\"\nsummary = \"S.\"\n\
                 [source]\ndocument = \"A page\"\ndate = 2026-01-02\n\
                 [[code]]\nvalue = 1\nname = \"A\"\nident = \"First\"\ngroup = \"not-found\"\nfault = \"service\"\nfix = \"Ask again tomorrow.\"\n\
                 [[code]]\nvalue = 2\nname = \"B\"\nident = \"Second\"\ngroup = \"already-exists\"\n";
    let tree = everything(&registry(&[("s/v1/errors", table)]));
    let said = [
        ("src/s/v1/errors.rs", "/// **Fix:** Ask again tomorrow."),
        ("src/s/v1/errors.rs", "/// Group `not-found`, fault `service`."),
        ("src/s/v1/errors.rs", "/// Group `already-exists`, fault `application`."),
        ("src/s/v1/errors.rs", "group(AlreadyExists).fault(Application)"),
        ("docs/s/v1.md", "Fix: Ask again tomorrow. Group `not-found`, fault `service`."),
        ("docs/index.html", "<small class=\"badge\">not-found · service</small>"),
        ("docs/index.html", "Fix: Ask again tomorrow."),
    ];
    for (path, part) in said {
        let text = tree.get(path).expect("a file");
        assert!(text.contains(part), "{path}: {part} is missing\n{text}");
    }
}

/// Each place that shows a response says whether to send the request again, and what the generated function answers.
#[test]
fn every_response_says_whether_to_send_again() {
    let tree = &SHIPPED;
    let data: serde_json::Value = serde_json::from_str(tree.get("codes.json").expect("data")).expect("JSON");
    let page = tree.get("docs/index.html").expect("a page");
    let mut seen = BTreeSet::new();
    for edition in data["editions"].as_array().expect("a list") {
        let path = format!("{}/{}", edition["system"].as_str().expect("a name"), edition["edition"].as_str().expect("a name"));
        let markdown = tree.get(&format!("docs/{path}.md")).expect("a page");
        for table in edition["tables"].as_array().expect("a list") {
            let file = table["table"].as_str().expect("a name");
            let rust = tree.get(&format!("src/{path}/{}.rs", file.replace('-', "_"))).expect("a file");
            for code in table["codes"].as_array().expect("a list") {
                let (Some(value), Some(ident), Some(retry)) =
                    (code["value"].as_u64(), code["ident"].as_str(), code["retry"].as_str())
                else {
                    continue;
                };
                let said = match retry {
                    "wait" => "**Send again** after a wait",
                    "if-idempotent" => "**Send again** after a wait, if it can be repeated",
                    _ => "**Do not send again**",
                };
                let (docs, _) = rust.split_once(&format!("    {ident} = ")).expect("a variant");
                let own = docs.rsplit_once(",\n").map_or(docs, |(_, own)| own);
                // On a variant of the crate only what a client can do is worth a line.
                assert_eq!(own.contains(&format!("/// {said}: ")), retry != "no", "{path} {ident}: {own}");
                let row = |text: &str, start: &str| {
                    text.lines().find(|line| line.contains(start)).unwrap_or_else(|| panic!("{start}")).to_owned()
                };
                // Elsewhere, too: most say no, and the table says so of all.
                let shown = row(markdown, &format!("<a id=\"{file}-{value}\">"));
                assert_eq!(shown.ends_with(&format!("<br>{said} |")), retry != "no", "{path} {value}");
                let shown = row(page, &format!("<tr id=\"{path}/{file}/{value}\""));
                let text = said.replacen("**", "<p><b class=\"retry\">", 1).replacen("**", "</b>", 1) + "</p>";
                assert_eq!(shown.ends_with(&text), retry != "no", "{shown}");
                seen.insert(retry.to_owned());
            }
        }
    }
    assert_eq!(seen.len(), 3);
}

#[test]
fn that_requests_are_not_sent_again_is_said_once_of_each_table() {
    let tree = &SHIPPED;
    let count = |path: &str, part: &str| tree.get(path).expect("a file").matches(part).count();
    let tables: usize =
        ["error-codes", "status-codes"].map(|kind| count("codes.json", &format!("\"kind\": \"{kind}\""))).iter().sum();
    let page = "docs/index.html";
    assert_eq!(count(page, "Send a request again only where its row says so."), tables);
    // One row says what to do instead.
    assert!(tables > 5 && count(page, "ot send again") < 3, "{} times", count(page, "ot send again"));
    let [now, before] = ["v10", "v6"].map(|edition| count(&format!("docs/discord/{edition}.md"), "Send a request again only"));
    assert_eq!([now, before], [3, 3]);
}

#[test]
fn every_enum_of_opcodes_or_close_codes_opens_with_a_table_of_its_codes() {
    let mut enums = 0;
    let is_table = |path: &str| has_extension(path, "rs") && !path.starts_with("src/runtime/");
    for (path, text) in SHIPPED.iter().filter(|(path, _)| is_table(path)) {
        let Some((docs, code)) = text.split_once("\npub enum ") else { continue };
        if text.contains("runtime::response_code!") {
            continue;
        }
        let (_, table) = docs.split_once("/// | code | variant |").unwrap_or_else(|| panic!("{path} has no table"));
        let variants = code.lines().take_while(|line| *line != "}").filter_map(|line| line.trim().split_once(" = "));
        for (variant, number) in variants.filter(|(variant, _)| variant.chars().all(char::is_alphanumeric)) {
            let row = format!("/// | {} | [`{variant}`](Self::{variant}) |", number.trim_end_matches(',').replace('_', ""));
            assert!(table.contains(&row), "{path}: {row}");
        }
        enums += 1;
    }
    assert!(enums > 15, "there are only {enums}");
}

/// The start on the front page is code that is compiled and run.
#[test]
fn the_start_on_the_front_page_is_the_example() {
    let read = |path: &str| std::fs::read_to_string(wirecodes_tests::root().join(path)).expect("a file");
    let (readme, example) = (read("README.md"), read("tests/examples/close_frame.rs"));
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of Rust");
    let (handler, front) = (read("tests/examples/json_error.rs"), read("codes/README.md"));
    assert!(example.contains(shown) && front.contains(shown), "{shown}");
    let body = |text: &str| {
        text.split("// The more careful of both").nth(1).and_then(|rest| rest.split("\n}\n").next()).map(str::to_owned)
    };
    assert!(body(&handler).is_some() && body(&handler) == body(&front), "the handlers differ");
}
