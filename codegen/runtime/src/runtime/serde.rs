//! Codes as bare numbers, and policies as structures, for the feature `serde`.

use core::convert::TryFrom as _;
use core::fmt;
use core::marker::PhantomData;
use core::mem::size_of;

use serde_core::de::{Deserialize, Deserializer, Error, Visitor};
use serde_core::ser::{Serialize, SerializeStruct, SerializeStructVariant, Serializer};

use super::code::Code;
use super::group::{Fault, Group, Retry};
use super::limits::NewSessionBy;
use super::plan::{Plan, Url};
use super::policy::{millis, Action, Basis, Cause, Policy, Unless, Wait};
use super::wire::Wire;

/// Implements both directions for an enum: a bare number.
macro_rules! serde_code {
    ($Enum:ident) => {
        impl ::serde_core::Serialize for $Enum {
            fn serialize<S: ::serde_core::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                ::serde_core::Serialize::serialize(&runtime::Wire::Known(*self), serializer)
            }
        }

        impl<'de> ::serde_core::Deserialize<'de> for $Enum {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let wire: runtime::Wire<Self> = ::serde_core::Deserialize::deserialize(deserializer)?;
                match wire {
                    runtime::Wire::Known(known) => Ok(known),
                    runtime::Wire::Unknown(unknown) => Err(::serde_core::de::Error::custom(unknown)),
                }
            }
        }
    };
}

pub(crate) use serde_code;

impl<T: Code> Serialize for Wire<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let code: u32 = self.code().into();
        match (size_of::<T::Number>(), u8::try_from(code), u16::try_from(code)) {
            (1, Ok(code), _) => serializer.serialize_u8(code),
            (2, _, Ok(code)) => serializer.serialize_u16(code),
            _ => serializer.serialize_u32(code),
        }
    }
}

impl<'de, T: Code> Deserialize<'de> for Wire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = NumberVisitor(PhantomData);
        match size_of::<T::Number>() {
            1 => deserializer.deserialize_u8(visitor),
            2 => deserializer.deserialize_u16(visitor),
            _ => deserializer.deserialize_u32(visitor),
        }
    }
}

/// Reads a number of the width of a table.
struct NumberVisitor<T>(PhantomData<T>);

impl<T: Code> Visitor<'_> for NumberVisitor<T> {
    type Value = Wire<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = size_of::<T::Number>() * 8;
        write!(f, "a number of at most {bits} bits for the table \"{}\"", T::TITLE)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Wire<T>, E> {
        let fitting = u32::try_from(number).ok().and_then(|number| T::Number::try_from(number).ok());
        fitting.map(Wire::from_code).ok_or_else(|| E::invalid_value(serde_core::de::Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Wire<T>, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(serde_core::de::Unexpected::Signed(number), &self)),
        }
    }
}

/// Implements how a word is written.
macro_rules! serialize_words {
    ($($Enum:ident),*) => {$(
        impl Serialize for $Enum {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit_variant(stringify!($Enum), *self as u32, self.as_str())
            }
        }
    )*};
}

serialize_words!(Action, Basis, Cause, Fault, Group, NewSessionBy, Retry, Url);

impl Serialize for Wait {
    /// Writes `"none"`, or the limits in milliseconds under `jitter` or `backoff`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, variant, limits) = match self {
            Self::None => return serializer.serialize_unit_variant("Wait", 0, "none"),
            Self::Jitter { from, to } => (1, "jitter", [("from_ms", from), ("to_ms", to)]),
            Self::Backoff { first, max } => (2, "backoff", [("first_ms", first), ("max_ms", max)]),
        };
        let mut wait = serializer.serialize_struct_variant("Wait", index, variant, 2)?;
        for (name, limit) in limits {
            wait.serialize_field(name, &millis(*limit))?;
        }
        wait.end()
    }
}

impl Serialize for Unless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut unless = serializer.serialize_struct("Unless", 4)?;
        unless.serialize_field("event", self.event)?;
        unless.serialize_field("within_ms", &millis(self.within))?;
        unless.serialize_field("before_ms", &millis(self.before))?;
        unless.serialize_field("except", &self.except)?;
        unless.end()
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut policy = serializer.serialize_struct("Policy", 9)?;
        policy.serialize_field("action", &self.action)?;
        policy.serialize_field("wait", &self.wait)?;
        policy.serialize_field("basis", &self.basis)?;
        policy.serialize_field("cause", &self.cause)?;
        policy.serialize_field("reason", self.reason)?;
        policy.serialize_field("fix", &self.fix)?;
        policy.serialize_field("unless", &self.unless)?;
        policy.serialize_field("close_with", &self.close_with)?;
        policy.serialize_field("new_sessions_before_stop", &self.new_sessions_before_stop)?;
        policy.end()
    }
}

/// A value as its text.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Plan {
    /// Writes what it follows, why it differs and why it waits as texts, and the delay in milliseconds.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 9)?;
        plan.serialize_field("action", &self.action)?;
        plan.serialize_field("delay_ms", &millis(self.delay))?;
        plan.serialize_field("close_with", &self.close_with)?;
        plan.serialize_field("url", &self.url)?;
        plan.serialize_field("by", &self.by)?;
        plan.serialize_field("policy", self.policy)?;
        plan.serialize_field("ending", &Shown(self.ending))?;
        plan.serialize_field("instead", &self.instead.map(Shown))?;
        plan.serialize_field("why", &Shown(self.why))?;
        plan.end()
    }
}
