//! `cargo xtask explain`: what a code means, and what to do.

use std::path::PathBuf;

use anstyle::Style;
use clap::{Args, ValueEnum};
use wirecodes_codegen::{Again, Meaning, Policy, Registry, closest, explain, key_word, quoted, rules};

use crate::paths::in_root;
use crate::{CommandResult, Outcome, report};

/// Explain a code: what it means in each edition, and what to do
///
/// The code may be a number, an identifier, or a documented name or a part of one. A number without a row gets the answer that
/// the generated crate gives. The name of a lint rule explains the rule.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask explain 4014
  cargo xtask explain 0xFAE --in discord/v10
  cargo xtask explain \"unknown guild\"
  cargo xtask explain stop-without-fix")]
pub struct Explain {
    /// The number, the identifier, the name, or the lint rule
    #[arg(value_name = "CODE|NAME|RULE")]
    asked: String,
    /// Look into this edition or system only
    #[arg(long = "in", value_name = "SYSTEM[/EDITION]")]
    edition: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

const STRONG: Style = Style::new().bold();
const WEAK: Style = Style::new().dimmed();

impl Explain {
    pub fn run(self) -> CommandResult {
        if let Some((name, explanation)) = rules().find(|(name, _)| *name == self.asked) {
            print_rule(name, explanation);
            return Ok(Outcome::Done);
        }
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let Some(registry) = report::registry(&codes) else { return Ok(Outcome::Failure) };
        if let Some(edition) = self.edition.as_ref().filter(|edition| !exists(&registry, edition)) {
            print_unknown(&registry, edition);
            return Ok(Outcome::Usage);
        }
        let explanation = explain(&registry, &self.asked, self.edition.as_deref());
        if self.format == Format::Json {
            anstream::println!("{}", serde_json::to_string_pretty(&explanation)?);
        } else {
            explanation.meanings.iter().for_each(print);
        }
        if explanation.meanings.is_empty() {
            report::error(&format!("no table has a code {}", quoted(&self.asked)));
            if let Some(rule) = closest(&self.asked, rules().map(|(name, _)| name)) {
                report::help(&format!("did you mean the rule {}?", quoted(rule)));
            } else if !explanation.near.is_empty() {
                report::help(&format!("near it are {}", explanation.near.join(", ")));
            }
            return Ok(Outcome::Failure);
        }
        Ok(Outcome::Done)
    }
}

fn exists(registry: &Registry, name: &str) -> bool {
    registry.editions().any(|edition| edition.system == name || edition.path() == name)
}

fn print_unknown(registry: &Registry, name: &str) {
    let editions: Vec<String> = registry.editions().map(wirecodes_codegen::Edition::path).collect();
    report::error(&format!("no edition is called {}", quoted(name)));
    let near = closest(name, editions.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
    report::help(&format!("{}the editions are {}", near.unwrap_or_default(), editions.join(", ")));
}

fn print_rule(name: &str, explanation: &str) {
    anstream::println!("{STRONG}{name}{STRONG:#}  rule");
    print_paragraph(explanation);
    print_paragraph(&format!("A row or a table that the rule does not suit says so: `allow = [\"{name}\"]`."));
}

fn print(meaning: &Meaning) {
    let name = meaning.name.as_deref().unwrap_or("(no row)");
    let status = match key_word(meaning.status).as_str() {
        "active" => String::new(),
        word => format!(", {word}"),
    };
    anstream::println!("{STRONG}{} {name}{STRONG:#}  {}{status}", meaning.number, meaning.kind);
    for path in &meaning.paths {
        anstream::println!("  {WEAK}{path}{WEAK:#}");
    }
    print_paragraph(&meaning.summary);
    meaning.note.iter().for_each(|note| print_paragraph(note));
    let travels = [meaning.direction.map(key_word), meaning.format.map(key_word)];
    let travels: Vec<String> = travels.into_iter().flatten().collect();
    if !travels.is_empty() {
        print_paragraph(&format!("Direction: {}.", travels.join(", ")));
    }
    if let Some(policy) = &meaning.policy {
        print_policy("", policy);
    }
    if let Some(policy) = &meaning.policy_unless_resumable {
        print_policy("If the session cannot be resumed: ", policy);
    }
    if let Some(is_retryable) = meaning.retry {
        print_wrapped(&Again::new(is_retryable).sentence(), STRONG);
    }
    if let Some(clients) = &meaning.clients {
        print_paragraph(&format!("Clients: {clients}."));
    }
    let dates = [meaning.since.map(|since| format!("since {since}")), meaning.until.map(|until| format!("until {until}"))];
    let dates: Vec<String> = dates.into_iter().flatten().chain(meaning.url.clone()).collect();
    if !dates.is_empty() {
        anstream::println!("  {WEAK}{}{WEAK:#}", dates.join(", "));
    }
    anstream::println!();
}

fn print_policy(when: &str, policy: &Policy) {
    let basis = key_word(policy.basis).replace('-', " ");
    print_wrapped(&format!("{when}{} ({basis})", policy.what_to_do()), STRONG);
    print_paragraph(&policy.reason);
    policy.fix.iter().for_each(|fix| print_paragraph(&format!("Fix: {fix}")));
}

/// Prints a text as indented lines that fit the terminal.
fn print_paragraph(text: &str) {
    print_wrapped(text, Style::new());
}

fn print_wrapped(text: &str, style: Style) {
    const INDENT: &str = "  ";
    for line in textwrap::wrap(text, report::width() - INDENT.len()) {
        anstream::println!("{INDENT}{style}{line}{style:#}");
    }
}
