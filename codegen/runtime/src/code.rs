//! What all tables of codes have in common.

use core::fmt::{self, Debug, Display};
use core::hash::Hash;
use core::str::FromStr;

/// A table of codes: an enum that knows the number and the documented name of each of its variants.
///
/// Every enum of this crate implements it, so that generic code can hold any of them.
///
/// ```
/// use wirecodes::{discord::v10::GatewayOpcode, websocket::rfc6455::CloseCode, Code};
///
/// fn describe<T: Code>(number: T::Number) -> String {
///     match T::from_code(number) {
///         Some(code) => format!("{number} {}: {}", code.name(), code.summary()),
///         None => format!("{number} is not in the table {}", T::TITLE),
///     }
/// }
///
/// assert!(describe::<GatewayOpcode>(10).starts_with("10 Hello: "));
/// assert!(describe::<CloseCode>(4999).starts_with("4999 is not"));
/// ```
pub trait Code:
    Copy
    + Debug
    + Display
    + Eq
    + FromStr<Err = ParseCodeError>
    + Hash
    + Ord
    + Send
    + Sync
    + 'static
{
    /// The type of the number on the wire.
    type Number: Number;

    /// The title of the table, as documented.
    const TITLE: &'static str;

    /// Every code of the table, in the order of the numbers.
    const ALL: &'static [Self];

    /// The code that has this number, or in whose range it falls.
    fn from_code(code: Self::Number) -> Option<Self>;

    /// The number of this code; of a range, its representative.
    fn code(self) -> Self::Number;

    /// The documented name.
    fn name(self) -> &'static str;

    /// What the code means, in a sentence; the documented name where that says all.
    fn summary(self) -> &'static str;

    /// Whether the document has deprecated or removed the code.
    fn is_deprecated(self) -> bool;
}

/// The type of a number on the wire: `u8`, `u16` or `u32`.
pub trait Number:
    Copy
    + Debug
    + Display
    + Eq
    + FromStr
    + Hash
    + Into<u32>
    + Ord
    + Send
    + Sync
    + sealed::Sealed
    + TryFrom<u32>
    + 'static
{
}

impl Number for u8 {}
impl Number for u16 {}
impl Number for u32 {}

mod sealed {
    #[cfg(not(feature = "serde"))]
    pub trait Sealed {}
    #[cfg(feature = "serde")]
    pub trait Sealed: serde_core::Serialize + serde_core::de::DeserializeOwned {}

    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for u32 {}
}

/// The error of a conversion from a number that is not in the table. It keeps the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownCode {
    code: u32,
    table: &'static str,
}

impl UnknownCode {
    pub(crate) const fn new(code: u32, table: &'static str) -> Self {
        Self { code, table }
    }

    /// The number that is not in the table.
    #[must_use]
    pub const fn code(self) -> u32 {
        self.code
    }

    /// The title of the table, as documented.
    #[must_use]
    pub const fn table(self) -> &'static str {
        self.table
    }
}

impl Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not in the table \"{}\"", self.code, self.table)
    }
}

/// The error of a conversion from a text that names no code of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParseCodeError {
    table: &'static str,
}

impl ParseCodeError {
    pub(crate) const fn new(table: &'static str) -> Self {
        Self { table }
    }

    /// The title of the table, as documented.
    #[must_use]
    pub const fn table(self) -> &'static str {
        self.table
    }
}

impl Display for ParseCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a name in the table \"{}\"", self.table)
    }
}

#[cfg(feature = "std")]
impl std::error::Error for UnknownCode {}

#[cfg(feature = "std")]
impl std::error::Error for ParseCodeError {}
