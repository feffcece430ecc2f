//! What all tables of codes have in common.

use core::fmt::{self, Debug, Display};
use core::hash::Hash;
use core::str::FromStr;

/// A table of codes: an enum that knows the number and the documented name of each of its variants.
///
/// Every enum of this crate implements it, so that generic code can use any of them. The trait is sealed.
///
/// ```
/// use wirecodes::{example::AnyCode, Code};
///
/// fn describe<T: Code>(number: T::Number) -> String {
///     match T::from_code(number) {
///         Some(code) => format!("{number} {}: {}", code.name(), code.summary()),
///         None => format!("{number} is not in the table {}", T::TITLE),
///     }
/// }
///
/// let first = AnyCode::ALL[0];
/// assert!(describe::<AnyCode>(first.code()).contains(first.summary()));
/// ```
pub trait Code:
    sealed::Sealed + Copy + Debug + Display + Eq + FromStr<Err = UnknownName> + Hash + Ord + Send + Sync + 'static
{
    /// The type of the number: `u8`, `u16` or `u32`.
    type Number: Number;

    /// The title of the table, as documented.
    const TITLE: &'static str;

    /// All codes of the table, in numeric order.
    const ALL: &'static [Self];

    /// The code with exactly this number.
    fn from_code(code: Self::Number) -> Option<Self>;

    /// The number of the code.
    fn code(self) -> Self::Number;

    /// The documented name, without markup.
    fn name(self) -> &'static str;

    /// The name of the variant.
    fn ident(self) -> &'static str;

    /// What the code means, in a sentence. Where the name says it all, it is the name.
    fn summary(self) -> &'static str;

    /// Whether the document calls the code deprecated.
    fn is_deprecated(self) -> bool;

    /// Whether the document no longer lists the code.
    fn is_removed(self) -> bool;
}

/// The type of a code's number: `u8`, `u16` or `u32`. The trait is sealed.
pub trait Number:
    sealed::Sealed
    + Copy
    + Debug
    + Display
    + Eq
    + FromStr
    + Hash
    + Into<u32>
    + Ord
    + Send
    + Sync
    + core::convert::TryFrom<u32>
    + 'static
{
}

impl Number for u8 {}
impl Number for u16 {}
impl Number for u32 {}

pub(crate) mod sealed {
    pub trait Sealed {}

    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for u32 {}
}

/// A number without a code in the table `T`.
///
/// It is the error of `T::try_from(number)` and the payload of [`Wire::Unknown`](super::Wire::Unknown). Only this crate can
/// create one, so that a number with a code never appears as an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownCode<T: Code> {
    code: T::Number,
}

impl<T: Code> UnknownCode<T> {
    /// For a number that was looked up and not found.
    pub(crate) const fn new(code: T::Number) -> Self {
        Self { code }
    }

    /// The number.
    #[must_use]
    pub const fn code(self) -> T::Number {
        self.code
    }
}

impl<T: Code> Display for UnknownCode<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not in the table \"{}\"", self.code, T::TITLE)
    }
}

/// The error of parsing a text that names no code of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownName {
    table: &'static str,
}

impl UnknownName {
    pub(crate) const fn new(table: &'static str) -> Self {
        Self { table }
    }

    /// The title of the table, as documented.
    #[must_use]
    pub const fn table(self) -> &'static str {
        self.table
    }
}

impl Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a name in the table \"{}\"", self.table)
    }
}
