//! From the model to files.
//!
//! Rendering is pure and cannot fail: the model is valid by construction, and nothing here reads the disk or a clock. A new
//! output is a new file and a new line in [`generate`].

mod data;
mod docs;
mod links;
mod package;
mod rust;
mod schema;
mod sentences;

pub use schema::render_schema;

use crate::model::Registry;
use crate::output::{Form, Layout, Tree};

/// Everything that a form of the generated code has. A module has neither a manifest nor pages: its crate has its own.
#[must_use]
pub fn generate(registry: &Registry, form: &Form) -> Tree {
    let mut tree = Tree::default();
    rust::render(registry, form, &mut tree);
    if form.is_module() {
        package::render_license(registry, &mut tree);
    } else {
        package::render(registry, form, &mut tree);
        docs::render(registry, &mut tree);
    }
    if form.layout == Layout::Repository {
        docs::render_page(registry, &mut tree);
        data::render(registry, &mut tree);
    }
    tree
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    use crate::output::Tree;
    use crate::read::load;
    use crate::text::Files;

    /// Everything that is rendered from a table with these texts in all places for texts.
    fn rendered(text: &str) -> Tree {
        let text = crate::text::toml_string(text);
        let policy = format!(
            "{{ action = \"stop\", basis = \"judgement\", reason = {text}, fix = {text}, unless = {{ event = {text}, within = 5, except = {text} }} }}"
        );
        let row = format!("name = {text}\nsummary = {text}\nnote = {text}\npolicy = {policy}\n");
        let table = format!(
            "title = {text}\nenum = \"E\"\nkind = \"close-codes\"\nrepr = \"u16\"\nsummary = {text}\n\
             [source]\ndocument = {text}\nrevision = {text}\ndate = 2026-01-01\n\
             [reconnect]\nabsent = {policy}\nunknown = {policy}\n\
             [[code]]\nvalue = 1\nident = \"One\"\n{row}[[code]]\nvalue = 2\nident = \"Two\"\nstatus = \"removed\"\n{row}\
             [[code]]\nrange = [5, 9]\n{row}"
        );
        let manifest = format!("name = \"codes\"\nversion = \"0.1.0\"\ndescription = {text}\n");
        let client = format!(
            "[[client]]\nname = {text}\nversion = {text}\nrepository = \"https://a.b\"\n[[client.table]]\ncodes = \"t\"\nstop = [1]\n"
        );
        let mut files = Files::new("codes");
        for (path, text) in [("a/v1/t.toml", table), ("crate.toml", manifest), ("a/clients.toml", client)] {
            files.insert(path, text.into_bytes());
        }
        let (registry, diagnostics) = load(&files);
        super::generate(&registry.unwrap_or_else(|| panic!("{diagnostics:#?}")), &crate::output::Form::default())
    }

    /// The pages, and the documentation of each item.
    fn markdown(tree: &Tree) -> Vec<String> {
        let pages = tree.iter().filter(|(path, _)| Some("md") == path.rsplit('.').next()).map(|(_, text)| text.to_owned());
        let sources = tree.iter().filter(|(path, _)| path.starts_with("src/a"));
        let comments = sources.map(|(_, text)| {
            let lines = text.lines().map(str::trim_start);
            let docs = lines.map(|line| line.strip_prefix("/// ").or(line.strip_prefix("//! ")).unwrap_or_default());
            docs.collect::<Vec<_>>().join("\n")
        });
        pages.chain(comments).collect()
    }

    /// How many pieces of raw HTML, images and links there are, without the header of the page.
    fn counts(tree: &Tree) -> [usize; 4] {
        let mut counts = [0; 4];
        for text in markdown(tree) {
            for event in Parser::new_ext(&text, Options::all()) {
                match event {
                    Event::Html(html) | Event::InlineHtml(html) if !html.contains("@generated") => counts[0] += 1,
                    Event::Start(pulldown_cmark::Tag::Image { .. }) => counts[1] += 1,
                    Event::Start(pulldown_cmark::Tag::Link { .. }) => counts[2] += 1,
                    Event::Start(pulldown_cmark::Tag::TableCell) => counts[3] += 1,
                    _ => {}
                }
            }
        }
        counts
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

        /// Whatever a text says, it adds no HTML, no image, no link and no column to the documentation.
        #[test]
        fn a_text_stays_a_text_wherever_it_is_rendered(
            text in "x[a-z<>/!`\\[\\]()|*_&;: \\\\-]{0,12}|<(script|img src=x|/title|!--)>[a-z`]{0,4}|`{1,3}[a-z<>|]{1,6}`{1,3}|\\[x\\]\\(y\\)|!\\[x\\]\\(y\\)"
        ) {
            prop_assume!(!text.trim_matches(['`', ' ']).is_empty());
            prop_assert_eq!(counts(&rendered(&text)), counts(&rendered("plain")), "{}", text);
        }
    }
}
