//! What the editor of a page of `pages.rs` changes, and what has to change in the tables because of it.

use std::collections::BTreeMap;

use super::drawn::{Draw, plain};
use super::written::{Code, Column, Page, restyle};

const EDITS: &str = "again restyle add remove reword rename rename-struck flip reverse columns swap swap-struck drop \
                     header strike move cut widen widen-struck level lose lose-struck shift renumber absorb";

/// What an edit changes: rows of one heading by their numbers, with the keys that differ and the kind of change.
#[derive(Debug)]
pub struct Edit {
    pub name: &'static str,
    pub heading: &'static str,
    pub rows: BTreeMap<u32, (&'static str, &'static [&'static str])>,
    /// Whether a person may be asked first.
    pub may_refuse: bool,
    /// Whether something is not on the page as it was.
    pub is_partial: bool,
}

/// Changes one thing, if the page has it.
#[allow(clippy::too_many_lines, reason = "an arm for each edit")]
pub fn edit(page: &mut Page, draw: &mut Draw) -> Option<Edit> {
    let (at, several) = (draw.below(page.tables.len()), page.tables.len() > 1);
    let table = &mut page.tables[at];
    let (one, two) = (draw.below(table.codes.len()), draw.below(table.codes.len()));
    let number = table.codes[one].numbers[0];
    let name = draw.of(&EDITS.split_whitespace().collect::<Vec<_>>());
    let heading = table.heading;
    let few = table.codes.len() <= 10;
    let mut edit = Edit { name, heading, rows: BTreeMap::new(), may_refuse: false, is_partial: false };
    let active = table.codes[one].status == "active";
    match name {
        "restyle" => table.codes.iter_mut().for_each(restyle),
        "add" => {
            let code = Code { name: "FRESH_MEADOW".to_owned(), ..plain(table, 11) };
            edit.rows.insert(code.numbers[0], ("added", &[]));
            table.codes.push(Code { cells: [code.cells[0].clone(), code.name.clone(), code.cells[2].clone()], ..code });
        }
        "remove" if table.codes.len() > 1 && active => {
            table.codes.remove(one);
            edit.rows.insert(number, ("struck-out", &["status"]));
            edit.may_refuse = few;
        }
        "reword" if table.has(Column::Sentence).is_some() => {
            table.codes[one].sentence = "Nobody knew of this before".to_owned();
            restyle(&mut table.codes[one]);
            edit.rows.insert(number, ("reworded", &["text"]));
        }
        "rename" | "rename-struck" if (name == "rename") == (table.codes[one].status != "struck") => {
            table.codes[one].name = "FRESH_MEADOW".to_owned();
            restyle(&mut table.codes[one]);
            edit.rows.insert(number, ("renamed", &["name", "text"]));
            edit.may_refuse = few && table.has(Column::Sentence).is_none();
        }
        "flip" if table.has(Column::Reconnect).is_some() => {
            table.codes[one].reconnect ^= true;
            edit.rows.insert(number, ("reconnect", &["reconnect"]));
        }
        "reverse" => table.codes.reverse(),
        "columns" => table.columns.rotate_left(1),
        "swap" | "swap-struck"
            if one != two && (name == "swap") == [one, two].iter().all(|at| table.codes[*at].status != "struck") =>
        {
            for at in [one, two] {
                edit.rows.insert(table.codes[at].numbers[0], ("redefined", &["name", "text"]));
            }
            let name = table.codes[one].name.clone();
            table.codes[one].name = std::mem::replace(&mut table.codes[two].name, name);
            restyle(&mut table.codes[one]);
            restyle(&mut table.codes[two]);
            edit.may_refuse = few;
        }
        "drop" if several => {
            page.tables.remove(at);
            edit.is_partial = true;
        }
        "header" => {
            let which = draw.below(table.columns.len());
            let is_known = draw.of(&["known-header", "unknown-header"]) == "known-header";
            let new = match table.columns[which].0 {
                Column::Code if is_known => draw.of(&["Code", "Value", "Number"]),
                Column::Name if is_known => draw.of(&["Name", "Codename", "Symbol"]),
                Column::Sentence if is_known => draw.of(&["Explanation", "Description"]),
                Column::Reconnect if is_known => draw.of(&["Recoverable", "Should Reconnect"]),
                Column::Code => draw.of(&["unknown-code", "Id", "Key"]),
                Column::Name => draw.of(&["unknown-name", "Word"]),
                Column::Sentence => draw.of(&["unknown-sentence", "Details", "What it means"]),
                _ => draw.of(&["unknown-other", "Comes back"]),
            };
            if new.starts_with("unknown") || table.columns.iter().any(|(_, header)| *header == new) {
                return None;
            }
            table.columns[which].1 = new;
        }
        "strike" if active => {
            table.codes[one].status = "struck";
            edit.rows.insert(number, ("struck-out", &["status"]));
        }
        "move" if active && table.codes.len() > 1 => {
            table.codes[one].place = draw.of(&["in-other", "in-fence", "in-quote", "in-comment", "in-html"]);
        }
        "cut" if table.codes.len() > 1 => table.split = (draw.of(&["paragraph", "heading", "accordion", "blank"]), 1 + one),
        "widen" | "widen-struck"
            if table.codes[one].numbers[1] > number && (name == "widen") == (table.codes[one].status != "struck") =>
        {
            table.codes[one].numbers[1] += 1;
            restyle(&mut table.codes[one]);
            edit.rows.insert(number, ("range-changed", &["range"]));
        }
        "lose" | "lose-struck" if (name == "lose") == table.codes.iter().all(|code| code.status == "active") => {
            let which = table
                .columns
                .iter()
                .position(|(column, _)| [Column::Sentence, Column::Reconnect, Column::Direction].contains(column))?;
            table.has(Column::Name)?;
            table.columns.remove(which);
            edit.is_partial = true;
        }
        "shift" if table.codes.len() > 1 && table.codes.iter().all(|code| code.status == "active") => {
            let mut names: Vec<String> = table.codes.iter().map(|code| code.name.clone()).collect();
            names.rotate_left(1);
            for (code, name) in table.codes.iter_mut().zip(names) {
                code.name = name;
                restyle(code);
                edit.rows.insert(code.numbers[0], ("redefined", &["name", "text"]));
            }
            edit.may_refuse = true;
        }
        "renumber" if active && table.codes[one].numbers[1] == number => {
            edit.rows.insert(number, ("struck-out", &["status"]));
            let new = number + 150;
            table.codes[one].numbers = [new, new];
            restyle(&mut table.codes[one]);
            edit.rows.insert(new, ("added", &[]));
            edit.may_refuse = few;
        }
        "absorb" if active && table.kind != "opcodes" && table.codes[one].numbers[1] == number => {
            let mut code = Code { name: "FRESH_MEADOW".to_owned(), numbers: [number - 1, number + 1], ..plain(table, 11) };
            restyle(&mut code);
            edit.rows.insert(number - 1, ("added", &[]));
            table.codes[one] = code;
        }
        "level" => table.level = if table.level == "## " { "###### " } else { "## " },
        "again" => {}
        _ => return None,
    }
    Some(edit)
}
