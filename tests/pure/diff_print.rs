//! How comparisons are printed: the lines of the text, its colours, annotations, and the map of renames.

use std::collections::BTreeSet;

use serde_json::json;
use wirecodes_codegen::{Comparison, Side, Sides, SourceFile, diff};

use wirecodes_tests::tables::{HEADER, bare, compare, compare_rows, opcodes, registry, row, value};

/// The text without colours.
fn plain(comparison: &Comparison, is_verbose: bool, width: usize) -> String {
    anstream::adapter::strip_str(&comparison.report().text(is_verbose, width)).to_string()
}

const STOP: &str = "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }";

/// A change of each section, and one of words alone.
fn several() -> Comparison {
    compare_rows(&(row(4000, "One", "") + &row(4001, "Two", "") + &row(4002, "Three", "")), &several_new())
}

/// The rows of the new side.
fn several_new() -> String {
    row(4001, "Two", STOP) + &row(4002, "Three", "note = \"N.\"") + &row(4003, "Four", "")
}

#[test]
fn what_does_not_fit_a_line_goes_on_below_the_change() {
    let text = plain(&several(), true, 44);
    let (_, removed) = text
        .split_once("removed and renamed: Gateway Close Event\n  Codes (a/v1 GatewayCloseCode)\n")
        .expect("a heading of two lines");
    let (removed, _) = removed.split_once("\n\n").expect("the next section");
    let lines: Vec<&str> = removed.lines().collect();
    let [change, rest @ ..] = lines.as_slice() else { panic!("{text}") };
    assert!(change.starts_with("  removed  4000  One"), "{text}");
    let place = rest.iter().position(|line| line.contains("codes/a/v1/gateway-close-codes.toml:")).expect("a place");
    let indents: Vec<usize> = rest.iter().map(|line| line.len() - line.trim_start().len()).collect();
    assert!(place > 0 && indents[..=place].iter().all(|indent| *indent == 6), "below the change: {text}");
    assert!(rest.len() > place + 1 && indents[place + 1..].iter().all(|indent| *indent == 8), "below its place: {text}");
}

#[test]
fn a_line_is_as_long_as_asked_unless_one_word_is_longer() {
    let mut short = several();
    (short.old.name, short.new.name) = ("a".to_owned(), "b".to_owned());
    for comparison in [several(), short] {
        for width in 1..120 {
            let text = plain(&comparison, true, width);
            for line in text.lines() {
                assert!(line.chars().count() <= width || !line.trim().contains(' '), "{width}: {line:?}");
            }
            assert!(!text.starts_with('\n'), "{width}: {text}");
        }
    }
}

#[test]
fn changes_of_wording_are_counted_and_shown_on_demand() {
    let (normal, verbose) = (plain(&several(), false, 200), plain(&several(), true, 200));
    assert!(normal.ends_with("\n\nand 3 of wording alone (-v shows them)\n"), "{normal}");
    assert!(!normal.contains("wording: ") && !normal.contains(".toml:"), "places are for the long form: {normal}");
    assert!(verbose.contains("wording: ") && !verbose.contains("of wording alone"), "{verbose}");
    let only = compare_rows(&row(1, "A", ""), &row(1, "B", ""));
    assert!(!plain(&only, false, 200).contains("of wording alone"), "nothing is left out");
}

/// The style that the text gives to the kind of a change, which opens its line.
fn style_of(text: &str, kind: &str) -> String {
    let ending = format!("m{kind}\u{1b}[0m");
    let line =
        text.lines().find(|line| line.starts_with("  ") && line.contains(&ending)).unwrap_or_else(|| panic!("{kind}: {text:?}"));
    line.split(&ending).next().unwrap_or_default().trim_start().to_owned()
}

#[test]
fn a_colour_says_what_a_change_needs() {
    let text = several().report().text(true, 200);
    let styles: Vec<String> = ["removed", "policy", "added", "note"].map(|kind| style_of(&text, kind)).to_vec();
    assert!(styles.iter().all(|style| style.starts_with("\u{1b}[")), "{styles:?}");
    assert_eq!(styles.iter().collect::<BTreeSet<_>>().len(), 4, "each need has its own: {styles:?}");
    let mut waived = several();
    let waivers: String = waived
        .differences
        .iter()
        .map(|one| format!("[[waiver]]\nchange = \"{}\"\nreason = \"Unused.\"\n", one.fingerprint))
        .collect();
    assert!(waived.waive(&SourceFile::new("waivers.toml", waivers), "2026-07-21".parse().expect("a date")).is_empty());
    let text = waived.report().text(true, 200);
    for kind in ["removed", "policy", "added"] {
        assert_eq!(style_of(&text, kind), styles[3], "what is waived needs as little as words: {kind}");
    }
}

#[test]
fn the_words_that_differ_are_underlined() {
    let named = |name: &str| row(1, "A", "").replace("name = \"A\"", &format!("name = \"{name}\""));
    let text = compare_rows(&named("Old version of it"), &named("New version of all")).report().text(false, 200);
    let underlined: Vec<&str> =
        text.split("\u{1b}[4m").skip(1).filter_map(|rest| rest.split_once('\u{1b}').map(|(word, _)| word)).collect();
    assert_eq!(underlined, ["Old", "it", "New", "all"], "{text:?}");
}

#[test]
fn github_shows_each_change_beside_its_line() {
    let text = several().report().github();
    let place = |value: u32| {
        let new = format!("{HEADER}{}", several_new());
        let line = new.lines().position(|line| line == format!("value = {value}")).expect("a row") + 1;
        format!("file=codes/a/v1/gateway-close-codes.toml,line={line},")
    };
    // What was removed is shown beside the row that follows.
    let expected = [
        "::notice title=old → new::1 policy, 1 removed, 1 added; needs: major, at least 0.2.0 after 0.1.0".to_owned(),
        format!(
            "::error {}title=removed (major)::Gateway Close Event Codes (a/v1 GatewayCloseCode) 4000 One: removed: One (breaks users: `a::v1::GatewayCloseCode::One` is removed)",
            place(4001)
        ),
        format!(
            "::warning {}title=policy (policy)::Gateway Close Event Codes (a/v1 GatewayCloseCode) 4001 Two: policy: resume → stop",
            place(4001)
        ),
        format!(
            "::notice {}title=added (minor)::Gateway Close Event Codes (a/v1 GatewayCloseCode) 4003 Four: added: Four",
            place(4003)
        ),
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected, "words alone are left out");
    // Nothing in a name ends a command or a property.
    let side = |name: &str, rows: &str| Side::new(name, registry(&[("a/v1/t", &format!("{HEADER}{rows}"))]), "");
    let odd = row(1, "A", "").replace("name = \"A\"", "name = \"100%0A\"");
    let text = diff(&side("a:b,c%", &row(2, "B", "")), &side("new", &(row(2, "B", "") + &odd))).report().github();
    assert!(text.starts_with("::notice title=a%3Ab%2Cc%25 → new::") && text.contains("added: 100%250A"), "{text}");
}

#[test]
fn what_a_change_breaks_stands_in_brackets() {
    let text = several().report().markdown();
    assert!(text.contains(": One (breaks users: `a::v1::GatewayCloseCode::One` is removed)\n"), "{text}");
}

#[test]
fn the_map_of_renames_has_each_identifier_and_its_enum() {
    let table = |name: &str, rows: &str| opcodes(rows).replace("\"Opcode\"", &format!("\"{name}\""));
    let ident = |value: u32, ident: &str| bare(value, "Name").replace("ident = \"Name\"", &format!("ident = \"{ident}\""));
    let (a, b) = (table("Old", &(ident(1, "One") + &ident(2, "Two") + &ident(3, "Three"))), table("Same", &ident(1, "One")));
    let (c, d) = (table("New", &(ident(1, "Uno") + &ident(2, "Due") + &ident(3, "Three"))), table("Same", &ident(1, "Eins")));
    let comparison = compare(&[("s/v1/a", &a), ("s/v1/b", &b)], &[("s/v1/a", &c), ("s/v1/b", &d)]);
    let found = value(&comparison);
    let rename =
        |enums: [&str; 2], old: &str, new: &str| json!({ "enum": enums[1], "old_enum": enums[0], "old": old, "new": new });
    assert_eq!(
        found["renames"],
        json!([
            rename(["Old", "New"], "One", "Uno"),
            rename(["Old", "New"], "Two", "Due"),
            rename(["Same", "Same"], "One", "Eins"),
        ])
    );
}

#[test]
fn a_table_without_a_title_is_known_by_its_file() {
    let page = |rows: &str| Sides::pages("page", &[SourceFile::new("t.toml", rows.to_owned())]).expect("it is a page").0;
    let comparison = diff(&page(&row(1, "A", "")), &page(&(row(1, "A", "") + &row(2, "B", ""))));
    assert!(plain(&comparison, false, 200).contains("added and changed: t\n"), "{comparison:?}");
}
