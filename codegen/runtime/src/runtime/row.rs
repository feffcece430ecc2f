//! What a table keeps of each of its codes beside the number.

/// One row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<E: 'static> {
    pub(crate) ident: &'static str,
    pub(crate) name: &'static str,
    /// Empty where the name says it all.
    pub(super) summary: &'static str,
    /// Other and former identifiers.
    pub(super) also: &'static [&'static str],
    pub(crate) status: Status,
    /// The name alone does not identify the code.
    pub(super) is_ambiguous: bool,
    /// What follows from the code, by the kind of its table.
    pub(crate) effect: E,
}

/// Whether the document still lists a code.
#[derive(Clone, Copy)]
pub(crate) enum Status {
    Active,
    Deprecated,
    Removed,
}

impl<E> Row<E> {
    #[inline]
    pub(crate) const fn summary(&self) -> &'static str {
        if self.summary.is_empty() {
            self.name
        } else {
            self.summary
        }
    }

    /// The text to show, which is read as this code.
    pub(crate) fn display_name(&self) -> &'static str {
        if self.is_ambiguous {
            self.ident
        } else {
            self.name
        }
    }

    /// Whether a name is the one that is meant: the identifier, another one, or the documented name where that identifies the
    /// code.
    pub(crate) fn is_called(&self, is_it: impl Fn(&str) -> bool) -> bool {
        is_it(self.ident) || self.also.iter().any(|ident| is_it(ident)) || !self.is_ambiguous && is_it(self.name)
    }
}
