//! Tables and pages of any size.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The identifier of a row.
pub fn ident(row: usize) -> String {
    format!("ErrorNumber{row}")
}

/// The number of a row.
pub fn number(row: usize) -> usize {
    row * 7
}

/// A page that documents so many codes.
pub fn page(rows: usize) -> String {
    page_with(rows, |row| number(row).to_string())
}

/// A page on which every second number cannot be read.
pub fn bad_page(rows: usize) -> String {
    page_with(rows, |row| if row % 2 == 0 { number(row).to_string() } else { format!("12x{row}") })
}

fn page_with(rows: usize, code: impl Fn(usize) -> String) -> String {
    let mut text = "# Codes\n\n###### Error Codes\n\n| Code | Meaning |\n| --- | --- |\n".to_owned();
    for row in 0..rows {
        let _ = writeln!(text, "| {} | Error number {row} |", code(row));
    }
    text
}

/// A table of so many codes. In the second edition one in a hundred is missing, and one in fifty has another name.
pub fn table(rows: usize, is_second: bool) -> String {
    let mut text = "title = \"Error Codes\"\nenum = \"ErrorCode\"\nkind = \"error-codes\"\nrepr = \"u32\"\nsummary = \"The errors.\"\n\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n".to_owned();
    for row in (0..rows).filter(|row| !is_second || row % 100 != 0) {
        let name = if is_second && row % 50 == 1 { "Other error" } else { "Error number" };
        let _ = write!(
            text,
            "\n[[code]]\nvalue = {}\nname = \"{name} {row}\"\nident = \"{}\"\nsummary = \"Something went wrong with number {row}.\"\n",
            number(row),
            ident(row)
        );
    }
    text
}

/// The identity of a crate.
pub const MANIFEST: &str = "name = \"krate\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";

/// Writes a file, and the folders above it.
pub fn write(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
