//! Tables in Markdown, and goals that are met or missed.

use std::fmt::Write as _;

/// A table in Markdown: the first column is text, the others are numbers.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].chars().count(), 3]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let width = *width;
            if column == 0 { format!(" {cell:<width$} ") } else { format!(" {cell:>width$} ") }
        });
        format!("|{}|\n", cells.collect::<Vec<_>>().join("|"))
    };
    let rule = widths.iter().enumerate().map(|(column, width)| {
        if column == 0 { format!(" {} ", "-".repeat(*width)) } else { format!(" {}: ", "-".repeat(width - 1)) }
    });
    let header: Vec<String> = header.iter().map(|text| (*text).to_owned()).collect();
    let mut text = line(&header);
    let _ = writeln!(text, "|{}|", rule.collect::<Vec<_>>().join("|"));
    text + &rows.iter().map(|row| line(row)).collect::<String>()
}

/// What was to be reached, and what was measured.
pub struct Goal {
    /// What is compared with what.
    pub what: String,
    /// The ratio that was measured, if it was.
    pub measured: Option<f64>,
    /// The largest ratio that is good enough.
    pub most: f64,
}

/// The goals as a table.
pub fn goals(goals: &[Goal]) -> String {
    let row = |goal: &Goal| {
        let (measured, verdict) = match goal.measured {
            None => ("not measured".to_owned(), "?"),
            Some(ratio) => (format!("{ratio:.2}"), if ratio <= goal.most { "met" } else { "**missed**" }),
        };
        vec![goal.what.clone(), format!("≤ {}", goal.most), measured, verdict.to_owned()]
    };
    table(&["goal", "ratio", "measured", ""], &goals.iter().map(row).collect::<Vec<_>>())
}
