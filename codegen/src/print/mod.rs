//! What the commands say, as data, and the forms in which it is printed. Each form has the same bytes for the same input.

mod github;
mod markdown;
mod report;
mod sarif;
mod text;

pub use report::{Report, Row, Section};

impl Report {
    /// For a terminal, in lines of at most this width. Sections that are folded up are only counted, unless it is verbose.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn text(&self, is_verbose: bool, width: usize) -> String {
        text::text(self, is_verbose, width)
    }

    /// For a changelog or a pull request.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// The same, cut to what a host takes: the rest is counted.
    #[must_use]
    pub fn within(text: &str, most: usize) -> String {
        markdown::within(text, most)
    }

    /// For annotations that GitHub shows beside the lines of a pull request.
    #[must_use]
    pub fn github(&self) -> String {
        github::github(self)
    }

    /// For tools that show findings: SARIF 2.1.0. `revisions` are those of both sides, where they have any.
    #[must_use]
    pub fn sarif(&self, revisions: [Option<&str>; 2]) -> serde_json::Value {
        sarif::sarif(self, revisions)
    }
}
