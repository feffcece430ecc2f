//! The limits of a connection as constants, with the documents that set them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::print::{blank_line, doc};
use super::tokens::{literal, option, seconds, variant};
use crate::model::{Fallback, Limit, Limits};
use crate::render::sentences;

/// The constants of a table of close codes.
pub(super) fn constants(name: &Ident, fallback: &Fallback) -> TokenStream {
    let docs = doc(&sentences::limits(&fallback.limits));
    let Limits { identifies_per_day, commands_per_minute, resumes_before_new, .. } = &fallback.limits;
    let value = |limit: &Option<Limit>| option(limit.as_ref().map(|limit| literal(limit.value)));
    let (per_day, per_minute) = (value(identifies_per_day), value(commands_per_minute));
    let times = fallback.limits.times().map(|(key, value)| {
        let (key, value) = (format_ident!("{key}"), seconds(value));
        quote!(#key: #value)
    });
    let resumes = literal(resumes_before_new.as_ref().map_or(Limits::RESUMES_BEFORE_NEW, |limit| limit.value));
    let opener = variant("NewSessionBy", fallback.reconnect.new_session_by);
    let blank = blank_line();
    quote! {
        impl #name {
            #docs
            pub const LIMITS: runtime::Limits = runtime::Limits {
                identifies_per_day: #per_day,
                commands_per_minute: #per_minute,
                resumes_before_new: #resumes,
                #(#times),*
            };
            #blank
            /// Who opens a new session.
            pub const NEW_SESSION_BY: runtime::NewSessionBy = #opener;
        }
    }
}
