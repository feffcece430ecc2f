//! What a change needs of the version of the generated crate, and which version that is.

use schemars::JsonSchema;
use semver::{Prerelease, Version};
use serde::{Deserialize, Serialize};

/// What a change needs of the version of the generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bump {
    /// Nothing: nothing differs.
    None,
    /// A patch: texts differ.
    Patch,
    /// A minor version: something was added.
    Minor,
    /// A minor version with a heading of its own: clients act differently.
    Policy,
    /// A major version: code of users may not compile, or mean something else.
    Major,
}

impl Bump {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::None, Self::Patch, Self::Minor, Self::Policy, Self::Major];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Policy => "policy",
            Self::Major => "major",
        }
    }

    /// The lowest version after a release that fits, by the rules of Cargo.
    ///
    /// Below 1.0 the minor number takes the place of the major one, and below 0.1 the patch number does. A pre-release
    /// promises nothing, so that its own release fits every change.
    #[must_use]
    pub fn lowest_version(self, released: &Version) -> Version {
        let Version { major, minor, patch, .. } = *released;
        let is_prerelease = !released.pre.is_empty();
        match self {
            Self::None => released.clone(),
            _ if is_prerelease => Version { pre: Prerelease::EMPTY, ..released.clone() },
            Self::Major if major > 0 => Version::new(major + 1, 0, 0),
            Self::Major if minor > 0 => Version::new(0, minor + 1, 0),
            Self::Policy | Self::Minor if major > 0 => Version::new(major, minor + 1, 0),
            Self::Major | Self::Policy | Self::Minor | Self::Patch => Version::new(major, minor, patch + 1),
        }
    }

    /// Whether a version fits after a release. A pre-release of a version that fits does too.
    #[must_use]
    pub fn fits(self, version: &Version, released: &Version) -> bool {
        if self == Self::None {
            return version.cmp_precedence(released).is_ge();
        }
        let without_prerelease = Version { pre: Prerelease::EMPTY, ..version.clone() };
        version.cmp_precedence(released).is_gt() && without_prerelease.cmp_precedence(&self.lowest_version(released)).is_ge()
    }
}
