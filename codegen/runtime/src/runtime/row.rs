//! What a table keeps of each of its codes beside the number.

/// One row of a table.
pub(crate) struct Row<D: 'static> {
    pub(crate) ident: &'static str,
    pub(crate) name: &'static str,
    /// Empty where the name says it all.
    pub(crate) summary: &'static str,
    pub(crate) marks: &'static [Mark],
    /// What only codes of this kind have.
    pub(crate) of_kind: D,
}

/// What sets a row apart from a plain one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Another or a former identifier of the code.
    Alias(&'static str),
    /// The document calls the code deprecated, or no longer lists it.
    Status(Status),
    /// The name alone does not identify the code.
    Ambiguous,
}

/// Nothing sets the row apart.
pub(crate) const NO_MARKS: &[Mark] = &[];

/// Whether the document still lists a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    Deprecated,
    Removed,
}

impl<D> Row<D> {
    pub(crate) const fn summary(&self) -> &'static str {
        if self.summary.is_empty() {
            self.name
        } else {
            self.summary
        }
    }

    pub(crate) const fn status(&self) -> Status {
        let mut at = 0;
        while at < self.marks.len() {
            if let Mark::Status(status) = self.marks[at] {
                return status;
            }
            at += 1;
        }
        Status::Active
    }

    /// The text to show, which [`find_name`] reads as this code.
    pub(crate) fn display_name(&self) -> &'static str {
        if self.is_ambiguous() {
            self.ident
        } else {
            self.name
        }
    }

    fn is_ambiguous(&self) -> bool {
        self.marks.contains(&Mark::Ambiguous)
    }

    fn has_ident(&self, is_it: &impl Fn(&str) -> bool) -> bool {
        let is_alias = |mark: &Mark| matches!(mark, Mark::Alias(alias) if is_it(alias));
        is_it(self.ident) || self.marks.iter().any(is_alias)
    }

    fn has_name(&self, is_it: &impl Fn(&str) -> bool) -> bool {
        is_it(self.name) && !self.is_ambiguous()
    }
}

/// The position of the row that a text names: exactly, or else ignoring case, spaces and punctuation.
///
/// An identifier wins over a documented name. A name that fits several rows names none of them.
pub(crate) fn find_name<D>(rows: &[Row<D>], text: &str) -> Option<usize> {
    let exactly = |other: &str| other == text;
    let loosely = |other: &str| letters(other).eq(letters(text));
    let find = |fits: &dyn Fn(&Row<D>) -> bool| {
        let first = rows.iter().position(fits)?;
        if rows[first + 1..].iter().any(fits) {
            None
        } else {
            Some(first)
        }
    };
    if letters(text).next().is_none() {
        return find(&|row| row.has_name(&exactly));
    }
    find(&|row| row.has_ident(&exactly))
        .or_else(|| find(&|row| row.has_name(&exactly)))
        .or_else(|| find(&|row| row.has_ident(&loosely)))
        .or_else(|| find(&|row| row.has_name(&loosely)))
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
