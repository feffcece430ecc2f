//! Tokens with the brackets and blocks that they are in.
//!
//! Takes the tokens of a file and returns a [`Tree`]: which block each token is in, what opened it, and the name that stands
//! before it. A bracket without its partner is passed over.

use std::ops::Range;

use super::lexer::{Habit, Kind, Language, Token};

/// What is between two brackets, or a run of lines that are indented alike.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The block around it.
    pub parent: usize,
    /// The bracket, or the end of the line before it. Nothing of the file as a whole.
    pub opener: Option<usize>,
    /// The first token that is no longer in it.
    pub end: usize,
}

/// The tokens of a file, by blocks.
pub(super) struct Tree<'a> {
    pub tokens: Vec<Token<'a>>,
    pub blocks: Vec<Block>,
    /// The block that each token is in. Brackets are in the block around them.
    pub inside: Vec<usize>,
    /// The block that each token opens or closes.
    partner: Vec<Option<usize>>,
    pub language: Language,
}

/// How many tokens a declaration may have before its value.
const LONGEST_DECLARATION: usize = 40;
/// How many brackets may be open in one that is closed.
const DEEPEST: usize = 200;

/// Words before the name of what they declare.
pub(super) const DECLARING: &str =
    " enum class struct object interface mod module namespace impl extension defmodule type record trait ";

impl<'a> Tree<'a> {
    pub(super) fn new(tokens: Vec<Token<'a>>, language: Language) -> Self {
        let end = tokens.len();
        let file = Block { parent: 0, opener: None, end };
        let mut tree = Tree { inside: Vec::with_capacity(end), partner: vec![None; end], blocks: vec![file], tokens, language };
        // The blocks that are open, each with the bracket that closes it, or with its indent.
        let mut open: Vec<(usize, Result<&str, usize>)> = vec![(0, Err(0))];
        for at in 0..end {
            let (block, last) = open[open.len() - 1];
            let opened = match (tree.tokens[at].kind, last) {
                (Kind::Sign("("), _) => Some(Ok(")")),
                (Kind::Sign("["), _) => Some(Ok("]")),
                (Kind::Sign("{"), _) => Some(Ok("}")),
                (Kind::Line(indent), Err(last)) if language.has(Habit::IndentBlocks) && last < indent => Some(Err(indent)),
                _ => None,
            };
            let depth = match (tree.tokens[at].kind, last) {
                (Kind::Sign(sign @ (")" | "]" | "}")), _) => {
                    (0..open.len()).rev().take(DEEPEST).find(|depth| open[*depth].1 == Ok(sign))
                }
                (Kind::Line(indent), Err(_)) => open.iter().position(|(_, other)| other.is_err_and(|other| other > indent)),
                _ => None,
            };
            open.drain(depth.unwrap_or(open.len())..).for_each(|(block, _)| tree.close(block, at));
            tree.inside.push(open[open.len() - 1].0);
            open.extend(opened.map(|closing| (tree.add(at, block), closing)));
        }
        tree
    }

    fn add(&mut self, opener: usize, parent: usize) -> usize {
        self.blocks.push(Block { parent, opener: Some(opener), end: self.tokens.len() });
        self.partner[opener] = Some(self.blocks.len() - 1);
        self.blocks.len() - 1
    }

    fn close(&mut self, block: usize, at: usize) {
        self.blocks[block].end = at;
        self.partner[at] = Some(block);
    }

    /// What a token is; an empty sign where there is none.
    pub(super) fn kind(&self, at: usize) -> Kind<'a> {
        self.tokens.get(at).map_or(Kind::Sign(""), |token| token.kind)
    }

    pub(super) fn is_sign(&self, at: usize, signs: &[&str]) -> bool {
        matches!(self.kind(at), Kind::Sign(sign) if signs.contains(&sign))
    }

    /// The next token that is no end of a line.
    pub(super) fn next(&self, at: usize) -> usize {
        at + 1 + usize::from(matches!(self.kind(at + 1), Kind::Line(_)))
    }

    /// The token before that is no end of a line; one past the end if there is none.
    pub(super) fn before(&self, at: usize) -> usize {
        let before = at.wrapping_sub(1);
        if matches!(self.kind(before), Kind::Line(_)) { before.wrapping_sub(1) } else { before }
    }

    /// The block that a bracket opens.
    pub(super) fn opened(&self, at: usize) -> Option<usize> {
        self.partner.get(at).copied().flatten().filter(|block| self.blocks[*block].opener == Some(at))
    }

    /// The tokens of the declaration before a token, the last one first. What is in brackets is left out.
    pub(super) fn declaration(&self, at: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut next = at.wrapping_sub(1);
        for _ in 0..LONGEST_DECLARATION {
            match self.kind(next) {
                Kind::Sign("," | ";" | "{" | "(" | "[" | "" | "}") | Kind::Line(_) => break,
                Kind::Sign(")" | "]") => match self.partner[next].and_then(|block| self.blocks[block].opener) {
                    Some(opener) => next = opener,
                    None => break,
                },
                _ => found.push(next),
            }
            next = next.wrapping_sub(1);
        }
        found
    }

    /// What is before a `=` that gives a value to each of several names, as in `A, self.B = 1, 2`: item by item, or nothing.
    pub(super) fn several(&self, equals: usize) -> Vec<Vec<usize>> {
        const MOST: usize = 1000;
        let block = self.inside[equals];
        let opener = self.blocks[block].opener.unwrap_or(usize::MAX);
        // Members of an enum and arguments of a call each have their own `=`.
        let is_group = matches!(self.kind(opener.wrapping_sub(1)), Kind::Word("const" | "var"));
        if !self.is_sign(equals, &["=", ":="]) || self.is_sign(opener, &["(", "["]) && !is_group || self.is_enum(block) {
            return Vec::new();
        }
        let is_word = |at: &usize| matches!(self.kind(*at), Kind::Word(_));
        let is_part = |at: &usize| {
            let is_sign = self.is_sign(*at, &[",", ".", ":", "::", "->", "*", "(", ")", "[", "]"]);
            *at != opener && (is_sign || is_word(at) || self.inside[*at] != block)
        };
        // `let (A, B) = (1, 2)`
        let is_start = |at: usize| matches!(self.kind(at), Kind::Line(_) | Kind::Sign("") | Kind::Word("let" | "const"));
        let closed = self.partner.get(equals.wrapping_sub(1)).copied().flatten();
        let bracket = closed.and_then(|bracket| Some((bracket, self.blocks[bracket].opener?)));
        let mut names = match bracket.filter(|(_, opener)| is_start(opener.wrapping_sub(1))) {
            Some((bracket, opener)) => self.items(bracket, opener + 1..equals - 1),
            None => self.items(block, (0..equals).rev().take(MOST).take_while(is_part).last().unwrap_or(equals)..equals),
        };
        // `A, B uint16 = 1, 2`
        let is_typed = |name: &&mut Vec<usize>| self.language.has(Habit::TypeBehind) && name.iter().take(2).all(is_word);
        names.last_mut().filter(is_typed).into_iter().for_each(|name| name.truncate(1));
        if names.len() > 1 { names } else { Vec::new() }
    }

    /// The tokens of a block by the commas between them, without empty items.
    pub(super) fn items(&self, block: usize, tokens: Range<usize>) -> Vec<Vec<usize>> {
        let tokens: Vec<usize> = tokens.filter(|at| !matches!(self.kind(*at), Kind::Line(_))).collect();
        let is_comma = |at: &usize| self.inside[*at] == block && self.is_sign(*at, &[","]);
        let items = tokens.split(is_comma).filter(|item| !item.is_empty());
        items.map(<[usize]>::to_vec).collect()
    }

    /// The token that is the name before a `=` or another sign that gives it a value.
    pub(super) fn declared(&self, at: usize) -> Option<usize> {
        // `X["NAME"] = 5`, as compilers write it.
        let bracket = at.wrapping_sub(1);
        if self.is_sign(bracket, &["]"]) && matches!(self.kind(at.wrapping_sub(2)), Kind::Text(_)) {
            return Some(at - 2);
        }
        let declaration = self.declaration(at);
        let is_name = |at: &usize| matches!(self.kind(*at), Kind::Word(_) | Kind::Text(_));
        let colon = declaration.iter().rposition(|at| self.is_sign(*at, &[":"]));
        if let Some(name) = colon.and_then(|colon| declaration.get(colon + 1)).filter(|at| is_name(at)) {
            return Some(*name);
        }
        let is_keyword = |at: &usize| matches!(self.kind(*at), Kind::Word("const" | "var"));
        if self.language.has(Habit::TypeBehind) && !declaration.iter().any(|at| self.is_sign(*at, &["."])) {
            return declaration.iter().rev().copied().filter(is_name).find(|at| !is_keyword(at));
        }
        declaration.into_iter().find(is_name)
    }

    /// The token that names what a bracket belongs to: `NAME(`, `name._(`, `NAME = Type(`, `object Name : Type(`, `NAME: {`.
    pub(super) fn owner(&self, opener: usize) -> Option<usize> {
        let mut at = self.before(opener);
        let mut last = None;
        for _ in 0..LONGEST_DECLARATION {
            let Kind::Word(word) = self.kind(at) else { break };
            if !matches!(word, "_" | "new" | "of" | "const") {
                last = Some(at);
            }
            let before = at.wrapping_sub(1);
            match self.kind(before) {
                Kind::Sign("." | "::") => at = before.wrapping_sub(1),
                Kind::Word("new" | "const") => at = before,
                Kind::Sign("=" | ":=" | "=>" | ":") => return self.declared(before).or(last),
                _ => return last,
            }
        }
        if self.is_sign(at, &["=", ":=", "=>", ":"]) { self.declared(at) } else { None }
    }

    /// Whether a block is an enum.
    pub(super) fn is_enum(&self, block: usize) -> bool {
        self.header(block).iter().any(|at| self.kind(*at) == Kind::Word("enum"))
    }

    /// The name of a block.
    pub(super) fn label(&self, block: usize) -> Option<&'a str> {
        let Block { parent, opener, .. } = self.blocks[block];
        // `Object.freeze({`
        let is_argument = opener.is_some_and(|opener| self.blocks[parent].opener == Some(opener.wrapping_sub(1)));
        self.own_label(block).or_else(|| is_argument.then(|| self.own_label(parent)).flatten())
    }

    fn own_label(&self, block: usize) -> Option<&'a str> {
        let word = |at: usize| if let Kind::Word(word) = self.kind(at) { Some(word) } else { None };
        let mut header = self.header(block);
        header.reverse();
        let is_keyword = |at: &&usize| word(**at).is_some_and(|word| DECLARING.contains(&format!(" {word} ")));
        // `module.exports` declares nothing; of a path the last name counts.
        if let Some(mut at) = header.iter().rev().find(|at| is_keyword(at) && word(**at + 1).is_some()).map(|at| at + 1) {
            while self.is_sign(at + 1, &["::", "."]) && word(at + 2).is_some() {
                at += 2;
            }
            return word(at);
        }
        let is_look_up = header.iter().any(|at| matches!(word(*at), Some("match" | "switch" | "when" | "case")));
        match self.kind(self.owner(self.blocks[block].opener?)?) {
            Kind::Word(name) | Kind::Text(name) if !is_look_up && !matches!(name, "const" | "var") => Some(name),
            _ => None,
        }
    }

    /// The tokens of the line that a block belongs to, the last one first, with all that is in a list of base types.
    fn header(&self, block: usize) -> Vec<usize> {
        let Some(opener) = self.blocks[block].opener else { return Vec::new() };
        let mut header = self.declaration(self.before(opener).wrapping_add(1));
        while let Some(comma) = header.last().map(|first| first.wrapping_sub(1)).filter(|at| self.is_sign(*at, &[","])) {
            let more = self.declaration(comma);
            if more.is_empty() || header.len() > LONGEST_DECLARATION {
                break;
            }
            header.extend(more);
        }
        header
    }

    /// The tokens of a block without those of the blocks in it.
    pub(super) fn children(&self, block: usize) -> impl Iterator<Item = usize> {
        let Block { opener, end, .. } = self.blocks[block];
        let behind = move |at: usize| self.opened(at).map_or(at + 1, |inner| self.blocks[inner].end.max(at + 1));
        let first = opener.map_or(0, |opener| opener + 1);
        std::iter::successors(Some(first), move |at| Some(behind(*at))).take_while(move |at| *at < end)
    }
}
