//! What the generated code is to be: a crate, or a module of another crate, and which of its features it has.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Package;
use crate::text::key_word;

/// A feature of the generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Codes as bare numbers, by the crate `serde_core`.
    Serde,
    /// Errors as those of `std`.
    Std,
}

impl Feature {
    /// All features.
    pub const ALL: [Self; 2] = [Self::Serde, Self::Std];
}

/// Whether the generated code is a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A crate in its own repository, where all tables are beside it as one HTML page, and as JSON for other languages.
    Repository,
    /// A crate, whose users choose among its features.
    #[default]
    Crate,
    /// A module of another crate, with the name of its folder. It has its features always.
    Module(String),
}

/// What the generated code is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Whether it is a crate.
    pub layout: Layout,
    /// The features that it has; code for others is not written.
    pub features: BTreeSet<Feature>,
}

impl Default for Form {
    /// A crate with all features.
    fn default() -> Self {
        Self { layout: Layout::Crate, features: Feature::ALL.into() }
    }
}

impl Form {
    /// Whether it is a module of another crate.
    #[must_use]
    pub fn is_module(&self) -> bool {
        matches!(self.layout, Layout::Module(_))
    }

    /// The path of its root in Rust.
    #[must_use]
    pub fn root(&self, package: &Package) -> String {
        match &self.layout {
            Layout::Repository | Layout::Crate => package.library(),
            Layout::Module(name) => format!("crate::{name}"),
        }
    }

    /// An item that a feature brings: in a crate under a condition, in a module as it is, and nothing without the feature.
    #[must_use]
    pub fn behind(&self, feature: Feature, item: &str) -> String {
        match &self.layout {
            _ if !self.features.contains(&feature) => String::new(),
            Layout::Repository | Layout::Crate => format!("#[cfg(feature = \"{}\")]\n{item}\n", key_word(feature)),
            Layout::Module(_) => format!("{item}\n"),
        }
    }
}
