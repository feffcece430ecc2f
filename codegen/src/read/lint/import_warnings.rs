//! The warnings of import that stand until a row or a table allows them.

/// Their names, with what they mean.
pub const IMPORT_WARNINGS: [(&str, &str); 8] = [
    (
        "contradicting-rows",
        "The page has two different rows for one number, such as two reasons. The first one is read; put the other into `note`.",
    ),
    ("footnote", "The row has a footnote on the page, which is not read. Put what matters into `note` or `summary`."),
    ("lost-column", "The page has no column any more for facts of the table. They stay as they are."),
    ("missing-cells", "The row has no cell on the page for some columns. Their facts stay as they are."),
    ("repeated-row", "The page has the same row twice. It is read once."),
    ("surplus-cells", "The row has more cells on the page than its table has columns. The last ones are not read."),
    ("table-not-on-page", "The edition has the table, and the imported page does not. It stays as it is."),
    ("unknown-column", "The table has a column on the page that is not read."),
];
