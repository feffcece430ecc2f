//! Every generated table compared with an independent reading of its TOML, and every conversion there and back.
//!
//! `build.rs` lists the tables, so a new table is tested without a line of Rust.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde::{Serialize, de::DeserializeOwned};
use wirecodes::{Code, Wire};
use wirecodes_tests::tables::{as_json, written};

use crate::ask::{self, Table, Tables, close_codes, opcodes, responses as error_codes, responses as status_codes};

/// What the TOML says, read without the generator.
fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let tables = written().into_iter().map(|(path, table)| (path, as_json(&table.into())));
        Tables(tables.collect())
    })
}

/// What a text names, found by comparing it with all names of all codes letter by letter.
fn named<T: Code>(names: &[(T, Vec<String>)], text: &str) -> Option<T> {
    let having = |is_it: &dyn Fn(&str) -> bool| -> Vec<T> {
        names.iter().filter(|(_, names)| names.iter().any(|name| is_it(name))).map(|(code, _)| *code).collect()
    };
    // For a text in ASCII every other character of a name is one that the text does not have.
    let is_letter = |c: &char| c.is_alphanumeric() || text.is_ascii() && !c.is_ascii();
    let letters = |text: &str| -> String { text.chars().filter(is_letter).flat_map(char::to_lowercase).collect() };
    let exact = having(&|name| name == text);
    let alike = having(&|name| !letters(text).is_empty() && letters(name) == letters(text));
    exact.first().or(if let [one] = alike.as_slice() { Some(one) } else { None }).copied()
}

fn spellings_are_read_letter_by_letter<T: Code>(table: &Table<'_>) {
    let all = T::ALL.iter().map(|code| (*code, table.names(code.code().into())));
    let names: Vec<(T, Vec<String>)> = all.collect();
    let texts: Vec<&String> = names.iter().flat_map(|(_, names)| names).collect();
    // More of it than any name is long.
    let much: &str = "-".repeat(130).leak();
    let inserted = proptest::sample::select(vec!["", "", "", "", " ", "-", "_", "@", "s", "7", "é", "’", "\0", much]);
    let edit = (any::<Index>(), inserted);
    let spelling = (any::<Index>(), proptest::collection::vec(edit, 0..4), 0..3_usize);
    let config = ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(60), ..ProptestConfig::default() };
    let found = TestRunner::new(config).run(&spelling, |(text, edits, case)| {
        let mut text: Vec<String> = text.get(&texts).chars().map(String::from).collect();
        for (place, edit) in edits {
            // Before a character comes another one; or its case is changed.
            let place = place.get_mut(&mut text);
            *place = if edit.is_empty() { place.to_uppercase() } else { format!("{edit}{place}") };
        }
        let text: String = text.concat();
        let text = [text.clone(), text.to_lowercase(), text.to_uppercase()][case].clone();
        prop_assert_eq!(T::from_str(&text).ok(), named(&names, &text), "{}", text);
        Ok(())
    });
    found.unwrap_or_else(|error| panic!("{}: {error}", T::TITLE));
}

/// A binary format that gives each type its own encoding writes a number in the width of its table.
fn a_binary_format_keeps_the_number<T: Code>(numbers: &[u32])
where
    T::Number: Serialize,
    Wire<T>: Serialize + DeserializeOwned + From<T::Number>,
{
    for number in numbers {
        let code = T::Number::try_from(*number).ok().expect("the number fits");
        let bytes = postcard::to_allocvec(&Wire::<T>::from(code)).unwrap();
        assert_eq!(bytes, postcard::to_allocvec(&code).unwrap(), "{}: {number}", T::TITLE);
        assert_eq!(postcard::from_bytes::<Wire<T>>(&bytes).unwrap(), Wire::from(code));
    }
}

/// The tests of one table.
macro_rules! table_tests {
    ($module:ident, $table:ty, $repr:ty, $kind:ident, $path:literal) => {
        mod $module {
            use super::*;

            fn table() -> Table<'static> {
                tables().table($path.trim_end_matches(".toml"))
            }

            #[test]
            fn what_all_enums_answer() {
                ask::code::<$table>(&table(), &[]);
            }

            #[test]
            fn what_the_kind_answers() {
                $kind::<$table>(&table());
            }

            #[test]
            fn spellings() {
                spellings_are_read_letter_by_letter::<$table>(&table());
            }

            #[test]
            fn a_binary_format() {
                a_binary_format_keeps_the_number::<$table>(&table().numbers());
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
