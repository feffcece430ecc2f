//! `cargo xtask bench`: measures the project beside what is used instead, and writes the report.

use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};

use crate::paths::{in_root, root};
use crate::{CommandResult, Outcome, report};

/// Measure the project beside what is used instead, and write BENCHMARKS.md
///
/// The benchmarks are a workspace of their own in tests/bench, which is built first. Only ratios within a run mean something:
/// close other programs, and run it twice.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask bench                       measure everything, which takes a while
  cargo xtask bench lookups               measure look-ups alone, and leave the rest of the report as it is
  cargo xtask bench lookups --dry-run     print the section, and write nothing")]
pub struct Bench {
    /// The sections to measure [default: all]
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// Print what was measured; write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Numbers, names and policies, beside derives, `match` and maps
    Lookups,
    /// Generating, beside typify and prost-build
    Generate,
    /// The compiler's time and the size of programs, beside derives and twilight-model
    Rustc,
    /// The commands on large inputs
    Scale,
}

impl Section {
    /// Its name in the report and for the program that measures it.
    fn name(self) -> &'static str {
        match self {
            Self::Lookups => "lookups",
            Self::Generate => "generate",
            Self::Rustc => "rustc",
            Self::Scale => "scale",
        }
    }
}

impl Bench {
    pub fn run(self) -> CommandResult {
        let sections = if self.sections.is_empty() { Section::value_variants().to_vec() } else { self.sections.clone() };
        // The scale section runs the commands of the release build.
        if !succeeds(Command::new("cargo").args(["build", "--release", "--package", "xtask"]).current_dir(root()))? {
            report::error("the commands cannot be built");
            return Ok(Outcome::Failure);
        }
        for section in sections {
            let Some(measured) = measure(section)? else { return Ok(Outcome::Failure) };
            if self.dry_run {
                anstream::print!("{measured}");
            } else if !write(section, &measured)? {
                return Ok(Outcome::Failure);
            }
        }
        Ok(Outcome::Done)
    }
}

fn succeeds(command: &mut Command) -> std::io::Result<bool> {
    Ok(command.status()?.success())
}

/// What the benchmarks print for a section.
fn measure(section: Section) -> std::io::Result<Option<String>> {
    let output = Command::new("cargo")
        .args(["run", "--release", "--quiet", "--", section.name()])
        .current_dir(in_root("tests/bench"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        report::error(&format!("the section `{}` could not be measured", section.name()));
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Puts a section into its place in the report: between two comments, which a reader does not see.
fn write(section: Section, measured: &str) -> std::io::Result<bool> {
    let path = in_root("BENCHMARKS.md");
    let text = std::fs::read_to_string(&path)?;
    let Some(new) = replaced(&text, section.name(), measured) else {
        report::error(&format!("BENCHMARKS.md has no place for the section `{}`", section.name()));
        report::help(&format!("add `<!-- {0} -->` and `<!-- end of {0} -->`", section.name()));
        return Ok(false);
    };
    std::fs::write(path, new)?;
    Ok(true)
}

fn replaced(text: &str, name: &str, measured: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- {name} -->\n"))?;
    let (_, after) = rest.split_once(&format!("<!-- end of {name} -->"))?;
    Some(format!("{before}<!-- {name} -->\n\n{}\n\n<!-- end of {name} -->{after}", measured.trim()))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let text = "# B\n\n<!-- a -->\nold\n<!-- end of a -->\n\n<!-- b -->\nkept\n<!-- end of b -->\n";
        let new = "# B\n\n<!-- a -->\n\nnew\n\n<!-- end of a -->\n\n<!-- b -->\nkept\n<!-- end of b -->\n";
        assert_eq!(replaced(text, "a", "\nnew\n").as_deref(), Some(new));
        assert_eq!(replaced(new, "a", "new").as_deref(), Some(new), "twice is once");
        assert_eq!(replaced(text, "c", "new"), None);
    }
}
