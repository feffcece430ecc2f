//! Rows: a name and a number that a source gives together, in whatever form.
//!
//! Takes a [`Tree`] and returns [`Group`]s: the rows of one enum, block of constants, object or `match`. A form that may be read
//! in two ways gives a row for each; the one whose name no table has does no harm.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The tokens of the name and the number; the number has none of its own if it was counted, or is one of a tuple.
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
    /// The block that has the rows.
    pub block: usize,
    /// The name of the enum, class or object.
    pub label: Option<&'a str>,
    /// The rows in the order of the source.
    pub rows: Vec<Row<'a>>,
    /// Names of other groups that it takes over: `**others`, `...others`.
    pub spreads: BTreeSet<&'a str>,
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

/// A row that may be: the block that it counts to, the token of its name, and whether it has a bracket of its own.
type Candidate = (usize, usize, bool);

/// The groups of a file, each with two rows or more.
pub(super) fn groups<'a>(tree: &Tree<'a>) -> Vec<Group<'a>> {
    let mut blocks: BTreeMap<usize, Vec<Row<'a>>> = BTreeMap::new();
    // The block of a statement that gives values to several names.
    let mut of_several = None;
    for at in 0..tree.tokens.len() {
        let is_end = |block: &usize| {
            tree.blocks[*block].end <= at || tree.inside[at] == *block && matches!(tree.kind(at), Kind::Line(_) | Kind::Sign(";"))
        };
        of_several = of_several.filter(|block| !is_end(block));
        if let Some(rows) = tuple(tree, at) {
            of_several = Some(tree.inside[at]);
            blocks.entry(tree.inside[at]).or_default().extend(rows);
        }
        let (Kind::Number(number), None) = (tree.kind(at), of_several) else { continue };
        for (block, name_at, is_bracketed) in name_first(tree, at).into_iter().chain(number_first(tree, at)) {
            let (Kind::Word(name) | Kind::Text(name)) = tree.kind(name_at) else { continue };
            // The row in `X[X["NAME"] = 5]` is none of the index.
            let is_index = tree.blocks[block]
                .opener
                .is_some_and(|opener| tree.is_sign(opener, &["["]) && matches!(tree.kind(opener.wrapping_sub(1)), Kind::Word(_)));
            let rows = blocks.entry(if is_index { tree.blocks[block].parent } else { block }).or_default();
            match rows.last_mut() {
                // `NAME(4004, "text")` has two names, and the first one is that of the row.
                Some(row) if row.number_at == Some(at) => row.also.push(name),
                _ => {
                    let flags = if is_bracketed { flags(tree, tree.inside[at]) } else { Vec::new() };
                    rows.push(Row { number_at: Some(at), flags, ..Row::counted(name, number, name_at) });
                }
            }
        }
    }
    let written = blocks.values().flatten().map(|row| (row.name_at, row.number)).collect();
    for (block, row) in counted(tree, &written) {
        blocks.entry(block).or_default().push(row);
    }
    let group = |(block, mut rows): (usize, Vec<Row<'a>>)| {
        rows.sort_by_key(|row| row.name_at);
        let look_ups = rows.iter().filter(|row| row.number_at.is_some_and(|at| at < row.name_at)).count();
        Group { block, label: tree.label(block), is_look_up: look_ups * 2 > rows.len(), rows, spreads: spreads(tree, block) }
    };
    blocks.into_iter().filter(|(_, rows)| rows.len() > 1).map(group).collect()
}

/// The names that stand behind `**` or `...` in a bracket.
fn spreads<'a>(tree: &Tree<'a>, block: usize) -> BTreeSet<&'a str> {
    let is_spread = |at: usize, sign: &str| tree.is_sign(at, &[sign]) && tree.is_sign(at.wrapping_sub(1), &[sign]);
    let name = |at: usize| if let Kind::Word(name) = tree.kind(at + 1) { Some(name) } else { None };
    let spread = |at: usize| name(at).filter(|_| is_spread(at, "*") || is_spread(at, "."));
    if tree.blocks[block].opener.is_some() { tree.children(block).filter_map(spread).collect() } else { BTreeSet::new() }
}

/// A row whose name is before the number.
fn name_first(tree: &Tree<'_>, at: usize) -> Option<Candidate> {
    let (before, block) = (tree.before(at), tree.inside[at]);
    let opener = tree.blocks[block].opener.filter(|opener| tree.is_sign(*opener, &["(", "{"]));
    let owner = opener.and_then(|opener| tree.owner(opener));
    let parent = tree.blocks[block].parent;
    // `("NAME", 4004)`, `X(NAME, 4004)`, `X(NAME, = 4004)`
    let comma = if tree.is_sign(before, &["="]) { before.wrapping_sub(1) } else { before };
    let is_beside = tree.is_sign(comma, &[","]) && opener.is_some_and(|opener| tree.next(opener) + 1 == comma);
    match tree.kind(before) {
        _ if is_beside => Some((parent, comma - 1, true)),
        _ if !is_ended(tree, at) => None,
        Kind::Sign("=" | ":=" | ":" | "=>" | "->") => {
            let is_declared = tree.is_sign(before, &["=", ":="]);
            let name = if is_declared { tree.declared(before)? } else { before.wrapping_sub(1) };
            let is_field = |name: &str| NUMBER_FIELDS.contains(&format!(" {} ", name.replace('_', "").to_lowercase()));
            match (tree.kind(name), owner) {
                (Kind::Word(field), Some(owner)) if is_field(field) => Some((parent, owner, true)),
                _ => Some((block, name, false)),
            }
        }
        Kind::Sign("(" | "{") if opener == Some(before) => Some((parent, owner?, true)),
        // `#define NAME 4004`, `@name 4004`
        Kind::Word(_) => {
            let sign = before.wrapping_sub(1);
            (tree.kind(sign) == Kind::Word("define") || tree.is_sign(sign, &["@"])).then_some((block, before, false))
        }
        _ => None,
    }
}

/// The rows of `A, B = 4010, 4011`; of such names none, if not each has its number or something else is there.
fn tuple<'a>(tree: &Tree<'a>, equals: usize) -> Option<Vec<Row<'a>>> {
    let names = Some(tree.several(equals)).filter(|names| !names.is_empty())?;
    let bracket = tree.opened(equals + 1);
    let (block, first) = bracket.map_or((tree.inside[equals], equals + 1), |bracket| (bracket, equals + 2));
    let is_value = |kind| matches!(kind, Kind::Number(_) | Kind::Sign(",")) || bracket.is_some() && matches!(kind, Kind::Line(_));
    let end = first + (first..tree.tokens.len()).take_while(|at| is_value(tree.kind(*at))).count();
    let behind = end + usize::from(bracket.is_some_and(|bracket| tree.blocks[bracket].end == end));
    let numbers = tree.items(block, first..end);
    // Before the first name may be a `const`.
    let row = |(at, (name, number)): (usize, (&Vec<usize>, &Vec<usize>))| match (tree.kind(*name.last()?), tree.kind(number[0])) {
        (Kind::Word(word), Kind::Number(number)) if at == 0 || name.len() == 1 => Some(Row::counted(word, number, *name.last()?)),
        _ => None,
    };
    let rows: Option<Vec<Row<'a>>> = names.iter().zip(&numbers).enumerate().map(row).collect();
    let is_all = names.len() == numbers.len() && matches!(tree.kind(behind), Kind::Line(_) | Kind::Sign("" | ";"));
    Some(rows.filter(|_| is_all).unwrap_or_default())
}

/// Whether a number is all of a value.
fn is_ended(tree: &Tree<'_>, at: usize) -> bool {
    let is_end = |kind| matches!(kind, Kind::Line(_) | Kind::Word("as") | Kind::Sign("" | "," | ";" | ")" | "}" | "]"));
    is_end(tree.kind(at + 1))
}

/// Rows whose name is behind the number.
fn number_first(tree: &Tree<'_>, at: usize) -> Vec<Candidate> {
    let block = tree.inside[at];
    let parent = tree.blocks[block].parent;
    let opener = tree.blocks[block].opener.unwrap_or(usize::MAX);
    let is_first = tree.before(at) == opener && tree.is_sign(opener, &["(", "{", "["]);
    let is_key = is_first && tree.is_sign(opener, &["["]) && tree.is_sign(at + 1, &["]"]);
    let before = tree.kind(at.wrapping_sub(1));
    let is_start = matches!(before, Kind::Line(_) | Kind::Word("case") | Kind::Sign("," | "{" | "[" | ";" | "("));
    let sign = if is_key { at + 2 } else { at + 1 };
    let (block, is_bracketed) = match tree.kind(sign) {
        Kind::Sign("=>" | "->" | ":" | "=") if is_key => (parent, false),
        Kind::Sign("=>" | "->" | ":") if is_start => (block, false),
        // `{4004, "text"}`, `(4004, Name)`
        Kind::Sign(",") if is_first => (parent, true),
        _ => return Vec::new(),
    };
    names(tree, sign).into_iter().map(|name| (block, name, is_bracketed)).collect()
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
