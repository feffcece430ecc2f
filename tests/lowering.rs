//! What the checks accept and what they reject, beyond the exact messages of `bad_tables`.

use wirecodes_codegen::{Files, Form, generate, load};

use crate::diff::{HEADER, bare, opcodes, row};

/// The rules that some files break, in the order of the messages.
fn broken(files: &[(&str, &str)]) -> Vec<&'static str> {
    let mut folder = Files::new("codes");
    for (path, text) in files {
        folder.insert(*path, text.as_bytes().to_vec());
    }
    load(&folder).1.iter().filter(|found| found.is_error()).map(|found| found.rule).collect()
}

fn broken_table(table: &str) -> Vec<&'static str> {
    broken(&[("s/v1/t.toml", table)])
}

fn range(first: u32, last: u32) -> String {
    format!("\n[[code]]\nrange = [{first}, {last}]\nname = \"{first} to {last}\"\nsummary = \"S.\"\n")
}

#[test]
fn one_mistake_has_one_message() {
    let responses = |rows: &str| opcodes(rows).replace("\"opcodes\"", "\"error-codes\"");
    assert_eq!(broken_table(&responses(&range(7, 9))), [""; 0]);
    assert_eq!(broken_table(&responses(&range(9, 9))), ["invalid-range"]);
    assert_eq!(broken_table(&responses(&(range(9, 9) + &range(8, 10)))), ["invalid-range"], "it overlaps nothing");
    assert_eq!(broken_table(&responses(&range(300, 300))), ["invalid-range"]);
    assert_eq!(broken_table(&responses(&(range(1, 5) + &range(5, 9)))), ["overlapping-ranges"]);
    let removed = range(1, 5) + "status = \"removed\"\n";
    assert_eq!(broken_table(&responses(&(range(1, 5) + &removed))), ["overlapping-ranges"], "one of them would be lost");
    assert_eq!(broken_table(&responses(&(removed.clone() + &removed))), ["overlapping-ranges"], "one of them would be lost");
    assert_eq!(broken_table(&responses(&range(1, 5).repeat(2))), ["duplicate-value"]);
    assert_eq!(broken_table(&responses(&(range(1, 5) + &range(6, 9)))), [""; 0]);
    // A table that names one with a mistake has none itself.
    let base = format!("{HEADER}{}", row(70_000, "A", ""));
    let other = format!("{HEADER}{}", row(1, "A", "")).replace("[reconnect]\n", "[reconnect]\nextends = \"base/v1/t\"\n");
    assert_eq!(broken(&[("base/v1/t.toml", &base), ("s/v1/t.toml", &other)]), ["out-of-range"]);
}

#[test]
fn two_enums_of_an_edition_have_different_names() {
    let table = opcodes(&bare(1, "A"));
    assert_eq!(broken(&[("s/v1/a.toml", &table), ("s/v1/b.toml", &table)]), ["duplicate-enum"]);
    assert_eq!(broken(&[("s/v1/a.toml", &table), ("s/v2/a.toml", &table), ("t/v1/a.toml", &table)]), [""; 0]);
}

#[test]
fn a_name_has_more_than_backticks() {
    let named = |row: &str, name: &str| opcodes(row).replace("\"opcodes\"", "\"error-codes\"").replace("NAME", name);
    for row in [bare(1, "A").replace("name = \"A\"", "name = \"NAME\""), range(1, 5).replace("1 to 5", "NAME")] {
        assert_eq!(broken_table(&named(&row, "`a`")), [""; 0]);
        for name in ["``", "` `"] {
            assert_eq!(broken_table(&named(&row, name)), ["empty-text"], "{name}");
        }
    }
}

#[test]
fn the_ends_of_what_is_allowed_are_allowed() {
    let wait = |wait: &str| {
        let policy = format!("policy = {{ action = \"resume\", wait = {{ {wait} }}, basis = \"judgement\", reason = \"Why.\" }}");
        broken_table(&format!("{HEADER}{}", row(1, "A", &policy)))
    };
    assert_eq!(wait("jitter = [5, 5]"), [""; 0], "always the same wait");
    assert_eq!(wait("jitter = [6, 5]"), ["invalid-range"]);
    let every = |seconds: u32| {
        let limits = format!("[limits]\nidentify_every = {{ value = {seconds}, reason = \"R.\" }}\n\n[reconnect]\n");
        broken_table(&format!("{HEADER}{}", row(1, "A", "")).replace("[reconnect]\n", &limits))
    };
    assert_eq!(every(24 * 60 * 60), [""; 0], "once a day");
    assert_eq!(every(24 * 60 * 60 + 1), ["out-of-range"]);
}

#[test]
fn an_address_is_a_whole_web_address() {
    let with = |url: &str| {
        broken_table(&opcodes(&bare(1, "A")).replace("date = 2020-01-01", &format!("url = '{url}'\ndate = 2020-01-01")))
    };
    for url in ["https://example.org/a?b=c#d", "http://example.org"] {
        assert_eq!(with(url), [""; 0], "{url}");
    }
    for url in ["ftp://example.org", "example.org", "https://example.org/a b", "https://example.org/<a>", "javascript:alert(1)"] {
        assert_eq!(with(url), ["invalid-url"], "{url}");
    }
}

#[test]
fn numbers_fit_up_to_the_greatest_of_their_type() {
    for (repr, max) in [("u8", 0xFF_u64), ("u16", 0xFFFF), ("u32", 0xFFFF_FFFF)] {
        let table = |number: u64| {
            opcodes(&bare(0, "Code").replace("value = 0", &format!("value = {number}"))).replace("\"u8\"", &format!("\"{repr}\""))
        };
        assert_eq!(broken_table(&table(max)), [""; 0], "{repr}");
        assert_eq!(broken_table(&table(max + 1)), ["out-of-range"], "{repr}");
    }
}

/// Each of these, accepted, would make two items of one name or hide the standard library.
#[test]
fn what_the_generated_code_names_itself_is_reserved() {
    for system in ["lib", "runtime", "alloc", "core", "std"] {
        assert_eq!(broken(&[(&format!("{system}/v1/t.toml"), &opcodes(&bare(1, "A")))]), ["reserved-name"], "{system}");
    }
    for ident in ["ALL", "LIMITS", "OPENER", "TITLE"] {
        assert_eq!(broken_table(&opcodes(&bare(1, ident))), ["reserved-name"], "{ident}");
        for key in ["aliases", "renamed_from"] {
            let other = bare(1, "A") + &format!("{key} = [\"{ident}\"]\n");
            assert_eq!(broken_table(&opcodes(&other)), ["reserved-name"], "{key}: {ident}");
        }
    }
}

#[test]
fn the_old_code_of_a_number_may_have_the_identifier_of_the_new_one() {
    let removed = row(11, "Connect", "status = \"removed\"");
    assert_eq!(broken_table(&format!("{HEADER}{removed}{}", row(11, "Connect", ""))), [""; 0], "it has no variant");
    assert_eq!(broken_table(&format!("{HEADER}{removed}{}", row(12, "Connect", ""))), ["duplicate-ident"]);
}

#[test]
fn a_table_names_clients_that_are_compared() {
    let table = |clients: &str| format!("{HEADER}clients = \"{clients}\"\n{}", row(1, "A", ""));
    let clients = "[[client]]\nname = \"one\"\nversion = \"1\"\nrepository = \"https://example.org\"\n[[client.table]]\ncodes = \"t\"\nstop = [1]\n";
    let own = format!("{HEADER}{}", row(1, "A", "").replace("\"resume\"", "\"stop\""));
    let with =
        |named: &str| broken(&[("s/v1/t.toml", &table(named)), ("other/v1/t.toml", &own), ("other/clients.toml", clients)]);
    assert!(!with("other/t").contains(&"unknown-reference"));
    assert_eq!(with("other/u"), ["unknown-reference"]);
    assert_eq!(with("another/t"), ["unknown-reference"]);
}

#[test]
fn the_crate_has_a_name_that_cargo_and_rust_accept() {
    let manifest = |name: &str| format!("name = \"{name}\"\nversion = \"1.0.0\"\ndescription = \"D\"\n");
    let table = opcodes(&bare(1, "One"));
    let with = |name: &str| broken(&[("crate.toml", &manifest(name)), ("s/v1/t.toml", &table)]);
    for name in ["codes", "their-codes", "their_codes2"] {
        assert_eq!(with(name), [""; 0], "{name}");
    }
    for name in ["2codes", "-codes", "Codes", "their codes", "their.codes", "cödes", "fn", "core", "std", "proc-macro"] {
        assert!(with(name).contains(&"invalid-package"), "{name}");
    }
}

#[test]
fn a_folder_without_a_manifest_has_its_own_notice_and_front_page() {
    let mut folder = Files::new("codes");
    folder.insert("s/v1/t.toml", opcodes(&bare(1, "One")).into_bytes());
    folder.insert("NOTICE", b"The facts are those of a standard.\n".to_vec());
    folder.insert("README.md", b"# Codes of modems\n".to_vec());
    let registry = load(&folder).0.expect("nothing is wrong");
    let tree = generate(&registry, &Form::default());
    assert!(tree.get("NOTICE").is_some_and(|notice| notice.contains("those of a standard")));
    assert!(tree.get("README.md").is_some_and(|page| page.contains("# Codes of modems")));
}
