//! Rows: a name and a number that a source gives together, in whatever form.
//!
//! Takes a [`Tree`] and returns [`Group`]s: the rows of one enum, block of constants, object or `match`. A form that may be read
//! in two ways gives a row for each; the one whose name no table has does no harm.

use std::collections::BTreeMap;

use super::counting::counted;
use super::lexer::Kind;
use super::tree::Tree;

/// A name and its number.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub name: &'a str,
    /// Other names of it: the text beside the name.
    pub also: Vec<&'a str>,
    pub number: u32,
    /// The tokens of the name and the number; the number has none of its own if it was counted.
    pub name_at: usize,
    pub number_at: Option<usize>,
    /// What a truth value in the row says, and the name of its field.
    pub flags: Vec<(&'a str, bool)>,
}

impl<'a> Row<'a> {
    /// A row without a number of its own.
    pub(super) fn counted(name: &'a str, number: u32, name_at: usize) -> Self {
        Self { name, also: Vec::new(), number, name_at, number_at: None, flags: Vec::new() }
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.name).chain(self.also.iter().copied())
    }
}

/// Rows that belong together.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The name of the enum, class or object.
    pub label: Option<&'a str>,
    /// The rows in the order of the source.
    pub rows: Vec<Row<'a>>,
    /// Names of other groups that it takes over: `**others`, `...others`.
    pub spreads: Vec<&'a str>,
    /// Whether the number leads to the name, as in a `match`: such a group may be of some codes on purpose.
    pub is_look_up: bool,
}

impl Group<'_> {
    /// Its name: its own, or what its members start with.
    pub(super) fn name(&self) -> String {
        let first = self.rows[0].name;
        let common = |row: &Row<'_>| first.bytes().zip(row.name.bytes()).take_while(|(a, b)| a == b).count();
        let start = &first[..first.floor_char_boundary(self.rows.iter().map(common).min().unwrap_or_default())];
        let start = if start.trim_matches('_').len() > 1 { format!("{start}…") } else { String::new() };
        self.label.map_or(start, str::to_owned)
    }
}

/// Fields that hold the number of what is around them.
const NUMBER_FIELDS: &str = " code value id number op opcode status closecode statuscode ";

/// The groups of a file, each with two rows or more.
pub(super) fn groups<'a>(tree: &Tree<'a>) -> Vec<Group<'a>> {
    let mut blocks: BTreeMap<usize, Vec<(Row<'a>, bool)>> = BTreeMap::new();
    let mut add = |block: usize, name_at: usize, number_at: usize, bracket: Option<usize>| {
        let (Kind::Word(name) | Kind::Text(name), Kind::Number(number)) = (tree.kind(name_at), tree.kind(number_at)) else {
            return;
        };
        let flags = bracket.map(|bracket| flags(tree, bracket)).unwrap_or_default();
        let rows = blocks.entry(home(tree, block)).or_default();
        // `NAME(4004, "text")` has two names, and the first one is that of the row.
        match rows.last_mut().filter(|(row, _)| row.number_at == Some(number_at)) {
            Some((row, _)) => row.also.push(name),
            None => {
                let row = Row { number_at: Some(number_at), flags, ..Row::counted(name, number, name_at) };
                rows.push((row, number_at < name_at));
            }
        }
    };
    for at in (0..tree.tokens.len()).filter(|at| matches!(tree.kind(*at), Kind::Number(_))) {
        name_first(tree, at, &mut add);
        number_first(tree, at, &mut add);
    }
    let written = blocks.values().flatten().map(|(row, _)| (row.name_at, row.number)).collect();
    for (block, row) in counted(tree, &written) {
        blocks.entry(block).or_default().push((row, false));
    }
    let group = |(block, mut rows): (usize, Vec<(Row<'a>, bool)>)| {
        rows.sort_by_key(|(row, _)| row.name_at);
        let look_ups = rows.iter().filter(|(_, is_look_up)| *is_look_up).count();
        let is_look_up = look_ups * 2 > rows.len();
        let rows = rows.into_iter().map(|(row, _)| row).collect();
        Group { label: tree.label(block), rows, spreads: spreads(tree, block), is_look_up }
    };
    blocks.into_iter().filter(|(_, rows)| rows.len() > 1).map(group).collect()
}

/// The block that a row counts to: not the index in `X[X["NAME"] = 5]`.
fn home(tree: &Tree<'_>, block: usize) -> usize {
    let is_index = tree.blocks[block]
        .opener
        .is_some_and(|opener| tree.is_sign(opener, &["["]) && matches!(tree.kind(opener.wrapping_sub(1)), Kind::Word(_)));
    if is_index { tree.blocks[block].parent } else { block }
}

/// The names that stand behind `**` or `...` in a bracket.
fn spreads<'a>(tree: &Tree<'a>, block: usize) -> Vec<&'a str> {
    let is_spread = |at: usize, sign: &str| tree.is_sign(at, &[sign]) && tree.is_sign(at.wrapping_sub(1), &[sign]);
    let name = |at: usize| if let Kind::Word(name) = tree.kind(at + 1) { Some(name) } else { None };
    let spread = |at: usize| name(at).filter(|_| is_spread(at, "*") || is_spread(at, "."));
    if tree.blocks[block].opener.is_some() { tree.children(block).filter_map(spread).collect() } else { Vec::new() }
}

/// Rows whose name is before the number.
fn name_first(tree: &Tree<'_>, at: usize, add: &mut impl FnMut(usize, usize, usize, Option<usize>)) {
    let (before, block) = (tree.before(at), tree.inside[at]);
    let opener = tree.blocks[block].opener.filter(|opener| tree.is_sign(*opener, &["(", "{"]));
    let owner = opener.and_then(|opener| tree.owner(opener));
    let parent = tree.blocks[block].parent;
    match tree.kind(before) {
        Kind::Sign("=" | ":=" | ":" | "=>" | "->") if is_ended(tree, at) => {
            let name = if tree.is_sign(before, &["=", ":="]) { tree.declared(before) } else { Some(before.wrapping_sub(1)) };
            // `X(NAME, = 4004)`
            let beside = before.wrapping_sub(2);
            let is_beside = opener.is_some_and(|opener| tree.next(opener) == beside && tree.is_sign(before - 1, &[","]));
            let Some(name) = name.or(is_beside.then_some(beside)) else { return };
            let is_field = |name: &str| NUMBER_FIELDS.contains(&format!(" {} ", name.replace('_', "").to_lowercase()));
            match (tree.kind(name), owner) {
                (Kind::Word(field), Some(owner)) if is_field(field) => add(parent, owner, at, Some(block)),
                _ if is_beside => add(parent, name, at, Some(block)),
                _ => add(block, name, at, None),
            }
        }
        Kind::Sign("(" | "{") if opener == Some(before) && is_ended(tree, at) => {
            owner.into_iter().for_each(|owner| add(parent, owner, at, Some(block)));
        }
        // `("NAME", 4004)`, `X(NAME, 4004)`
        Kind::Sign(",") if opener.is_some_and(|opener| tree.next(opener) + 1 == before) => {
            add(parent, before - 1, at, Some(block))
        }
        // `#define NAME 4004`, `@name 4004`
        Kind::Word(_) => {
            let is_declared =
                tree.kind(before.wrapping_sub(1)) == Kind::Word("define") || tree.is_sign(before.wrapping_sub(1), &["@"]);
            if is_declared && is_ended(tree, at) {
                add(block, before, at, None);
            }
        }
        _ => {}
    }
}

/// Whether a number is all of a value.
fn is_ended(tree: &Tree<'_>, at: usize) -> bool {
    let is_end = |kind| matches!(kind, Kind::Line(_) | Kind::Word("as") | Kind::Sign("" | "," | ";" | ")" | "}" | "]"));
    is_end(tree.kind(at + 1))
}

/// Rows whose name is behind the number.
fn number_first(tree: &Tree<'_>, at: usize, add: &mut impl FnMut(usize, usize, usize, Option<usize>)) {
    let block = tree.inside[at];
    let opener = tree.blocks[block].opener.unwrap_or(usize::MAX);
    let is_first = tree.before(at) == opener && tree.is_sign(opener, &["(", "{", "["]);
    let bracketed = is_first && tree.is_sign(opener, &["["]) && tree.is_sign(at + 1, &["]"]);
    let sign = if bracketed { at + 2 } else { at + 1 };
    match tree.kind(sign) {
        Kind::Sign("=>" | "->" | ":" | "=") if bracketed || !tree.is_sign(sign, &["="]) => {
            let starts = matches!(
                tree.kind(at.wrapping_sub(1)),
                Kind::Line(_) | Kind::Word("case") | Kind::Sign("," | "{" | "[" | ";" | "(")
            );
            let block = if bracketed { tree.blocks[block].parent } else { block };
            if starts {
                names(tree, sign).into_iter().for_each(|name| add(block, name, at, None));
            }
        }
        // `{4004, "text"}`, `(4004, Name)`
        Kind::Sign(",") if is_first => {
            names(tree, sign).into_iter().for_each(|name| add(tree.blocks[block].parent, name, at, Some(block)));
        }
        _ => {}
    }
}

/// The tokens behind a sign that may be the name: the end of a path, and the first text.
fn names(tree: &Tree<'_>, sign: usize) -> Vec<usize> {
    const FURTHEST: usize = 10;
    let mut found = Vec::new();
    let mut at = tree.next(sign);
    while matches!(tree.kind(at), Kind::Word("return" | "throw" | "new")) {
        at += 1;
    }
    let end = at + FURTHEST;
    while let Kind::Word(word) = tree.kind(at) {
        if word == "case" || word == "default" {
            return found;
        }
        if !tree.is_sign(at + 1, &[".", "::", "(", "="]) {
            found.push(at);
            break;
        }
        at += 2;
    }
    let is_end = |at: &usize| matches!(tree.kind(*at), Kind::Line(_) | Kind::Sign("," | ";" | "}" | "") | Kind::Word("case"));
    found.extend((at..end).take_while(|at| !is_end(at)).find(|at| matches!(tree.kind(*at), Kind::Text(_))));
    found
}

/// The truth values in a bracket, with the names of their fields.
fn flags<'a>(tree: &Tree<'a>, block: usize) -> Vec<(&'a str, bool)> {
    const FURTHEST: usize = 60;
    let flag = |at: usize| {
        let Kind::Word(word @ ("true" | "false" | "True" | "False")) = tree.kind(at) else { return None };
        let field = if tree.is_sign(at - 1, &[":", "="]) { tree.kind(at - 2) } else { Kind::Sign("") };
        Some((if let Kind::Word(field) = field { field } else { "" }, word.eq_ignore_ascii_case("true")))
    };
    tree.children(block).take(FURTHEST).filter_map(flag).collect()
}
