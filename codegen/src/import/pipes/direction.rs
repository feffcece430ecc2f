//! Who sends a message, read from the words of a cell.
//!
//! Pages say it in verbs ("Send", "Receive"), by the sender ("server"), or as a way ("client → server", "to the client"). What is
//! not understood as a whole is no direction at all.

use crate::model::Direction;

/// A word or an arrow of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    /// The client sends or receives.
    Verb(Direction),
    /// One of the two ends: [`Send`](Direction::Send) is the client, as it sends what it is the source of.
    End(Direction),
    /// The end after it receives.
    To,
    /// The end after it sends.
    From,
    /// It goes both ways.
    TwoWay,
}

/// Reads a cell in lower case.
pub(super) fn parse_direction(text: &str) -> Option<Direction> {
    let tokens = tokens(text)?;
    if tokens.contains(&Token::TwoWay) {
        return Some(Direction::Both);
    }
    let verbs = joined(tokens.iter().filter_map(|token| if let Token::Verb(verb) = token { Some(*verb) } else { None }));
    if !tokens.iter().any(|token| matches!(token, Token::End(_))) {
        return verbs;
    }
    let mut senders = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::End(end) = *token else { continue };
        let before = at.checked_sub(1).map(|before| tokens[before]);
        senders.push(match (before, verbs, tokens.get(at + 1)) {
            // "server ← client": the arrow after the first end is the word "from".
            (Some(Token::To), ..) | (None, None, Some(Token::From)) => opposite(end),
            (Some(Token::From), ..) | (_, None | Some(Direction::Send), _) => end,
            (_, Some(Direction::Receive), _) if end == Direction::Send => opposite(end),
            _ => return None,
        });
    }
    joined(senders.into_iter())
}

/// Whether a cell is a way from one end to another, and so certainly no name.
pub(super) fn is_way(text: &str) -> bool {
    tokens(&text.to_lowercase()).is_some_and(|tokens| {
        tokens.contains(&Token::TwoWay) || tokens.iter().any(|token| matches!(token, Token::To | Token::From))
    })
}

/// The tokens of a cell; nothing if one of them is not known.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        if first.is_alphanumeric() {
            let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            tokens.extend(word(&rest[..end])?);
            rest = &rest[end..];
            continue;
        }
        let arrow = ARROWS.iter().find(|(arrow, _)| rest.starts_with(arrow));
        tokens.extend(arrow.map(|(_, token)| *token));
        rest = &rest[arrow.map_or(first.len_utf8(), |(arrow, _)| arrow.len())..];
    }
    Some(tokens)
}

const ARROWS: [(&str, Token); 12] = [
    ("<->", Token::TwoWay),
    ("<=>", Token::TwoWay),
    ("↔", Token::TwoWay),
    ("⇄", Token::TwoWay),
    ("⇆", Token::TwoWay),
    ("->", Token::To),
    ("=>", Token::To),
    ("→", Token::To),
    ("⇒", Token::To),
    ("<-", Token::From),
    ("←", Token::From),
    ("⇐", Token::From),
];

/// A word as a token, or as none if it only joins others. An unknown word is nothing at all.
#[allow(clippy::option_option, reason = "a word that only joins others is known, and no token")]
fn word(word: &str) -> Option<Option<Token>> {
    Some(match word {
        "send" | "sends" | "sent" | "sending" | "outgoing" => Some(Token::Verb(Direction::Send)),
        "receive" | "receives" | "received" | "receiving" | "incoming" => Some(Token::Verb(Direction::Receive)),
        "both" | "bidirectional" => Some(Token::Verb(Direction::Both)),
        "client" | "clients" | "c" => Some(Token::End(Direction::Send)),
        "server" | "servers" | "gateway" | "s" => Some(Token::End(Direction::Receive)),
        "to" => Some(Token::To),
        "from" => Some(Token::From),
        "and" | "or" | "by" | "the" | "only" | "directions" => None,
        _ => return None,
    })
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Send => Direction::Receive,
        Direction::Receive => Direction::Send,
        Direction::Both => Direction::Both,
    }
}

/// One direction for several: two different ones are both.
fn joined(directions: impl Iterator<Item = Direction>) -> Option<Direction> {
    directions.reduce(|all, one| if all == one { all } else { Direction::Both })
}
