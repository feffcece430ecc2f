//! Inputs made from others by edits of lines and cells, as a slip or somebody hostile would make them.

/// Numbers that follow from a seed (splitmix64).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number below a limit; 0 where the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap_or_default()
    }
}

/// Pieces that mean something in a page or a table.
const PIECES: [&str; 73] = [
    "|",
    "||",
    " | ",
    "\\|",
    "~~",
    "`",
    "``",
    "**",
    "*",
    "_",
    "#",
    "###### ",
    "```",
    "~~~",
    "<",
    ">",
    "<!--",
    "-->",
    "{/*",
    "*/}",
    "\\",
    "[",
    "](",
    ")",
    "^1^",
    "•",
    "> **Old** = `5`",
    "= `",
    "-",
    "–",
    "5xx",
    "4000-4999",
    "|---|---|",
    "0",
    "-1",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "99999999999999999999",
    "0x10",
    "1e3",
    "1_000",
    "true",
    "false",
    "Err",
    "Self",
    "\"",
    "\"\"\"",
    "'",
    "=",
    "[[code]]",
    "[reconnect]",
    "value = 1",
    "range = [0, 255]",
    "aliases = [\"A\"]",
    "allow = [\"x\"]",
    "status = \"removed\"",
    "policy = {",
    "}",
    ",",
    "\t",
    "\r\n",
    "\n\n",
    "\u{feff}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{9b}31m",
    "\u{202e}",
    "\u{200b}",
    "é",
];

/// The text after a few edits.
pub fn mutated(text: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..=numbers.below(4) {
        if lines.is_empty() {
            lines.push(String::new());
        }
        let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
        match numbers.below(8) {
            0 => drop(lines.remove(one)),
            1 => lines.insert(other, lines[one].clone()),
            2 => lines.swap(one, other),
            3 => lines[one] = with_piece(&lines[one], PIECES[numbers.below(PIECES.len())], 0, numbers),
            4 => {
                let length = 1 + numbers.below(6);
                lines[one] = with_piece(&lines[one], PIECES[numbers.below(PIECES.len())], length, numbers);
            }
            5 => {
                let length = 1 + numbers.below(9);
                lines[one] = with_piece(&lines[one], "", length, numbers);
            }
            6 => lines[one] = with_cell(&lines[one], &lines[other], numbers),
            _ => {
                let end = (one + 1 + numbers.below(6)).min(lines.len());
                let block = lines[one..end].to_vec();
                lines.splice(other..other, block);
            }
        }
    }
    lines.join("\n")
}

/// A line with a piece in the place of some characters.
fn with_piece(line: &str, piece: &str, length: usize, numbers: &mut Numbers) -> String {
    let chars: Vec<char> = line.chars().collect();
    let start = numbers.below(chars.len() + 1);
    let end = (start + length).min(chars.len());
    chars[..start].iter().collect::<String>() + piece + &chars[end..].iter().collect::<String>()
}

/// A line with a cell, or a value, of another line.
fn with_cell(line: &str, other: &str, numbers: &mut Numbers) -> String {
    let between = if line.contains('|') { '|' } else { '=' };
    let mut cells: Vec<&str> = line.split(between).collect();
    let others: Vec<&str> = other.split(between).collect();
    let (to, from) = (numbers.below(cells.len()), numbers.below(others.len()));
    cells[to] = others[from];
    cells.join(&between.to_string())
}
