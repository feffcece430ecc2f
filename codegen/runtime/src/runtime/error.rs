//! The errors as `std` errors, for the feature `std`.

extern crate std;

use super::code::{Code, UnknownCode, UnknownName};

impl<T: Code> std::error::Error for UnknownCode<T> {}

impl std::error::Error for UnknownName {}
