//! What a table keeps of each of its codes, beside the number.

/// One row of a table.
pub(crate) struct Row {
    pub(crate) ident: &'static str,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) aliases: &'static [&'static str],
    /// The first and the last number, of a code that stands for several.
    pub(crate) range: Option<(u32, u32)>,
    pub(crate) retried: bool,
    pub(crate) deprecated: bool,
    /// Whether another code of the table has the same documented name, so that the name alone names neither.
    pub(crate) name_shared: bool,
}

impl Row {
    pub(crate) const fn new(
        ident: &'static str,
        name: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            ident,
            name,
            summary,
            aliases: &[],
            range: None,
            retried: false,
            deprecated: false,
            name_shared: false,
        }
    }

    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(crate) const fn range(mut self, first: u32, last: u32) -> Self {
        self.range = Some((first, last));
        self
    }

    pub(crate) const fn retried(mut self) -> Self {
        self.retried = true;
        self
    }

    pub(crate) const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    pub(crate) const fn name_shared(mut self) -> Self {
        self.name_shared = true;
        self
    }

    /// The text that names this code and no other of the table.
    pub(crate) const fn unique_name(&self) -> &'static str {
        if self.name_shared {
            self.ident
        } else {
            self.name
        }
    }

    pub(crate) fn is_called(&self, text: &str) -> bool {
        self.ident == text || self.unique_name() == text || self.aliases.contains(&text)
    }
}

/// The position of the row in whose range a number falls.
pub(crate) const fn in_range(rows: &[Row], code: u32) -> Option<usize> {
    let mut position = 0;
    while position < rows.len() {
        if let Some((first, last)) = rows[position].range {
            if first <= code && code <= last {
                return Some(position);
            }
        }
        position += 1;
    }
    None
}

/// Whether any row has a range.
pub(crate) const fn any_range(rows: &[Row]) -> bool {
    let mut position = 0;
    while position < rows.len() {
        if rows[position].range.is_some() {
            return true;
        }
        position += 1;
    }
    false
}
