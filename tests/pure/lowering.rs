//! What the checks accept and what they reject, beyond the exact messages of `bad_tables`.

use wirecodes_codegen::{Date, Files, load};

use wirecodes_tests::tables::{HEADER, SHIPPED, bare, folder, opcodes, row};

/// The rules that some files break, in the order of the messages.
fn broken(files: &[(&str, &str)]) -> Vec<&'static str> {
    load(&folder(files.iter().copied())).1.iter().filter(|found| found.is_error()).map(|found| found.rule).collect()
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
    assert_eq!(broken_table(&responses(&(range(1, 20) + &range(2, 3) + &range(10, 12)))), ["overlapping-ranges"; 2]);
    assert_eq!(broken_table(&responses(&range(254, 255))), [""; 0]);
    assert_eq!(broken_table(&responses(&range(0, 256))), ["out-of-range"]);
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

/// The parser says of a key with too many parts only that there is one.
#[test]
fn a_key_of_too_many_parts_is_named_with_its_line() {
    let table = format!("{HEADER}{}", row(1, "A", ""));
    let (_, found) = load(&folder([("s/v1/t.toml", format!("{table}# The next line.\n{} = 1\n", vec!["a"; 20_000].join(".")))]));
    assert_eq!((found.len(), found[0].labels[0].span.line()), (1, table.lines().count() + 2), "{}", found[0].message);
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
    for ident in ["ALL", "LIMITS", "TITLE"] {
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

/// Each kind of table, and a row that has what its kind needs.
fn kinds() -> [(&'static str, String); 4] {
    let of = |kind: &str| opcodes("").replace("\"opcodes\"", &format!("\"{kind}\"")).replace("\"u8\"", "\"u16\"");
    [
        ("opcodes", opcodes("")),
        ("close-codes", HEADER.to_owned()),
        ("status-codes", of("status-codes")),
        ("error-codes", of("error-codes")),
    ]
}

/// A key that one kind has is an error in each other kind, of a code as of a range, and the message names the key.
#[test]
fn a_key_of_another_kind_is_an_error() {
    let policy = "{ action = \"stop\", fix = \"F.\", basis = \"judgement\", reason = \"R.\" }";
    let asked = kinds().into_iter().map(|(kind, header)| keys_in(kind, &header, policy)).sum::<usize>();
    assert_eq!(asked, 4 * KEYS.len() + 3 * KEYS.len());
}

/// The keys that only some kinds have, with a value. Without one it is a policy.
const KEYS: [(&str, &str, &[&str]); 13] = [
    ("direction", "\"send\"", &["opcodes"]),
    ("format", "\"json\"", &["opcodes"]),
    ("reconnect", "true", &["close-codes"]),
    ("resume", "true", &["close-codes"]),
    ("advice", "\"resume\"", &["close-codes"]),
    ("policy", "", &["opcodes", "close-codes"]),
    ("policy_unless_resumable", "", &["opcodes"]),
    ("retry", "\"wait\"", RESPONSES),
    ("group", "\"not-found\"", RESPONSES),
    ("fault", "\"user\"", RESPONSES),
    ("fix", "\"F.\"", RESPONSES),
    ("http", "403", &["error-codes"]),
    ("limit", "250", &["error-codes"]),
];

const RESPONSES: &[&str] = &["status-codes", "error-codes"];

/// Tries each key in a table of one kind, and says how many rows that were.
fn keys_in(kind: &str, header: &str, policy: &str) -> usize {
    let mut asked = 0;
    for (key, value, of) in KEYS {
        let value = if value.is_empty() { policy } else { value };
        let plain = match (kind, key) {
            ("close-codes", "policy") => bare(1, "A"),
            ("close-codes", _) => row(1, "A", ""),
            (_, "policy_unless_resumable") => bare(1, "A") + &format!("policy = {policy}\n"),
            _ => bare(1, "A"),
        };
        let mut rows = vec![plain.clone() + &format!("{key} = {value}\n")];
        if kind != "opcodes" {
            rows.push(rows[0].replace("value = 1\n", "range = [5, 9]\n").replace("ident = \"A\"\n", ""));
        }
        for rows in rows {
            let (registry, found) = load(&folder([("s/v1/t.toml", format!("{header}{rows}"))]));
            let errors: Vec<_> = found.iter().filter(|found| found.is_error()).map(|found| found.message.as_str()).collect();
            let names_it = errors.iter().any(|message| message.contains(&format!("`{key}`")));
            assert_eq!([registry.is_some(), !names_it], [of.contains(&kind); 2], "{kind} {key}: {errors:?}\n{rows}");
            asked += 1;
        }
    }
    asked
}

/// What follows from a row fits the kind of its table, and what answers where no row does is there for close codes alone.
#[test]
fn the_effect_of_a_row_fits_the_kind_of_its_table() {
    let registry = &*SHIPPED;
    let mut seen = std::collections::BTreeSet::new();
    for table in registry.tables() {
        let kind = format!("{:?}", table.kind);
        assert_eq!(table.fallback.is_some(), kind == "CloseCodes", "{}", table.path);
        for row in &table.rows {
            let effect = format!("{:?}", row.effect);
            let effect = effect.split(['(', ' ']).next().unwrap_or_default();
            let fits: &[&str] = match kind.as_str() {
                "Opcodes" => &["None", "Ending"],
                "CloseCodes" => &["Close"],
                _ => &["Response"],
            };
            assert!(fits.contains(&effect), "{} {}: {effect}", table.path, row.facts.number);
            seen.insert((kind.clone(), effect.to_owned()));
        }
        assert!(table.recycled.iter().all(|row| format!("{:?}", row.effect) == "None"), "{}", table.path);
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// A rule that does not exist is named wherever a row allows it: a code, a range, and the old code of a number.
#[test]
fn a_misspelt_rule_is_found_in_every_row() {
    let allow = "allow = [\"stop-without-fx\"]\n";
    let removed = row(1, "Old", &format!("status = \"removed\"\n{allow}"));
    let rows = [
        row(1, "A", allow),
        row(1, "A", "") + &range(5, 9) + "policy = { action = \"resume\", basis = \"judgement\", reason = \"R.\" }\n" + allow,
        removed + &row(1, "A", ""),
    ];
    for rows in rows {
        let found = load(&folder([("s/v1/t.toml", format!("{HEADER}{rows}"))])).1;
        let unknown: Vec<String> =
            found.iter().filter(|found| found.rule == "unknown-rule").map(|found| found.help.join(" ")).collect();
        assert!(unknown.len() == 1 && unknown[0].contains("stop-without-fix"), "{rows}\n{found:?}");
    }
}

#[test]
fn the_shipped_tables_break_no_rule() {
    let folder = Files::from_folder(&wirecodes_tests::root().join("codes")).expect("the tables can be read");
    let found: Vec<String> = load(&folder).1.into_iter().map(|found| format!("{}: {}", found.rule, found.message)).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_date_is_a_day_or_a_month() {
    for text in ["2026-07-21", "2026-07", "2024-02-29"] {
        assert_eq!(Date::parse(text).expect("a date").to_string(), text);
    }
    for text in ["2026", "2026-13", "2026-00", "2026-02-30", "2026-7-1", "26-07-21", "2026-07-21-1", "", "2026-07-21T00:00:00"] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    // A month is not before its days.
    for (one, other, is_before) in [
        ("2026-06", "2026-07-01", true),
        ("2026-07-01", "2026-07-02", true),
        ("2026-07", "2026-07-01", false),
        ("2026-07-01", "2026-07", false),
    ] {
        let date = |text| Date::parse(text).expect("a date");
        assert_eq!(date(one).is_before(date(other)), is_before, "{one} {other}");
    }
    for (days, date) in [
        (0, "1970-01-01"),
        (58, "1970-02-28"),
        (789, "1972-02-29"),
        (10_957, "2000-01-01"),
        (11_016, "2000-02-29"),
        (11_017, "2000-03-01"),
        (20_787, "2026-11-30"),
        (47_540, "2100-02-28"),
        (47_541, "2100-03-01"),
    ] {
        assert_eq!(Date::from_days(days).to_string(), date, "{days} days after 1970");
    }
}

/// Of two that are as near it is the first in the alphabet; and a long word is cut.
#[test]
fn a_misspelt_word_has_one_suggestion() {
    for (written, help) in
        [("a4", "did you mean `a1`?"), ("clsoe", "did you mean `close`?"), ("opening", ""), (&"x".repeat(5000), "")]
    {
        let table = opcodes(&bare(1, "A"));
        let clients = format!(
            "[[client]]\nname = \"one\"\nversion = \"1\"\nrepository = \"https://example.org\"\n[[client.table]]\ncodes = \"{written}\"\nstop = [1]\n"
        );
        let tables = ["s/v1/a3.toml", "s/v2/a1.toml", "s/v3/a2.toml", "s/v4/close.toml"].map(|path| (path, table.as_str()));
        let found = load(&folder(tables.into_iter().chain([("s/clients.toml", clients.as_str())]))).1;
        let unknown = found.iter().find(|found| found.rule == "unknown-reference").expect("there is no such table");
        let suggested: String = unknown.help.iter().filter(|help| help.contains("did you mean")).cloned().collect();
        assert_eq!(suggested, help, "{}", unknown.message);
        assert!(unknown.message.contains(&format!("`{written:.300}")) && unknown.message.len() < 400, "{}", unknown.message);
    }
}

/// What people ask for is said: every code that a document lists has a group and a summary, most have a fix, and no sentence is
/// handed out like a stamp.
#[test]
fn the_shipped_answers_say_something() {
    let registry = &*SHIPPED;
    let tables = || registry.tables().filter(|table| table.kind.is_of_responses());
    for table in tables() {
        let mut said = std::collections::BTreeMap::<&str, usize>::new();
        for row in table.rows.iter().filter(|row| row.facts.is_live()) {
            assert!(row.ours.group.is_some() && row.ours.summary.is_some(), "{} {}", table.path, row.facts.number);
            for sentence in row.ours.summary.iter().chain(&row.ours.fix) {
                *said.entry(sentence.as_str()).or_default() += 1;
            }
        }
        let most = said.iter().max_by_key(|(_, count)| **count).expect("a sentence");
        assert!(*most.1 <= 5, "{}: {most:?}", table.path);
    }
    let errors = tables().find(|table| table.path.to_string() == "discord/v10/json-error-codes").expect("the table");
    let with_fix = errors.rows.iter().filter(|row| row.ours.fix.is_some()).count();
    assert!(with_fix * 10 > errors.rows.len() * 9, "{with_fix} of {}", errors.rows.len());
}
