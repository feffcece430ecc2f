//! What the enums of all tables share.
//!
//! The file of a table imports this module's parent as `runtime`, and defines `ROWS` in the order of `ALL`. [`lookup`] adds
//! `find` and `row`, which lead from a number to its code and from a code to its row by an index instead of a search.

/// Defines `find`, `number` and `row` from `position`, or from `slot`: a slot of its own for each number.
macro_rules! lookup {
    ($Enum:ident, $Number:ty, $Effect:ty) => {
        #[inline]
        const fn find(number: $Number) -> ::core::option::Option<$Enum> {
            let code = $Enum::ALL[position(number)];
            if code as $Number == number {
                Some(code)
            } else {
                None
            }
        }

        runtime::lookup!(@row $Enum, $Number, $Effect);
    };

    ($Enum:ident, $Number:ty, $Effect:ty, $Position:ty) => {
        /// The code in each slot. A free slot has the first code, whose number has another slot.
        const CODES: &[$Enum; SLOTS] = &{
            let mut codes = [$Enum::ALL[0]; SLOTS];
            let mut at = 0;
            while at < $Enum::ALL.len() {
                codes[slot($Enum::ALL[at] as $Number)] = $Enum::ALL[at];
                at += 1;
            }
            codes
        };

        /// The position in `ROWS` of the code in each slot.
        #[allow(clippy::cast_possible_truncation)]
        const POSITIONS: &[$Position; SLOTS] = &{
            let mut positions = [0; SLOTS];
            let mut at = 0;
            while at < $Enum::ALL.len() {
                positions[slot($Enum::ALL[at] as $Number)] = at as $Position;
                at += 1;
            }
            positions
        };

        #[inline]
        const fn find(number: $Number) -> ::core::option::Option<$Enum> {
            let code = CODES[slot(number)];
            if code as $Number == number {
                Some(code)
            } else {
                None
            }
        }

        #[inline]
        const fn position(number: $Number) -> usize {
            POSITIONS[slot(number)] as usize
        }

        runtime::lookup!(@row $Enum, $Number, $Effect);
    };

    (@row $Enum:ident, $Number:ty, $Effect:ty) => {
        #[inline]
        const fn number(code: $Enum) -> $Number {
            code as $Number
        }

        #[inline]
        const fn row(code: $Enum) -> &'static runtime::Row<$Effect> {
            &ROWS[position(code as $Number)]
        }
    };
}

/// Defines the methods of a trait twice: as `const` methods of the enum, and in the trait. What a method takes beside `self`
/// stands in parentheses of its own.
macro_rules! methods {
    ($Enum:ident: $Trait:path { $($item:item)* } $(
        $(#[$doc:meta])*
        fn $name:ident($($self:ident)?) $(($more:ident: $More:ty))? -> $Answer:ty $body:block
    )*) => {
        impl $Enum {$(
            $(#[$doc])*
            #[must_use]
            #[inline]
            pub const fn $name($($self,)? $($more: $More)?) -> $Answer $body
        )*}

        impl $Trait for $Enum {
            $($item)*
            $(
                #[inline]
                fn $name($($self,)? $($more: $More)?) -> $Answer {
                    Self::$name($($self,)? $($more)?)
                }
            )*
        }
    };
}

/// Defines an enum of words: how each is written, and how it is shown where that differs.
macro_rules! named {
    (
        $(#[$about:meta])*
        pub enum $Enum:ident { $($(#[$doc:meta])* $Variant:ident = $written:literal $(shown $shown:literal)?,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Enum { $($(#[$doc])* $Variant,)* }

        impl $Enum {
            /// The word in lower case, as it is written in data and in the labels of a metric.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $written,)* }
            }
        }

        impl ::core::fmt::Display for $Enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(match self { $($(Self::$Variant if true => $shown,)? Self::$Variant => $written,)* })
            }
        }
    };
}

/// Implements what all tables share.
macro_rules! code {
    ($Enum:ident, $Number:ty, $title:literal: $($Variant:ident),* $(,)?) => {
        impl $Enum {
            /// All codes, in numeric order.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),*];

            /// The title of the table, as documented.
            pub const TITLE: &'static str = $title;
        }

        impl runtime::sealed::Sealed for $Enum {}

        runtime::methods! { $Enum: runtime::Code {
            type Number = $Number;
            const TITLE: &'static str = Self::TITLE;
            const ALL: &'static [Self] = Self::ALL;
        }
            /// The code with exactly this number.
            fn from_code()(code: $Number) -> ::core::option::Option<Self> { find(code) }

            /// The number of the code.
            fn code(self) -> $Number { number(self) }

            /// The documented name, without markup.
            fn name(self) -> &'static str { row(self).name }

            /// The name of the variant.
            fn ident(self) -> &'static str { row(self).ident }

            /// What the code means, in a sentence. Where the name says it all, it is the name.
            fn summary(self) -> &'static str { row(self).summary() }

            /// Whether the document calls the code deprecated.
            fn is_deprecated(self) -> bool { matches!(row(self).status, runtime::Status::Deprecated) }

            /// Whether the document no longer lists the code.
            fn is_removed(self) -> bool { matches!(row(self).status, runtime::Status::Removed) }
        }

        impl ::core::convert::From<$Enum> for $Number {
            #[inline]
            fn from(code: $Enum) -> Self {
                code.code()
            }
        }

        impl ::core::convert::From<$Number> for runtime::Wire<$Enum> {
            #[inline]
            fn from(code: $Number) -> Self {
                Self::from_code(code)
            }
        }

        impl ::core::convert::TryFrom<$Number> for $Enum {
            type Error = runtime::UnknownCode<$Enum>;

            #[inline]
            fn try_from(code: $Number) -> ::core::result::Result<Self, runtime::UnknownCode<$Enum>> {
                find(code).ok_or(runtime::UnknownCode::new(code))
            }
        }

        impl ::core::cmp::PartialEq<runtime::Wire<$Enum>> for $Enum {
            #[inline]
            fn eq(&self, other: &runtime::Wire<$Enum>) -> bool {
                other == self
            }
        }

        impl ::core::fmt::Debug for $Enum {
            /// Writes the name of the variant.
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.ident())
            }
        }

        impl ::core::fmt::Display for $Enum {
            /// Writes the documented name, or the name of the variant where the documented name does not identify it.
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(row(*self).display_name())
            }
        }

        impl ::core::str::FromStr for $Enum {
            type Err = runtime::UnknownName;

            /// Reads the name of a variant, an alias, a former identifier or a documented name.
            ///
            /// Where nothing matches exactly, case, spaces and punctuation are ignored.
            #[inline]
            #[allow(clippy::match_single_binding)]
            fn from_str(text: &str) -> ::core::result::Result<Self, runtime::UnknownName> {
                match text {
                    $(stringify!($Variant) => Ok(Self::$Variant),)*
                    _ => match runtime::find_name(ROWS, text) {
                        Some(at) => Ok(Self::ALL[at]),
                        None => Err(runtime::UnknownName::new(Self::TITLE)),
                    },
                }
            }
        }
    };
}

pub(crate) use code;
pub(crate) use lookup;
pub(crate) use methods;
pub(crate) use named;
