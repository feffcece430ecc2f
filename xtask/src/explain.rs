//! `cargo xtask explain`: every meaning of a code, and what to do.

use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use wirecodes_codegen::diagnostic::visible;
use wirecodes_codegen::import::merge::restyled;
use wirecodes_codegen::load;
use wirecodes_codegen::model::{Action, Code, Detail, Policy, Registry, Status, Table, Value, Wait};

use crate::paths::in_root;
use crate::{End, Ended, report};

/// Tell every meaning of a code in every edition, and what to do
///
/// The code may be a number, an identifier, or a documented name or a part of one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask explain 4014
  cargo xtask explain InvalidSeq
  cargo xtask explain \"unknown guild\"")]
pub struct Explain {
    /// The number, the identifier or the name
    #[arg(value_name = "CODE")]
    code: String,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

const STRONG: Style = Style::new().bold();

impl Explain {
    #[allow(clippy::unnecessary_wraps, reason = "every command is run the same way")]
    pub fn run(self) -> Ended {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let mut diagnostics = Vec::new();
        let Some(registry) = load(&codes, &mut diagnostics) else {
            report::diagnostics(&diagnostics);
            return Ok(End::FoundWrong);
        };
        let all = || every_code(&registry);
        let number = self.code.parse::<u32>().ok();
        let wanted = restyled(&self.code);
        let exact = |code: &Code| match number {
            Some(number) => has_number(code, number),
            None => names(code).any(|name| restyled(name) == wanted),
        };
        let mut found: Vec<_> = all().filter(|(_, code)| exact(code)).collect();
        if found.is_empty() && number.is_none() && !wanted.is_empty() {
            found = all().filter(|(_, code)| names(code).any(|name| restyled(name).contains(&wanted))).collect();
        }
        if found.is_empty() {
            report::message(&format!("no table has a code {}", visible(&self.code)));
            tell_near(&registry, &self.code, number);
            return Ok(End::FoundWrong);
        }
        for (table, code) in found {
            tell(table, code);
        }
        Ok(End::Done)
    }
}

fn every_code(registry: &Registry) -> impl Iterator<Item = (&Table, &Code)> {
    let tables = registry.systems.iter().flat_map(|system| &system.editions).flat_map(|edition| &edition.tables);
    tables.flat_map(|table| table.codes.iter().chain(&table.recycled).map(move |code| (table, code)))
}

fn has_number(code: &Code, number: u32) -> bool {
    match code.value.value {
        Value::Single(value) => value == number,
        Value::Range { first, last, .. } => (first..=last).contains(&number),
    }
}

fn names(code: &Code) -> impl Iterator<Item = &str> {
    [&code.ident, &code.name].into_iter().chain(&code.aliases).chain(&code.renamed_from).map(String::as_str)
}

fn tell(table: &Table, code: &Code) {
    let path = format!("{}::{}::{}::{}", table.path.system, table.path.edition, table.enum_name, code.ident);
    let status = match code.status {
        Status::Active => "",
        Status::Deprecated => " (deprecated)",
        Status::Removed => " (removed)",
    };
    anstream::println!("{STRONG}{} {}{STRONG:#}{status}  {path}", code.value.value, visible(&code.name));
    anstream::println!("  {}", code.meaning());
    match &code.detail {
        Detail::Opcode { direction, ends, .. } => {
            if let Some(direction) = direction {
                anstream::println!("  {}", direction.words());
            }
            if let Some(ends) = ends {
                tell_policy("", &ends.resumable);
                if ends.otherwise != ends.resumable {
                    tell_policy("if the session cannot be resumed: ", &ends.otherwise);
                }
            }
        }
        Detail::CloseCode { policy, .. } => tell_policy("", policy),
        Detail::Response { retry: true } => anstream::println!("  wait and try again"),
        Detail::Response { retry: false } => {}
    }
    anstream::println!();
}

fn tell_policy(when: &str, policy: &Policy) {
    let wait = match (policy.action.value, policy.wait) {
        (Action::Stop, _) => "",
        (_, Wait::None) => " at once",
        (_, Wait::Backoff) => " after a wait",
    };
    let unless = policy.unless.as_ref().map(|event| format!(", unless {} follows", event.value)).unwrap_or_default();
    let (action, basis) = (policy.action.value.words(), policy.basis.words());
    anstream::println!("  {when}{STRONG}{action}{STRONG:#}{wait}{unless} ({basis}): {}", policy.reason.value);
}

/// The codes nearest to what was asked for.
fn tell_near(registry: &Registry, asked: &str, number: Option<u32>) {
    let asked_plain = restyled(asked);
    let mut near: Vec<(u32, String)> = every_code(registry)
        .map(|(_, code)| {
            if let Some(number) = number {
                return (code.value.value.discriminant().abs_diff(number), code.value.value.to_string());
            }
            let distance = names(code).map(|name| strsim::damerau_levenshtein(&restyled(name), &asked_plain)).min();
            (distance.and_then(|distance| u32::try_from(distance).ok()).unwrap_or(u32::MAX), code.ident.clone())
        })
        .collect();
    near.sort();
    near.dedup();
    let names: Vec<&str> = near.iter().take(3).map(|(_, name)| name.as_str()).collect();
    if !names.is_empty() {
        anstream::eprintln!("help: near it are {}", names.join(", "));
    }
}
