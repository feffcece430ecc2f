//! Policies as constants.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};

use super::tokens::{literal, option, seconds, variant};
use crate::model::{Fallback, Policy, Reconnect, Table, Unless, Wait};

/// A policy. Only what knows about the policy may contradict is not part of the crate.
pub(super) fn policy(policy: &Policy) -> TokenStream {
    let Policy { action, wait, basis, reason, fix, cause, unless, close_with, despite: _ } = policy;
    let (action, basis) = (variant("Action", action), variant("Basis", basis));
    let wait = self::wait(*wait);
    let cause = option(cause.map(|cause| variant("Cause", cause)));
    let (reason, fix) = (reason.as_str(), option(fix.as_deref()));
    let events = unless.iter().map(self::unless);
    let unless = if unless.is_empty() { quote!(runtime::NO_EVENTS) } else { quote!(&[#(#events),*]) };
    let close_with = option(close_with.map(|code| literal(code.into())));
    quote! {
        runtime::Policy {
            action: #action,
            wait: #wait,
            basis: #basis,
            cause: #cause,
            reason: #reason,
            fix: #fix,
            unless: #unless,
            close_with: #close_with,
        }
    }
}

/// The waits of a table as constants. A row names them, so that it calls nothing: calls in a long constant compile slowly.
pub(super) fn waits(table: &Table) -> Vec<TokenStream> {
    let waits: BTreeSet<(String, Wait)> =
        policies(table).into_iter().filter_map(|policy| Some((name_of_wait(policy.wait)?, policy.wait))).collect();
    let define = |(name, wait): (String, Wait)| {
        let name = format_ident!("{name}");
        let value = match wait {
            Wait::None => quote!(runtime::Wait::None),
            Wait::Jitter([from, to]) => {
                let (from, to) = (seconds(from), seconds(to));
                quote!(runtime::Wait::Jitter { from: #from, to: #to })
            }
            Wait::Backoff([first, max]) => {
                let (first, max) = (seconds(first), seconds(max));
                quote!(runtime::Wait::Backoff { first: #first, max: #max })
            }
        };
        quote!(const #name: runtime::Wait = #value;)
    };
    waits.into_iter().map(define).collect()
}

/// All policies of a table.
fn policies(table: &Table) -> Vec<&Policy> {
    let rows = table.rows.iter().flat_map(|row| row.effect.policies()).map(|(_, policy)| policy);
    let of_table = table.fallback.iter().flat_map(|fallback| {
        let Reconnect { absent, unknown, sent, .. } = &fallback.reconnect;
        let sent = sent.iter().flat_map(|sent| std::iter::once(&sent.policy).chain(&sent.others));
        [absent, unknown].into_iter().chain(sent)
    });
    rows.chain(of_table).collect()
}

/// The name of the constant that holds a wait, such as `BACKOFF_1_300`.
fn name_of_wait(wait: Wait) -> Option<String> {
    match wait {
        Wait::None => None,
        Wait::Jitter([from, to]) => Some(format!("JITTER_{from}_{to}")),
        Wait::Backoff([first, max]) => Some(format!("BACKOFF_{first}_{max}")),
    }
}

fn wait(wait: Wait) -> TokenStream {
    name_of_wait(wait).map_or(quote!(runtime::Wait::None), |name| format_ident!("{name}").into_token_stream())
}

fn unless(unless: &Unless) -> TokenStream {
    let Unless { event, within, except } = unless;
    let (event, within) = (event.as_str(), seconds(*within));
    let except = option(except.as_deref());
    quote!(runtime::Unless { event: #event, within: #within, except: #except })
}

/// What a table answers where none of its codes does.
pub(super) fn answers(table: &Table, fallback: &Fallback) -> TokenStream {
    let Reconnect { absent, unknown, extends: _, resumable: _, sent, silence, new_session_by: _, events: _, clients: _ } =
        &fallback.reconnect;
    let codes = sent.iter().flat_map(|sent| &sent.codes).map(|code| literal((*code).into()));
    let after_sent = self::policy(sent.as_ref().map_or(absent, |sent| &sent.policy));
    let after_others = self::policy(sent.as_ref().and_then(|sent| sent.others.as_ref()).unwrap_or(absent));
    let silence = self::policy(silence.as_ref().unwrap_or(absent));
    let (absent, unknown) = (self::policy(absent), self::policy(unknown));
    let ranges = table.ranges().iter().filter_map(|range| {
        let (first, last) = (literal(range.first()), literal(range.last()));
        let policy = self::policy(range.policy()?);
        Some(quote!(runtime::PolicyRange { first: #first, last: #last, policy: #policy }))
    });
    quote! {
        /// What to do where none of the codes says it.
        const ANSWERS: runtime::Answers = runtime::Answers {
            absent: #absent,
            unknown: #unknown,
            sent: &[#(#codes),*],
            after_sent: #after_sent,
            after_others: #after_others,
            silence: #silence,
            ranges: &[#(#ranges),*],
        };
    }
}
