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

    /// What the code is called.
    pub(crate) const fn called(&self) -> Called {
        Called {
            ident: self.ident,
            name: self.name,
            marks: self.marks,
        }
    }
}

/// What a code is called.
#[derive(Clone, Copy)]
pub(crate) struct Called {
    ident: &'static str,
    name: &'static str,
    marks: &'static [Mark],
}

impl Called {
    /// The text to show, which is read as this code.
    pub(crate) fn display_name(self) -> &'static str {
        if self.is_ambiguous() {
            self.ident
        } else {
            self.name
        }
    }

    fn is_ambiguous(self) -> bool {
        self.marks.contains(&Mark::Ambiguous)
    }

    /// Whether a name is the one that is meant: the identifier, another one, or the documented name where that identifies the
    /// code.
    pub(crate) fn is(self, is_it: &dyn Fn(&str) -> bool) -> bool {
        let is_alias = |mark: &Mark| matches!(mark, Mark::Alias(alias) if is_it(alias));
        is_it(self.ident) || self.marks.iter().any(is_alias) || is_it(self.name) && !self.is_ambiguous()
    }

    /// The names by number, until there is no further one. A mark that is no name is an empty one.
    pub(crate) const fn nth(self, nth: usize) -> Option<&'static str> {
        match nth {
            0 => Some(self.ident),
            DOCUMENTED => Some(self.name),
            _ if nth - 2 >= self.marks.len() => None,
            _ => match self.marks[nth - 2] {
                Mark::Alias(alias) => Some(alias),
                Mark::Status(_) | Mark::Ambiguous => Some(""),
            },
        }
    }
}

/// Which of the names is the documented one. All others are identifiers.
pub(crate) const DOCUMENTED: usize = 1;

/// The letters and digits of a text, in lower case.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
