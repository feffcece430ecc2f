//! A number as it was received, with or without a code.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use super::close_code::CloseCode;
use super::code::{Code, UnknownCode, UnknownName};
use super::policy::Policy;

/// A received number: the code that it is, or the number itself.
///
/// Servers send numbers that no table lists yet. `Wire` keeps such a number and sends it back unchanged. With the feature
/// `serde` it reads and writes the bare number.
///
/// A number has one form: [`Unknown`](Self::Unknown) never holds the number of a code, so `==`, `match` and `Hash` agree.
///
/// ```
/// use wirecodes::{example::AnyCode, Wire};
///
/// let first = AnyCode::ALL[0];
/// let received = Wire::<AnyCode>::from(first.code());
/// assert_eq!(received, Wire::Known(first));
/// assert_eq!(received, first);
/// assert_eq!(received.name(), Some(first.name()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire<T: Code> {
    /// The number of a code.
    Known(T),
    /// Another number.
    Unknown(UnknownCode<T>),
}

impl<T: Code> Wire<T> {
    /// For a received number.
    #[must_use]
    pub fn from_code(code: T::Number) -> Self {
        match T::from_code(code) {
            Some(known) => Self::Known(known),
            None => Self::Unknown(UnknownCode::new(code)),
        }
    }

    /// The number, as it was received.
    #[must_use]
    pub fn code(self) -> T::Number {
        match self {
            Self::Known(known) => known.code(),
            Self::Unknown(unknown) => unknown.code(),
        }
    }

    /// The code, if the table lists the number.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown(_) => None,
        }
    }

    /// The documented name of the code, if the table lists the number.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.known().map(T::name)
    }
}

impl<T: CloseCode> Wire<T> {
    /// What to do when the connection ended with this number.
    #[must_use]
    pub fn policy(self) -> &'static Policy {
        T::policy_for(Some(self.code()))
    }
}

impl<T: Code> PartialOrd for Wire<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Code> Ord for Wire<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(&other.code())
    }
}

impl<T: Code> PartialEq<T> for Wire<T> {
    fn eq(&self, other: &T) -> bool {
        *self == Self::Known(*other)
    }
}

impl<T: Code> From<T> for Wire<T> {
    fn from(code: T) -> Self {
        Self::Known(code)
    }
}

impl<T: Code> fmt::Display for Wire<T> {
    /// Writes the code as it writes itself, or the bare number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => fmt::Display::fmt(known, f),
            Self::Unknown(unknown) => fmt::Display::fmt(&unknown.code(), f),
        }
    }
}

impl<T: Code> FromStr for Wire<T> {
    type Err = UnknownName;

    /// Reads a decimal number, or any name that the table's enum reads.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(code) => Ok(Self::from_code(code)),
            Err(_) => text.parse().map(Self::Known),
        }
    }
}
