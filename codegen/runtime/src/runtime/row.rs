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
    #[inline]
    pub(crate) const fn summary(&self) -> &'static str {
        if self.summary.is_empty() {
            self.name
        } else {
            self.summary
        }
    }

    #[inline]
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

    /// The text to show, which is read as this code.
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

    /// Whether a name is the one that is meant: the identifier, another one, or the documented name where that identifies the
    /// code.
    pub(crate) fn is_called(&self, is_it: impl Fn(&str) -> bool) -> bool {
        let is_alias = |mark: &Mark| matches!(mark, Mark::Alias(alias) if is_it(alias));
        is_it(self.ident) || self.marks.iter().any(is_alias) || is_it(self.name) && !self.is_ambiguous()
    }
}
