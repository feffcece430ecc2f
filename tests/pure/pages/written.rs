//! Pages as their writer knows them, and as text.

use std::collections::BTreeMap;

use super::drawn::plain;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Code,
    Name,
    Sentence,
    Reconnect,
    Direction,
    Colour,
}

#[derive(Clone, Debug)]
pub struct Code {
    pub numbers: [u32; 2],
    pub name: String,
    pub sentence: String,
    pub reconnect: bool,
    pub direction: usize,
    pub status: &'static str,
    /// As the page has them: the number, the name and the sentence.
    pub cells: [String; 3],
    /// Where the row is written, if not in its table.
    pub place: &'static str,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub kind: &'static str,
    pub heading: &'static str,
    pub level: &'static str,
    pub columns: Vec<(Column, &'static str)>,
    pub style: [&'static str; 2],
    pub words: [[&'static str; 3]; 2],
    pub codes: Vec<Code>,
    pub split: (&'static str, usize),
    pub decoy: [&'static str; 2],
    pub head: &'static str,
    pub junk: (&'static str, usize),
}

#[derive(Clone, Debug)]
pub struct Page {
    pub dialect: [&'static str; 3],
    pub tables: Vec<Table>,
}

/// A page as text, and the line of each row, by table and number.
#[derive(Default)]
pub struct Written {
    pub lines: Vec<String>,
    pub rows: BTreeMap<(usize, u32), usize>,
    pub junk: Vec<usize>,
    /// Where rows stand that are in no table of pipes.
    pub decoys: Vec<(&'static str, std::ops::Range<usize>)>,
}

impl Table {
    pub fn has(&self, column: Column) -> Option<&'static str> {
        self.columns.iter().find(|(one, _)| *one == column).map(|(_, header)| *header)
    }

    pub fn cell(&self, code: &Code, column: Column) -> String {
        let [yes, ways] = self.words;
        let text = match column {
            Column::Code if code.status == "code-deprecated" => format!("{} (deprecated)", code.cells[0]),
            Column::Code if self.has(Column::Name).is_none() => format!("{} ({})", code.cells[0], code.name.replace('|', "\\|")),
            Column::Code => code.cells[0].clone(),
            Column::Name if code.status == "deprecated" => format!("{} **(deprecated)**", code.cells[1]),
            Column::Name => code.cells[1].clone(),
            Column::Sentence => code.cells[2].clone(),
            Column::Reconnect => yes[usize::from(code.reconnect == (self.has(Column::Reconnect) == Some("Fatal")))].to_owned(),
            Column::Direction => ways[code.direction].to_owned(),
            Column::Colour => "red".to_owned(),
        };
        if code.status == "struck" { format!("~~{text}~~") } else { text }
    }

    pub fn line(&self, cells: &[String]) -> String {
        match self.style[0] {
            "tight" => format!("|{}|", cells.join("|")),
            "no-pipes" => cells.join(" | "),
            "indented" => format!("   | {} |", cells.join(" | ")),
            "padded" => format!("|  {}   |", cells.join("   |  ")),
            _ => format!("| {} |", cells.join(" | ")),
        }
    }

    pub fn header(&self) -> [String; 2] {
        let headers = self.columns.iter().map(|(_, header)| match self.head {
            "bold-head" => format!("**{header}**"),
            "tick-head" => format!("`{header}`"),
            "UPPER-head" => header.to_uppercase(),
            "lower-head" => header.to_lowercase(),
            _ => (*header).to_owned(),
        });
        let headers: Vec<String> = headers.collect();
        [self.line(&headers), self.line(&vec![self.style[1].to_owned(); headers.len()])]
    }

    pub fn junk(&self) -> String {
        let cell = |column: &Column| match column {
            Column::Code => self.junk.0.to_owned(),
            Column::Name => "JUNK".to_owned(),
            _ => self.cell(&plain(self, 0), *column),
        };
        self.line(&self.columns.iter().map(|(column, _)| cell(column)).collect::<Vec<_>>())
    }

    pub fn row(&self, code: &Code) -> String {
        self.line(&self.columns.iter().map(|(column, _)| self.cell(code, *column)).collect::<Vec<_>>())
    }
}

impl Written {
    pub fn push(&mut self, text: &str) {
        self.lines.extend(text.split('\n').map(str::to_owned));
    }

    /// Rows of a table in a form that is no table of pipes.
    pub fn elsewhere(&mut self, form: &'static str, table: &Table, codes: &[&Code]) {
        let start = self.lines.len() + 1;
        let [header, dashes] = table.header();
        let rows: Vec<String> = [header, dashes].into_iter().chain(codes.iter().map(|code| table.row(code))).collect();
        let pipes = rows.join("\n");
        let html = |code: &&Code| {
            let cells = table.columns.iter().map(|(column, _)| format!("<td>{}</td>", table.cell(code, *column)));
            format!("<tr>{}</tr>", cells.collect::<String>())
        };
        let heads: String = table.columns.iter().map(|(_, header)| format!("<th>{header}</th>")).collect();
        self.push(&match form.trim_start_matches("in-") {
            "other" => {
                let rows = codes.iter().map(|code| format!("| {} | {} |", code.cells[0], code.cells[1]));
                format!("## Elsewhere\n\n| Code | Name |\n|---|---|\n{}", rows.collect::<Vec<_>>().join("\n"))
            }
            "fence" => format!("```\n{pipes}\n```"),
            "tilde" => format!("~~~md\n{pipes}\n~~~"),
            "quote" => rows.iter().map(|row| format!("> {row}")).collect::<Vec<_>>().join("\n"),
            "comment" => format!("<!--\n{pipes}\n-->"),
            "mdx-comment" => format!("{{/*\n{pipes}\n*/}}"),
            "html" => {
                let body = codes.iter().map(html).collect::<Vec<_>>().join("\n");
                format!("<table>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>")
            }
            _ => "| File | What |\n|---|---|\n| a.rs | text |".to_owned(),
        });
        self.push("");
        self.decoys.push((form, start..self.lines.len()));
    }

    pub fn decoy(&mut self, table: &Table) {
        if table.decoy[0] != "none" {
            let mut code = plain(table, 90);
            code.name = "Decoy here".to_owned();
            code.cells[1] = code.name.clone();
            self.elsewhere(table.decoy[0], table, &[&code]);
        }
    }

    pub fn table(&mut self, at: usize, table: &Table) {
        if table.decoy[1] == "apart" {
            self.push("## Apart\n");
            self.decoy(table);
        }
        let heading = table.heading;
        self.push(&match table.level {
            "caption" => heading.to_owned(),
            "anchor" => format!("<ManualAnchor id=\"a{at}\" />\n###### {heading}\n"),
            level => format!("{level}{heading}\n"),
        });
        if table.decoy[1] == "before" && table.level != "caption" {
            self.decoy(table);
        }
        self.push(&table.header().join("\n"));
        let here: Vec<&Code> = table.codes.iter().filter(|code| code.place.is_empty()).collect();
        let mut is_open = false;
        for (index, code) in here.iter().enumerate() {
            if index > 0 && index == table.split.1 {
                is_open = table.split.0 == "accordion";
                self.split(table);
            }
            if index == table.junk.1 && !table.junk.0.is_empty() {
                self.push(&table.junk());
                self.junk.push(self.lines.len());
            }
            self.push(&table.row(code));
            self.rows.insert((at, code.numbers[0]), self.lines.len());
        }
        self.push(if is_open { "\n</Accordion>\n" } else { "" });
        for form in ["in-other", "in-fence", "in-quote", "in-comment", "in-html"] {
            let moved: Vec<&Code> = table.codes.iter().filter(|code| code.place == form).collect();
            if !moved.is_empty() {
                self.elsewhere(form, table, &moved);
            }
        }
        if table.decoy[1] == "after" {
            self.decoy(table);
        }
    }

    pub fn split(&mut self, table: &Table) {
        let header = table.header().join("\n");
        match table.split.0 {
            "blank" => self.push(""),
            "paragraph" => self.push(&format!("\nThere are more.\n\n{header}")),
            "heading" => self.push(&format!("\n###### More of them\n\n{header}")),
            "details" => self.push(&format!("\n<details>\n<summary>More</summary>\n\n{header}")),
            "accordion" => self.push(&format!("\n<Accordion title=\"More\">\n\n{header}")),
            _ => {}
        }
    }
}

impl Page {
    pub fn write(&self) -> Written {
        let mut page = Written::default();
        match self.dialect[0] {
            "mdx" => page.push("import {Alert} from '/x.jsx'\n\n# Codes\n\n<Alert>\n\nRead | this.\n\n</Alert>\n"),
            "front" => page.push("---\ntitle: Codes\n---\n\nSome words.\n"),
            _ => page.push("# Codes\n"),
        }
        for (at, table) in self.tables.iter().enumerate() {
            page.table(at, table);
        }
        page
    }

    pub fn text(&self, page: &Written) -> String {
        let text = page.lines.join("\n");
        let text = match self.dialect[1] {
            "crlf" => text.replace('\n', "\r\n"),
            "no-end" => text.trim_end().to_owned(),
            _ => text,
        };
        if self.dialect[2] == "bom" { format!("\u{FEFF}{text}") } else { text }
    }
}

/// The plainest cells.
pub fn restyle(code: &mut Code) {
    let [first, last] = code.numbers;
    let number = if last > first { format!("{first}-{last}") } else { first.to_string() };
    code.cells = [number, code.name.replace('|', "\\|"), code.sentence.replace('|', "\\|")];
}
