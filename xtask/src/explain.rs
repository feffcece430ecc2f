//! `cargo xtask explain`: what a code means, and what to do.

use std::path::PathBuf;

use clap::Args;
use wirecodes_codegen::{explain, to_json};

use crate::paths::tables;
use crate::report::{self, Format};
use crate::{CommandResult, Outcome};

/// Explain a code: what it means in each edition, and what to do
///
/// Takes a number, an identifier or its path, a documented name, words of an explanation, or a line of a log that has one of them.
/// What the text names comes first, then what else has the number. A number without a row gets the answer that the generated
/// crate gives. The name of a lint rule explains the rule.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask explain 4014
  cargo xtask explain 0xFAE --in discord/v10
  cargo xtask explain unknown guild
  cargo xtask explain \"WebSocket closed with 4017\"
  cargo xtask explain stop-without-fix")]
pub struct Explain {
    /// A number, a name, a lint rule, or any text with a code in it
    #[arg(required_unless_present = "format", value_name = "TEXT")]
    asked: Vec<String>,
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

impl Explain {
    pub fn run(self) -> CommandResult {
        if self.format == Format::JsonSchema {
            return report::schema("explain");
        }
        let Some(registry) = report::registry(tables(self.codes.as_deref()).as_deref()) else { return Ok(Outcome::Failure) };
        // A line of a terminal may have its colours.
        let asked = anstream::adapter::strip_str(&self.asked.join(" ")).to_string();
        let explained = explain(&registry, &asked, self.edition.as_deref());
        let Some(explanation) = report::found(explained) else { return Ok(Outcome::Usage) };
        if self.format == Format::Json {
            anstream::println!("{}", to_json(&explanation));
        } else {
            anstream::print!("{}", explanation.text(report::width()));
        }
        if let Some(fault) = explanation.fault() {
            report::error(&fault);
            explanation.advice().iter().for_each(|help| report::help(help));
            return Ok(Outcome::Failure);
        }
        Ok(Outcome::Done)
    }
}
