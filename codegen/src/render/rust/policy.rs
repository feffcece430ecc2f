//! Policies as constants, in the words of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{literal, word};
use crate::model::{Action, CloseAnswers, Fallback, Policy, Reconnect, Registry, Table, Unless, Wait};

/// A policy: its answer, its reason and its fix. Only what it may contradict is not part of the crate.
pub(super) fn policy(policy: &Policy) -> TokenStream {
    let [answer, reason, fix] = parts(policy);
    quote!(policy(#answer, #reason, #fix))
}

/// What to do, why, and how the user can repair it: the last three arguments of a row.
pub(super) fn parts(policy: &Policy) -> [TokenStream; 3] {
    let Policy { action, wait, basis, reason, fix, cause, unless, close_with, new_sessions_before_stop, despite: _ } = policy;
    let basis = word(basis);
    let action = match action {
        Action::Resume => quote!(resume),
        Action::NewSession => quote!(new_session),
        Action::Stop => quote!(stop),
    };
    let wait = match wait {
        Wait::None => TokenStream::new(),
        Wait::Jitter([from, to]) => {
            let (from, to) = (literal(*from), literal(*to));
            quote!(.jitter(#from, #to))
        }
        Wait::Backoff([first, max]) => {
            let (first, max) = (literal(*first), literal(*max));
            quote!(.backoff(#first, #max))
        }
    };
    let cause = cause.map(word).map(|cause| quote!(.cause(#cause)));
    let events = unless.iter().map(event);
    let unless = (!unless.is_empty()).then(|| quote!(.unless(&[#(#events),*])));
    let close_with = close_with.map(|code| literal(code.into())).map(|code| quote!(.close_with(#code)));
    let most = new_sessions_before_stop.map(literal).map(|most| quote!(.new_sessions_before_stop(#most)));
    let (reason, fix) = (reason.as_str(), fix.as_deref().unwrap_or_default());
    [quote!(#action(#basis)#wait #cause #unless #close_with #most), quote!(#reason), quote!(#fix)]
}

fn event(unless: &Unless) -> TokenStream {
    let Unless { event, within, before, except } = unless;
    let (event, within, before) = (event.as_str(), literal(*within), literal(*before));
    let except = except.as_deref().unwrap_or_default();
    quote!(event(#event, #within, #before, #except))
}

/// What a table answers where none of its codes does.
pub(super) fn answers(registry: &Registry, table: &Table, fallback: &Fallback) -> Vec<TokenStream> {
    let Reconnect {
        absent,
        unknown,
        extends: _,
        resumable: _,
        sent,
        heartbeat_timeout,
        new_session_by: _,
        events: _,
        clients: _,
    } = &fallback.reconnect;
    let or_absent = |own: Option<&Policy>| {
        let own = own.map(self::policy).map(|policy| quote!(&#policy));
        own.unwrap_or_else(|| quote!(ABSENT))
    };
    let codes = sent.iter().flat_map(|sent| &sent.codes).map(|code| literal((*code).into()));
    let after_sent = or_absent(sent.as_ref().map(|sent| &sent.policy));
    let after_others = or_absent(sent.as_ref().and_then(|sent| sent.others.as_ref()));
    let heartbeat_timeout = or_absent(heartbeat_timeout.as_ref());
    let (absent, unknown) = (self::policy(absent), self::policy(unknown));
    let ranges = ranges(registry, table);
    vec![
        quote! {
            /// What to do where the connection ended without a close code.
            const ABSENT: &runtime::Policy = &#absent;
        },
        quote! {
            /// What to do where none of the codes says it.
            const ANSWERS: runtime::Answers = runtime::Answers {
                absent: ABSENT,
                unknown: &#unknown,
                sent: &[#(#codes),*],
                after_sent: #after_sent,
                after_others: #after_others,
                heartbeat_timeout: #heartbeat_timeout,
                ranges: &[#(#ranges),*],
            };
        },
    ]
}

/// The answers of the ranges of a table, and those that it gives in place of the table that it extends.
fn ranges(registry: &Registry, table: &Table) -> Vec<TokenStream> {
    let range = |first: u32, last: u32, policy: &Policy| {
        let (first, last, policy) = (literal(first), literal(last), self::policy(policy));
        quote!(runtime::PolicyRange { first: #first, last: #last, policy: #policy })
    };
    let own = table.ranges().iter().filter_map(|row| Some(range(row.first(), row.last(), row.policy()?)));
    let answers = CloseAnswers::new(registry, table);
    let instead = answers.iter().flat_map(CloseAnswers::not_resumed).map(|one| range(one.first, one.last, &one.policy));
    own.chain(instead).collect()
}
