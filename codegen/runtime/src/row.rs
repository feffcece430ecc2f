//! What a table keeps of each of its codes, beside the number.

/// One row of a table.
pub(crate) struct Row {
    pub(crate) ident: &'static str,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    marks: &'static [Mark],
}

/// What sets a row apart from a plain one.
pub(crate) enum Mark {
    /// Another identifier of the code.
    Alias(&'static str),
    /// The code stands for several numbers, from the first to the last.
    Range(u32, u32),
    /// The document says to wait and try again.
    Retried,
    /// The document has deprecated or removed the code.
    Deprecated,
    /// Another code of the table has the same documented name, so that the name alone names neither.
    NameShared,
}

impl Row {
    pub(crate) const fn new(
        ident: &'static str,
        name: &'static str,
        summary: &'static str,
    ) -> Self {
        Self::marked(ident, name, summary, &[])
    }

    pub(crate) const fn marked(
        ident: &'static str,
        name: &'static str,
        summary: &'static str,
        marks: &'static [Mark],
    ) -> Self {
        Self { ident, name, summary, marks }
    }

    pub(crate) const fn is_deprecated(&self) -> bool {
        let mut at = 0;
        while at < self.marks.len() {
            if matches!(self.marks[at], Mark::Deprecated) {
                return true;
            }
            at += 1;
        }
        false
    }

    pub(crate) const fn is_retried(&self) -> bool {
        let mut at = 0;
        while at < self.marks.len() {
            if matches!(self.marks[at], Mark::Retried) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// The first and the last number, of a code that stands for several.
    pub(crate) const fn range(&self) -> Option<(u32, u32)> {
        let mut at = 0;
        while at < self.marks.len() {
            if let Mark::Range(first, last) = self.marks[at] {
                return Some((first, last));
            }
            at += 1;
        }
        None
    }

    /// The text that names this code and no other of the table.
    pub(crate) fn unique_name(&self) -> &'static str {
        let shared = self.marks.iter().any(|mark| matches!(mark, Mark::NameShared));
        if shared {
            self.ident
        } else {
            self.name
        }
    }

    pub(crate) fn is_called(&self, text: &str) -> bool {
        let is_alias =
            |mark: &Mark| matches!(mark, Mark::Alias(alias) if *alias == text);
        self.ident == text
            || self.unique_name() == text
            || self.marks.iter().any(is_alias)
    }
}

/// The position of the row in whose range a number falls.
pub(crate) const fn in_range(rows: &[Row], code: u32) -> Option<usize> {
    let mut position = 0;
    while position < rows.len() {
        if let Some((first, last)) = rows[position].range() {
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
        if rows[position].range().is_some() {
            return true;
        }
        position += 1;
    }
    false
}
