//! One table as Rust: the enum, its look-up, and what to do after each of its codes.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::lookup::Lookup;
use super::modules::has_endings;
use super::words;
use crate::markdown::{escape, sentence, table as markdown_table};
use crate::model::{
    Action, Basis, Code, Detail, Direction, Fallback, Format, Kind, Policy, Registry, Repr, Status, Table, Value, Wait,
};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let editions = registry.systems.iter().flat_map(|system| &system.editions);
    for table in editions.flat_map(|edition| &edition.tables) {
        let path = format!("src/{}/{}/{}.rs", table.path.system, table.path.edition, table.path.module());
        let header = format!("// {MARK} from codes/{}.toml. Do not edit.\n// Source: {}.\n\n", table.path, table.source);
        tree.insert(path, header + &pretty(of_table(table)));
    }
}

/// Tokens as a careful person would have laid them out.
pub(super) fn pretty(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).expect("the generator writes Rust that parses");
    let mut spaced = String::new();
    let mut before = "";
    for line in prettyplease::unparse(&file).lines() {
        if ends_item(before) && begins_item(line) && !(is_one_of_many(before) && is_one_of_many(line)) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

/// Whether a line closes an item of a file or of an `impl`.
fn ends_item(line: &str) -> bool {
    indent(line) <= 4 && line.ends_with(['}', ';']) || line.starts_with("//!")
}

/// Whether a line opens an item of a file or of an `impl`, with its docs and attributes.
fn begins_item(line: &str) -> bool {
    indent(line) <= 4 && !line.trim_start().starts_with(['}', ']', ')']) && !line.starts_with("//!")
}

/// Whether a line is an item of a kind that stands close together.
fn is_one_of_many(line: &str) -> bool {
    ["use ", "mod ", "pub use ", "pub mod ", "impl_"].iter().any(|start| line.starts_with(start))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Lines of documentation, of the item that follows or of the file they stand in.
pub(super) fn doc(lines: &[String], inner: bool) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    if inner { quote!(#(#![doc = #lines])*) } else { quote!(#(#[doc = #lines])*) }
}

fn of_table(table: &Table) -> TokenStream {
    let marks = marks(table);
    let imports = imports(table, marks.iter().any(|marks| !marks.is_empty()));
    let declaration = declaration(table);
    let lookup = lookup(table);
    let constants = constants(table);
    let functions = match &table.kind {
        Kind::Opcodes => opcodes(table),
        Kind::CloseCodes(fallback) => close_codes(table, fallback),
        Kind::StatusCodes | Kind::ErrorCodes => TokenStream::new(),
    };
    let name = format_ident!("{}", table.enum_name);
    let all = table.codes.iter().map(path);
    let everything = doc(&[format!("Every {} of this table, in the order of the numbers.", table.kind.noun())], false);
    let implementations = implementations(table);
    let rows = rows(table, &marks);
    let endings = if has_endings(table) { reconnect_after(table) } else { TokenStream::new() };
    quote! {
        #imports
        #declaration
        impl #name {
            #everything
            pub const ALL: &'static [Self] = &[#(#all),*];
            #constants
            #functions
            #lookup
        }
        #implementations
        #endings
        #rows
    }
}

fn imports(table: &Table, has_marks: bool) -> TokenStream {
    let mut names = Vec::new();
    if matches!(table.kind, Kind::CloseCodes(_)) || has_endings(table) {
        names.extend(["Basis", "Policy", "Reconnect", "Wait"]);
    }
    if table.has_directions() {
        names.push("Direction");
    }
    if table.has_formats() {
        names.push("Format");
    }
    names.sort_unstable();
    let names: Vec<_> = names.iter().map(|name| format_ident!("{name}")).collect();
    let types = match names.as_slice() {
        [] => TokenStream::new(),
        [only] => quote!(use crate::#only;),
        several => quote!(use crate::{#(#several),*};),
    };
    let rows = if has_marks {
        quote!(
            use crate::row::{Mark, Row};
        )
    } else {
        quote!(
            use crate::row::Row;
        )
    };
    quote!(#rows #types)
}

fn declaration(table: &Table) -> TokenStream {
    let name = format_ident!("{}", table.enum_name);
    let repr = format_ident!("{}", table.repr.name());
    let mut lines =
        vec![sentence(&escape(&table.summary)), String::new(), format!("Documented as \"{}\".", escape(&table.title))];
    if let Kind::CloseCodes(fallback) = &table.kind {
        lines.push(String::new());
        lines.extend(answers(table, fallback));
    }
    if !table.recycled.is_empty() {
        lines.push(String::new());
        lines.push("These are gone, and another has taken their number:".to_owned());
        lines.extend(
            table
                .recycled
                .iter()
                .map(|code| format!("- {} \"{}\": {}", code.value.value, escape(&code.name), words::meaning(code))),
        );
    }
    let docs = doc(&lines, false);
    let variants = table.codes.iter().map(variant);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(#repr)]
        pub enum #name { #(#variants),* }
    }
}

/// The table in the docs of an enum of close codes.
fn answers(table: &Table, fallback: &Fallback) -> Vec<String> {
    let row = |code: String, variant: String, policy: &Policy| {
        vec![code, variant, words::action(policy), words::wait(policy).to_owned(), sentence(&escape(&policy.reason.value))]
    };
    let mut rows: Vec<Vec<String>> = table
        .codes
        .iter()
        .filter_map(|code| match &code.detail {
            Detail::CloseCode { policy, .. } => {
                Some(row(code.value.value.to_string(), format!("[`{0}`](Self::{0})", code.ident), policy))
            }
            _ => None,
        })
        .collect();
    rows.push(row("none".to_owned(), String::new(), &fallback.absent));
    if let Some(extended) = &fallback.extends {
        let path = format!("crate::{}::{}::{}", extended.path.system, extended.path.edition, extended.enum_name);
        rows.push(vec![
            "others".to_owned(),
            format!("[`{}`]({path})", extended.enum_name),
            "as there".to_owned(),
            String::new(),
            String::new(),
        ]);
    }
    rows.push(row("unknown".to_owned(), String::new(), &fallback.unknown));
    markdown_table(&["code", "variant", "what to do", "wait", "why"], &rows)
}

fn variant(code: &Code) -> TokenStream {
    let ident = format_ident!("{}", code.ident);
    let number = number(code.value.value.discriminant());
    let mut lines = vec![words::meaning(code)];
    let more = [words::documented(code), words::consequences(code)].concat();
    if !more.is_empty() {
        lines.push(String::new());
        lines.push(more.join(" "));
    }
    if let Some(note) = &code.note {
        lines.push(String::new());
        lines.push(sentence(&escape(note)));
    }
    let docs = doc(&lines, false);
    let deprecated = deprecation(code.status);
    quote!(#docs #deprecated #ident = #number)
}

fn deprecation(status: Status) -> TokenStream {
    match status {
        Status::Active => TokenStream::new(),
        Status::Deprecated => quote!(#[deprecated(note = "the document calls it deprecated")]),
        Status::Removed => quote!(#[deprecated(note = "the document no longer has it")]),
    }
}

/// Other and former names of the same values.
fn constants(table: &Table) -> TokenStream {
    let constants = table.codes.iter().flat_map(|code| {
        let main = path(code);
        let aliases = code.aliases.iter().map(|alias| {
            let docs = doc(&[format!("Another name of [`{0}`](Self::{0}).", code.ident)], false);
            (alias, docs)
        });
        let former = code.renamed_from.iter().map(|former| {
            let docs = doc(&[format!("The former name of [`{0}`](Self::{0}).", code.ident)], false);
            let note = format!("renamed to `{}`", code.ident);
            (former, quote!(#docs #[deprecated(note = #note)]))
        });
        aliases.chain(former).map(move |(name, attributes)| {
            let name = format_ident!("{name}");
            quote! {
                #attributes
                #[allow(non_upper_case_globals)]
                pub const #name: Self = #main;
            }
        })
    });
    quote!(#(#constants)*)
}

fn implementations(table: &Table) -> TokenStream {
    let name = format_ident!("{}", table.enum_name);
    let repr = format_ident!("{}", table.repr.name());
    let title = &table.title;
    let of_kind = match &table.kind {
        Kind::Opcodes => {
            let direction = table.has_directions().then(|| quote!(impl_opcode!(#name);));
            let format = table.has_formats().then(|| quote!(impl_format!(#name);));
            quote!(#direction #format)
        }
        Kind::CloseCodes(_) => quote!(impl_close_code!(#name);),
        Kind::StatusCodes | Kind::ErrorCodes if table.codes.iter().any(is_retried) => quote!(impl_retry!(#name);),
        Kind::StatusCodes | Kind::ErrorCodes => TokenStream::new(),
    };
    quote! {
        impl_code!(#name, #repr, #title);
        #of_kind
    }
}

/// What sets the row of each code apart from a plain one.
fn marks(table: &Table) -> Vec<Vec<TokenStream>> {
    let mut called: HashMap<&str, usize> = HashMap::new();
    for code in &table.codes {
        let names: HashSet<&String> = [&code.name, &code.ident].into_iter().chain(&code.aliases).collect();
        for name in names {
            *called.entry(name).or_default() += 1;
        }
    }
    let of_code = |code: &Code| {
        let names = code.aliases.iter().chain(&code.renamed_from);
        let mut marks: Vec<TokenStream> = names.map(|name| quote!(Mark::Alias(#name))).collect();
        if let Value::Range { first, last, .. } = code.value.value {
            let (first, last) = (number(first), number(last));
            marks.push(quote!(Mark::Range(#first, #last)));
        }
        let flags = [
            (is_retried(code), quote!(Mark::Retried)),
            (code.status != Status::Active, quote!(Mark::Deprecated)),
            (called[code.name.as_str()] > 1, quote!(Mark::NameShared)),
        ];
        marks.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark));
        marks
    };
    table.codes.iter().map(of_code).collect()
}

fn is_retried(code: &Code) -> bool {
    matches!(code.detail, Detail::Response { retry: true })
}

fn rows(table: &Table, marks: &[Vec<TokenStream>]) -> TokenStream {
    let rows = table.codes.iter().zip(marks).map(|(code, marks)| {
        let (ident, name, summary) = (&code.ident, &code.name, code.meaning());
        if marks.is_empty() {
            quote!(Row::new(#ident, #name, #summary))
        } else {
            quote!(Row::marked(#ident, #name, #summary, &[#(#marks),*]))
        }
    });
    let docs = doc(&["Identifier, documented name and meaning, in the order of `ALL`.".to_owned()], false);
    quote! {
        #docs
        const ROWS: &[Row] = &[#(#rows),*];
    }
}

fn lookup(table: &Table) -> TokenStream {
    let numbers: Vec<u32> = table.codes.iter().map(|code| code.value.value.discriminant()).collect();
    let repr = format_ident!("{}", table.repr.name());
    let (lines, slots, body) = match Lookup::of(&numbers) {
        Lookup::Dense { first, slots } => {
            let last_slot = Literal::u32_unsuffixed(slots - 1);
            let distance = if first == 0 {
                TokenStream::new()
            } else {
                let first = number(first);
                quote!(let code = code.wrapping_sub(#first);)
            };
            (
                "The numbers lie close together: the slot is the distance from the first, and all others share the last one.",
                literal(slots),
                quote! {
                    #distance
                    if code >= #last_slot {
                        return #last_slot;
                    }
                    code as usize
                },
            )
        }
        Lookup::Hashed { multiplier, bits } => {
            let multiplier: Literal =
                format!("0x{:04X}_{:04X}", multiplier >> 16, multiplier & 0xFFFF).parse().expect("a number");
            let shift = Literal::u32_unsuffixed(32 - bits);
            let code = if table.repr == Repr::U32 { quote!(code) } else { quote!((code as u32)) };
            (
                "The numbers are scattered: this factor was searched for, so that the upper bits of each product differ.",
                literal(1 << bits),
                quote!((#code.wrapping_mul(#multiplier) >> #shift) as usize),
            )
        }
        Lookup::Sorted => (
            "The numbers are scattered and many: the slot is found by halving.",
            quote!(Self::ALL.len()),
            quote! {
                let all = Self::ALL;
                let mut low = 0;
                let mut high = all.len() - 1;
                while low < high {
                    let middle = low + (high - low) / 2;
                    if (all[middle] as #repr) < code { low = middle + 1; } else { high = middle; }
                }
                low
            },
        ),
    };
    let docs = doc(&[lines.to_owned()], false);
    quote! {
        const SLOTS: usize = #slots;
        #docs
        const fn slot(code: #repr) -> usize { #body }
    }
}

fn opcodes(table: &Table) -> TokenStream {
    let direction = table.has_directions().then(|| {
        let direction = grouped(
            &table.codes,
            |code| match &code.detail {
                Detail::Opcode { direction, .. } => direction.as_ref(),
                _ => None,
            },
            |direction| match direction {
                Direction::Send => quote!(Direction::Send),
                Direction::Receive => quote!(Direction::Receive),
                Direction::Both => quote!(Direction::Both),
            },
        );
        quote! {
            /// Which way it travels, seen from the client.
            #[must_use]
            pub const fn direction(self) -> Direction { #direction }
        }
    });
    let format = table.has_formats().then(|| {
        let format = grouped(
            &table.codes,
            |code| match &code.detail {
                Detail::Opcode { format, .. } => format.as_ref(),
                _ => None,
            },
            |format| match format {
                Format::Json => quote!(Format::Json),
                Format::Binary => quote!(Format::Binary),
            },
        );
        quote! {
            /// How its payload is encoded.
            #[must_use]
            pub const fn format(self) -> Format { #format }
        }
    });
    quote!(#direction #format)
}

fn close_codes(table: &Table, fallback: &Fallback) -> TokenStream {
    let policies = grouped(
        &table.codes,
        |code| match &code.detail {
            Detail::CloseCode { policy, .. } => Some(policy),
            _ => None,
        },
        policy_tokens,
    );
    let repr = format_ident!("{}", table.repr.name());
    let absent = policy_tokens(&fallback.absent);
    let unknown = policy_tokens(&fallback.unknown);
    let convert = if table.repr == Repr::U16 {
        TokenStream::new()
    } else {
        quote! {
            if code > #repr::MAX as u16 {
                return Self::UNKNOWN;
            }
            let code = code as #repr;
        }
    };
    let extended = fallback.extends.as_ref().map(|extended| {
        let [system, edition] = [&extended.path.system, &extended.path.edition].map(|name| format_ident!("{name}"));
        let name = format_ident!("{}", extended.enum_name);
        quote! {
            if let Some(known) = crate::#system::#edition::#name::from_code(code) {
                return known.policy();
            }
        }
    });
    let sent = fallback.sent.as_ref().map(|sent| {
        let codes = sent.codes.iter().map(|code| number(u32::from(*code)));
        let policy = policy_tokens(&sent.policy);
        quote! {
            /// What to do after the client itself closed the connection with this code, in order to connect again.
            ///
            /// Some codes end the session when a client sends them, though not when it receives them. `None` stands for a
            /// connection that was dropped without a close frame.
            #[must_use]
            pub const fn reconnect_after_sending(close_code: Option<u16>) -> Policy {
                match close_code {
                    Some(#(#codes)|*) => #policy,
                    _ => Self::ABSENT,
                }
            }
        }
    });
    quote! {
        const ABSENT: Policy = #absent;
        const UNKNOWN: Policy = #unknown;

        /// What to do when a connection ended with this code, and why.
        #[must_use]
        pub const fn policy(self) -> Policy { #policies }

        /// What to do when a connection ended with this code, known or not, or without a code.
        ///
        /// It answers for every number, and for `None`: a dropped connection, or a close frame without a code.
        #[must_use]
        pub const fn reconnect_for(close_code: Option<u16>) -> Policy {
            let code = match close_code {
                Some(code) => code,
                None => return Self::ABSENT,
            };
            #convert
            if let Some(known) = Self::from_code(code) {
                return known.policy();
            }
            #extended
            Self::UNKNOWN
        }
        #sent
    }
}

fn reconnect_after(table: &Table) -> TokenStream {
    let name = format_ident!("{}", table.enum_name);
    let arms = table.codes.iter().filter_map(|code| {
        let Detail::Opcode { ends: Some(ends), .. } = &code.detail else { return None };
        let ident = format_ident!("{}", code.ident);
        let resumable = policy_tokens(&ends.resumable);
        let otherwise = policy_tokens(&ends.otherwise);
        Some(if ends.resumable == ends.otherwise {
            quote!((#name::#ident, _) => #resumable)
        } else {
            quote!((#name::#ident, true) => #resumable, (#name::#ident, false) => #otherwise)
        })
    });
    quote! {
        /// What to do on receiving an opcode that ends the session; `None` for an opcode that does not.
        ///
        /// `resumable` is what the message says of the session, where it says it.
        #[must_use]
        pub const fn reconnect_after(opcode: #name, resumable: bool) -> Option<Policy> {
            let policy = match (opcode, resumable) {
                #(#arms,)*
                _ => return None,
            };
            Some(policy)
        }
    }
}

/// A `match` over all codes in which those with the same value share an arm.
fn grouped<'a, T: PartialEq + 'a>(
    codes: &'a [Code],
    value: impl Fn(&'a Code) -> Option<&'a T>,
    tokens: impl Fn(&T) -> TokenStream,
) -> TokenStream {
    let mut arms: Vec<(&T, Vec<TokenStream>)> = Vec::new();
    for code in codes {
        let Some(value) = value(code) else { continue };
        match arms.iter_mut().find(|(other, _)| *other == value) {
            Some((_, paths)) => paths.push(path(code)),
            None => arms.push((value, vec![path(code)])),
        }
    }
    if let [(value, _)] = arms.as_slice() {
        return tokens(value);
    }
    let arms = arms.iter().map(|(value, paths)| {
        let value = tokens(value);
        quote!(#(#paths)|* => #value)
    });
    quote!(match self { #(#arms),* })
}

fn policy_tokens(policy: &Policy) -> TokenStream {
    let action = match policy.action.value {
        Action::Resume => quote!(Reconnect::Resume),
        Action::NewSession => quote!(Reconnect::NewSession),
        Action::Stop => quote!(Reconnect::Stop),
    };
    let wait = match policy.wait {
        Wait::None => quote!(Wait::None),
        Wait::Backoff => quote!(Wait::Backoff),
    };
    let basis = match policy.basis {
        Basis::Documented => quote!(Basis::Documented),
        Basis::DocumentedText => quote!(Basis::DocumentedText),
        Basis::Consensus => quote!(Basis::Consensus),
        Basis::Judgement => quote!(Basis::Judgement),
    };
    let reason = &policy.reason.value;
    let unless = policy.unless.as_ref().map(|event| {
        let event = &event.value;
        quote!(.unless(#event))
    });
    quote!(Policy::new(#action, #wait, #basis, #reason) #unless)
}

fn path(code: &Code) -> TokenStream {
    let ident = format_ident!("{}", code.ident);
    quote!(Self::#ident)
}

fn literal(number_of_slots: u32) -> TokenStream {
    let literal = number(number_of_slots);
    quote!(#literal)
}

/// A number with an underscore between thousands where it is long.
fn number(value: u32) -> Literal {
    let digits = value.to_string();
    if digits.len() < 6 {
        return Literal::u32_unsuffixed(value);
    }
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped.parse().expect("digits and underscores are a number")
}
