//! A code as it came from the wire, known or not.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use crate::code::{Code, ParseCodeError};

/// A number from the wire that loses nothing: the code it stands for, or the number itself.
///
/// Peers send numbers that no table knows yet. Where an enum alone would have to fail, `Wire` keeps the number and gives it
/// back unchanged; with the feature `serde` it reads and writes as that bare number.
///
/// ```
/// use wirecodes::{discord::v10::GatewayOpcode, Wire};
///
/// assert_eq!(Wire::from(10), Wire::Known(GatewayOpcode::Hello));
///
/// let unknown: Wire<GatewayOpcode> = Wire::from(200);
/// assert_eq!(unknown.known(), None);
/// assert_eq!(u8::from(unknown), 200);
/// ```
///
/// A number in a documented range (such as 503 in 500 to 599) has no variant of its own. It stays `Unknown(503)`, so that
/// the number is kept, and [`meaning`](Self::meaning) tells the range.
#[derive(Clone, Copy, Debug)]
pub enum Wire<T: Code> {
    /// The number is that of a code in the table.
    Known(T),
    /// No code in the table has this number.
    Unknown(T::Number),
}

impl<T: Code> Wire<T> {
    /// Reads a number.
    #[must_use]
    pub fn from_code(code: T::Number) -> Self {
        match T::from_code(code) {
            Some(known) if known.code() == code => Self::Known(known),
            _ => Self::Unknown(code),
        }
    }

    /// The number, as it came.
    #[must_use]
    pub fn code(self) -> T::Number {
        match self {
            Self::Known(code) => code.code(),
            Self::Unknown(code) => code,
        }
    }

    /// The code that has exactly this number.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(code) => Some(code),
            Self::Unknown(_) => None,
        }
    }

    /// The code that has this number, or in whose range it falls.
    #[must_use]
    pub fn meaning(self) -> Option<T> {
        T::from_code(self.code())
    }
}

impl<T: Code> PartialEq for Wire<T> {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl<T: Code> Eq for Wire<T> {}

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

impl<T: Code> Hash for Wire<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
    }
}

impl<T: Code> From<T> for Wire<T> {
    fn from(code: T) -> Self {
        Self::Known(code)
    }
}

impl<T: Code> fmt::Display for Wire<T> {
    /// Writes what the code writes, or the bare number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(code) => fmt::Display::fmt(code, f),
            Self::Unknown(code) => fmt::Display::fmt(code, f),
        }
    }
}

impl<T: Code> FromStr for Wire<T> {
    type Err = ParseCodeError;

    /// Reads an identifier, an alias, a documented name, or a number in decimal digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<T::Number>() {
            Ok(code) => Ok(Self::from_code(code)),
            Err(_) => text.parse().map(Self::Known),
        }
    }
}

#[cfg(feature = "serde")]
impl<T: Code> serde_core::Serialize for Wire<T> {
    fn serialize<S: serde_core::Serializer>(
        &self,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serde_core::Serialize::serialize(&self.code(), serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Code> serde_core::Deserialize<'de> for Wire<T> {
    fn deserialize<D: serde_core::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        <T::Number as serde_core::Deserialize>::deserialize(deserializer)
            .map(Self::from_code)
    }
}
