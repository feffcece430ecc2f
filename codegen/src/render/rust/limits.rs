//! The limits of a connection as constants, with the documents that set them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::lookup::literal;
use super::policy::seconds;
use super::print::{blank_line, doc};
use crate::model::{Fallback, Limit, Limits, Opener};
use crate::render::sentences;

/// The constants of a table of close codes.
pub(super) fn constants(name: &Ident, fallback: &Fallback) -> TokenStream {
    let docs = doc(&sentences::limits(&fallback.limits));
    let Limits { identifies_per_day, identify_every: _, commands_per_minute, resumes_before_new } = &fallback.limits;
    let (per_day, per_minute) = (option(identifies_per_day.as_ref()), option(commands_per_minute.as_ref()));
    let every = seconds(fallback.limits.seconds_between_sessions());
    let resumes = literal(resumes_before_new.as_ref().map_or(Limits::RESUMES_BEFORE_NEW, |limit| limit.value));
    let opener = match fallback.reconnect.new_session_by {
        Opener::Connection => quote!(runtime::Opener::Connection),
        Opener::MainConnection => quote!(runtime::Opener::MainConnection),
        Opener::Person => quote!(runtime::Opener::Person),
    };
    let blank = blank_line();
    quote! {
        impl #name {
            #docs
            pub const LIMITS: runtime::Limits = runtime::Limits {
                identifies_per_day: #per_day,
                identify_every: #every,
                commands_per_minute: #per_minute,
                resumes_before_new: #resumes,
            };
            #blank
            /// Who opens a new session.
            pub const OPENER: runtime::Opener = #opener;
        }
    }
}

fn option(limit: Option<&Limit>) -> TokenStream {
    limit.map_or(quote!(None), |limit| {
        let value = literal(limit.value);
        quote!(Some(#value))
    })
}
