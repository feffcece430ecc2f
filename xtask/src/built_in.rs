//! The tables that the program was built with, for where no folder of tables is around.

use wirecodes_codegen::Files;

const TABLES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The commit of the tables, where the build knew it.
pub const REVISION: Option<&str> = option_env!("REVISION_OF_TABLES");

/// All files of the folder of tables.
pub fn files() -> Files {
    let mut files = Files::new("codes");
    for (path, bytes) in TABLES {
        files.insert(*path, bytes.to_vec());
    }
    files
}

/// The date of the newest document.
pub fn date() -> String {
    let tables = TABLES.iter().filter(|(path, _)| path.split('/').count() == 3);
    let lines = tables.flat_map(|(_, bytes)| bytes.split(|byte| *byte == b'\n'));
    let dates = lines.filter_map(|line| std::str::from_utf8(line).ok()?.strip_prefix("date = "));
    dates.map(|date| date.trim_matches('"')).max().unwrap_or_default().to_owned()
}
