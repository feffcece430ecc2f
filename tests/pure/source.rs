//! The Rust that is generated, where its text matters: the crate's tests compile it and run it.

use wirecodes_codegen::{Form, Layout, Tree, generate, load};
use wirecodes_tests::tables::{HEADER, RESUME, bare, folder, header};

/// The crate `codes` of tables, by their paths without `.toml`.
fn rendered(tables: &[(&str, &str)], front: &str) -> Tree {
    let manifest = "name = \"codes\"\nversion = \"1.0.0\"\ndescription = \"Codes\"\n";
    let mut files = folder([("crate.toml", manifest), ("README.md", front)]);
    for (path, text) in tables {
        files.insert(format!("{path}.toml"), text.as_bytes().to_vec());
    }
    let (registry, found) = load(&files);
    generate(&registry.unwrap_or_else(|| panic!("{found:?}")), &Form { layout: Layout::Repository, ..Form::default() })
}

fn codes(repr: &str, rows: &str) -> String {
    header("T", "E", "error-codes", repr) + rows
}

/// The file of a table of error codes.
fn source(repr: &str, rows: &str) -> String {
    rendered(&[("s/v1/t", &codes(repr, rows))], "").get("src/s/v1/t.rs").expect("a file for the table").to_owned()
}

const RANGE: &str = "[[code]]\nrange = [5, 9]\nname = \"Range\"\nsummary = \"S.\"\n";

#[test]
fn a_variant_has_its_attributes() {
    for (keys, attributes) in [
        ("", vec!["#[doc(alias = \"7\")]"]),
        ("status = \"deprecated\"", vec!["#[doc(alias = \"7\")]", "#[deprecated(note = \"the document calls it deprecated\")]"]),
        ("status = \"removed\"", vec!["#[doc(alias = \"7\")]", "#[deprecated(note = \"the document no longer lists it\")]"]),
        (
            "aliases = [\"Sept\"]\nrenamed_from = [\"Sieben\", \"Sette\"]",
            ["7", "Sept", "Sieben", "Sette"]
                .map(|alias| format!("#[doc(alias = \"{alias}\")]"))
                .each_ref()
                .map(String::as_str)
                .into(),
        ),
    ] {
        let text = source("u8", &format!("{}{keys}\n", bare(7, "Seven")));
        let (before, _) = text.split_once("Seven = 7,").expect("a variant");
        let found: Vec<&str> = before.lines().map(str::trim).rev().skip(1).take_while(|line| line.starts_with("#[")).collect();
        assert_eq!(found.into_iter().rev().collect::<Vec<_>>(), attributes, "{keys}");
        assert!(!text.contains("{\n\n"), "a block starts with a blank line: {text}");
        // A former name still compiles, and says what to write instead.
        let former = text.matches("#[deprecated(note = \"renamed to `Seven`\")]").count();
        assert_eq!(former, if keys.contains("renamed") { 2 } else { 0 }, "{keys}");
    }
}

#[test]
fn a_name_that_does_not_lead_back_to_its_code_is_marked() {
    let rows = [("Shared", "First"), ("Shared", "Second"), ("Own", "Third"), ("Fifth", "Fourth"), ("Fifth one", "Fifth")];
    let rows = (1..)
        .zip(rows)
        .map(|(code, (name, ident))| bare(code, ident).replace(&format!("name = \"{ident}\""), &format!("name = \"{name}\"")));
    let text = source("u8", &rows.collect::<String>());
    let marked = text.split("ambiguous(").skip(1).map(|row| row.split('"').nth(1).expect("an identifier"));
    assert_eq!(marked.collect::<Vec<_>>(), ["First", "Second", "Fourth"], "two have one name, one has the identifier of another");
}

/// How a number leads to its row, and how much memory that takes.
#[test]
fn the_look_up_fits_the_numbers() {
    let squares = |count: u32| (0..count).map(|i| i * i).collect::<Vec<u32>>();
    let halved = "found by halving";
    for (repr, numbers, parts) in [
        ("u8", vec![7], ["SLOTS: usize = 2;", "number & 0x1)", ", u8);"]),
        ("u32", vec![0, u32::MAX], ["SLOTS: usize = 2;", "number & 0x1)", ", u8);"]),
        ("u32", vec![0, 1 << 20, u32::MAX - 1], ["SLOTS: usize = 4;", "number.wrapping_mul(", ", u8);"]),
        ("u8", (0..=255).collect(), ["SLOTS: usize = 256;", "number as usize", ", u8);"]),
        ("u16", (0..=255).collect(), ["SLOTS: usize = 256;", "number & 0xFF)", ", u8);"]),
        ("u16", (0..=256).collect(), ["SLOTS: usize = 512;", "number & 0x1FF)", ", u16);"]),
        ("u16", (1..=1024).collect(), ["SLOTS: usize = 1024;", "number & 0x3FF)", ", u16);"]),
        ("u16", (0..=1024).collect(), [halved; 3]),
        ("u32", squares(300), ["SLOTS: usize = 2048;", ".wrapping_mul(", ", u16);"]),
        ("u32", squares(1000), [halved; 3]),
    ] {
        let text = source(repr, &numbers.iter().map(|number| bare(*number, &format!("N{number}"))).collect::<String>());
        for part in parts {
            assert!(
                text.contains(part),
                "{} codes in {repr}: {part}\n{}",
                numbers.len(),
                text.split("const ROWS").next().expect("a start")
            );
        }
    }
}

#[test]
fn an_example_of_the_front_page_is_run_only_if_the_crate_has_what_it_uses() {
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
        let before =
            "Text of codes::t::v1.\n\n```\nno code of ours\n```\n\n```rust\nuse codes::Code;\n```\n\nSee codes::t::v1:\n";
        let front = |fence: &str| format!("{before}```{fence}\n{line}\nlet x = 1;\n```\n\nMore of codes::t::v1.\n");
        for (fence, shown) in [("rust", if is_run { "rust" } else { "rust,ignore" }), ("text", "text")] {
            let tree = rendered(&[("s/v1/t", &codes("u8", &bare(7, "Seven")))], &front(fence));
            assert!(tree.get("README.md").expect("a front page").contains(&front(shown)), "{fence}: {line}");
        }
    }
}

/// The examples of what all tables share use the newest table of the largest system that has codes, and go without one.
#[test]
fn the_examples_use_a_table_of_the_crate() {
    let (row, more) = (codes("u8", &bare(7, "Seven")), codes("u8", &(bare(7, "Seven") + &bare(8, "Eight"))));
    let (range, taken) = (codes("u8", RANGE), row.replace("\"E\"", "\"Code\""));
    let close = format!("{HEADER}\n[[code]]\nvalue = 1\nname = \"One\"\nident = \"One\"\npolicy = {RESUME}\n");
    for (tables, any, has_close_codes) in [
        (vec![("s/v1/t", &row), ("s/v2/t", &row)], "s::v2::E", false),
        (vec![("s/v1/t", &row), ("s/v2/t", &range)], "s::v1::E", false),
        (vec![("s/v1/t", &range)], "", false),
        (vec![("a/v1/t", &row), ("b/v1/t", &more)], "b::v1::E", false),
        (vec![("s/v1/t", &taken)], "s::v1::Code as AnyCode", false),
        (vec![("s/v1/t", &close)], "s::v1::GatewayCloseCode", true),
    ] {
        let tables: Vec<(&str, &str)> = tables.into_iter().map(|(path, text)| (path, text.as_str())).collect();
        let tree = rendered(&tables, "");
        let shared: String = tree.iter().filter(|(path, _)| path.starts_with("src/runtime")).map(|(_, text)| text).collect();
        assert!(!shared.contains("example::Any") && !shared.contains("wirecodes::"), "{tables:?}");
        let used = shared.lines().filter_map(|line| line.split_once("use codes::{")?.1.strip_suffix(", Wire};"));
        assert_eq!(used.collect::<String>(), any, "{tables:?}");
        assert_eq!(shared.contains("::policy_for(Some(65_535))"), has_close_codes, "{tables:?}");
        // No text ends with the empty line that was above its example.
        let lines: Vec<&str> = shared.lines().map(str::trim).collect();
        let ends = lines.windows(2).find(|pair| pair[0] == "///" && !pair[1].starts_with("///"));
        assert_eq!(ends, None, "{tables:?}");
    }
}

#[test]
fn the_example_of_an_enum_called_action_names_both() {
    let table = HEADER.to_owned() + RANGE + &format!("policy = {RESUME}\n");
    for (name, uses, action) in [
        ("Action", "use codes::s::v1::Action;", "codes::Action::Resume"),
        ("Other", "use codes::Action;\n/// use codes::s::v1::Other;", "Action::Resume"),
    ] {
        let tree = rendered(&[("s/v1/t", &table.replace("GatewayCloseCode", name))], "");
        let expected = format!("/// ```\n/// {uses}\n///\n/// assert_eq!({name}::policy_for(None).action, {action});\n/// ```");
        let text = tree.get("src/s/v1/t.rs").expect("a file");
        assert!(text.contains(&expected), "{text}");
    }
}
