//! The part of a table that is the same in all of them.
//!
//! A table's file holds its enum, `ALL`, `ROWS` in the same order, and `slot`, which gives each number of the table a
//! place of its own in an array. From these the arrays of [`impl_code!`] are built while compiling: one that leads from a
//! number to its variant and one that leads from a variant to its row, so that each look-up is an index and no search.

/// Implements what all tables share.
macro_rules! impl_code {
    ($Enum:ident, $Number:ty, $title:literal) => {
        impl $Enum {
            /// The variant whose number has the slot. A slot without a number holds the first variant, whose number differs.
            const VARIANTS: &'static [Self; Self::SLOTS] = &{
                let all = Self::ALL;
                let mut variants = [all[0]; Self::SLOTS];
                let mut position = 0;
                while position < all.len() {
                    variants[Self::slot_at(position)] = all[position];
                    position += 1;
                }
                variants
            };

            /// The row whose number has the slot.
            #[allow(clippy::cast_possible_truncation)]
            const POSITIONS: &'static [u32; Self::SLOTS] = &{
                let mut positions = [0; Self::SLOTS];
                let mut position = 0;
                while position < Self::ALL.len() {
                    positions[Self::slot_at(position)] = position as u32;
                    position += 1;
                }
                positions
            };

            /// The slot of the code at a position. Only where slots are found by halving are there as many slots as codes, and
            /// then each code has the slot of its position.
            const fn slot_at(position: usize) -> usize {
                if Self::SLOTS == Self::ALL.len() {
                    position
                } else {
                    Self::slot(Self::ALL[position] as $Number)
                }
            }

            const HAS_RANGES: bool = crate::row::any_range(ROWS);

            const fn row(self) -> &'static Row {
                &ROWS[Self::POSITIONS[Self::slot(self as $Number)] as usize]
            }

            /// The code that has this number, or in whose range it falls; `None` if there is none.
            #[must_use]
            pub const fn from_code(code: $Number) -> Option<Self> {
                let variant = Self::VARIANTS[Self::slot(code)];
                if variant as $Number == code {
                    return Some(variant);
                }
                if Self::HAS_RANGES {
                    #[allow(clippy::cast_lossless)]
                    if let Some(position) = crate::row::in_range(ROWS, code as u32) {
                        return Some(Self::ALL[position]);
                    }
                }
                None
            }

            /// The number of this code; of a range, the number that stands for it.
            #[must_use]
            pub const fn code(self) -> $Number {
                self as $Number
            }

            /// The documented name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.row().name
            }

            /// What the code means, in a sentence; the documented name where that says all.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                self.row().summary
            }

            /// Whether the document has deprecated or removed the code.
            #[must_use]
            pub const fn is_deprecated(self) -> bool {
                self.row().is_deprecated()
            }
        }

        impl crate::Code for $Enum {
            type Number = $Number;

            const TITLE: &'static str = $title;
            const ALL: &'static [Self] = Self::ALL;

            fn from_code(code: $Number) -> Option<Self> {
                Self::from_code(code)
            }

            fn code(self) -> $Number {
                self.code()
            }

            fn name(self) -> &'static str {
                self.name()
            }

            fn summary(self) -> &'static str {
                self.summary()
            }

            fn is_deprecated(self) -> bool {
                self.is_deprecated()
            }
        }

        impl From<$Enum> for $Number {
            fn from(code: $Enum) -> Self {
                code.code()
            }
        }

        impl From<crate::Wire<$Enum>> for $Number {
            fn from(code: crate::Wire<$Enum>) -> Self {
                code.code()
            }
        }

        impl From<$Number> for crate::Wire<$Enum> {
            fn from(code: $Number) -> Self {
                Self::from_code(code)
            }
        }

        impl TryFrom<$Number> for $Enum {
            type Error = crate::UnknownCode;

            fn try_from(code: $Number) -> Result<Self, Self::Error> {
                Self::from_code(code).ok_or(crate::UnknownCode::new(code.into(), $title))
            }
        }

        impl TryFrom<crate::Wire<$Enum>> for $Enum {
            type Error = crate::UnknownCode;

            fn try_from(code: crate::Wire<$Enum>) -> Result<Self, Self::Error> {
                Self::try_from(code.code())
            }
        }

        impl core::fmt::Display for $Enum {
            /// Writes the documented name, or the identifier where several codes of the table have that name.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.row().unique_name())
            }
        }

        impl core::str::FromStr for $Enum {
            type Err = crate::ParseCodeError;

            /// Reads an identifier, an alias, or a documented name that only one code of the table has.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match ROWS.iter().position(|row| row.is_called(text)) {
                    Some(position) => Ok(Self::ALL[position]),
                    None => Err(crate::ParseCodeError::new($title)),
                }
            }
        }

        #[cfg(feature = "serde")]
        impl serde_core::Serialize for $Enum {
            fn serialize<S: serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                self.code().serialize(serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde_core::Deserialize<'de> for $Enum {
            fn deserialize<D: serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let code = <$Number>::deserialize(deserializer)?;
                Self::try_from(code).map_err(serde_core::de::Error::custom)
            }
        }
    };
}

/// Implements what all tables of opcodes share.
macro_rules! impl_opcode {
    ($Enum:ident) => {
        impl $Enum {
            /// Whether a client sends it.
            #[must_use]
            pub const fn is_sent(self) -> bool {
                !matches!(self.direction(), crate::Direction::Receive)
            }

            /// Whether a client receives it.
            #[must_use]
            pub const fn is_received(self) -> bool {
                !matches!(self.direction(), crate::Direction::Send)
            }
        }
    };
}

/// Implements what all tables of opcodes with a documented payload format share.
macro_rules! impl_format {
    ($Enum:ident) => {
        impl $Enum {
            /// Whether its payload travels in a binary frame.
            #[must_use]
            pub const fn is_binary(self) -> bool {
                matches!(self.format(), crate::Format::Binary)
            }
        }
    };
}

/// Implements what all tables with codes to try again share.
macro_rules! impl_retry {
    ($Enum:ident) => {
        impl $Enum {
            /// Whether the document says to wait and try again.
            #[must_use]
            pub const fn retry(self) -> bool {
                self.row().is_retried()
            }
        }
    };
}

/// Implements what all tables of close codes share.
macro_rules! impl_close_code {
    ($Enum:ident) => {
        impl $Enum {
            /// What to do when a connection ended with this code: the action of [`policy`](Self::policy).
            #[must_use]
            pub const fn reconnect(self) -> crate::Reconnect {
                self.policy().action
            }

            /// Whether to connect again by oneself.
            #[must_use]
            pub const fn can_reconnect(self) -> bool {
                self.reconnect().can_reconnect()
            }
        }
    };
}
