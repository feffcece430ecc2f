//! The verdict of a comparison is the truth: for random pairs of tables, the public items of both rendered crates and all their
//! answers are compared by other means, and the comparison has to agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;
use wirecodes_codegen::{Bump, CloseAnswers, Comparison, Form, Registry, Side, diff, generate, load};
use wirecodes_tests::tables::{folder, value};

/// A table, as the test knows it.
#[derive(Clone, Debug)]
struct Spec {
    kind: usize,
    repr: usize,
    enum_name: usize,
    rows: BTreeMap<u32, Row>,
    absent: usize,
    unknown: usize,
    sent: Option<(BTreeSet<u32>, usize)>,
    extends: bool,
    resumable: bool,
    range: Option<(u32, usize)>,
}

#[derive(Clone, Debug)]
struct Row {
    ident: usize,
    alias: Option<usize>,
    former: Option<usize>,
    status: usize,
    policy: Option<usize>,
    lost: Option<usize>,
    retry: bool,
    direction: usize,
    summary: usize,
}

const KINDS: [&str; 4] = ["opcodes", "close-codes", "status-codes", "error-codes"];
const REPRS: [&str; 3] = ["u8", "u16", "u32"];

/// Policies: the last two differ in their reason alone.
const POLICIES: [&str; 4] = [
    "{ action = \"resume\", basis = \"judgement\", reason = \"A.\" }",
    "{ action = \"stop\", basis = \"judgement\", reason = \"A.\" }",
    "{ action = \"new-session\", wait = \"backoff\", basis = \"judgement\", reason = \"A.\" }",
    "{ action = \"new-session\", wait = \"backoff\", basis = \"judgement\", reason = \"B.\" }",
];

/// What a table that cannot resume makes of a `resume` that it inherits: a new session, after a longer wait than the policies
/// above have.
const INHERITED: usize = POLICIES.len();

/// What a policy makes clients do.
fn acts(policy: usize) -> usize {
    if policy == 3 { 2 } else { policy }
}

/// The table that others extend: 3 and 20 are listed there.
const BASE: [(u32, usize); 2] = [(3, 1), (20, 0)];

impl Spec {
    /// Names are used once: the first row that has one keeps it. What a kind does not have is dropped.
    fn valid(mut self) -> Self {
        let mut used = BTreeSet::new();
        let is_close = self.kind == 1;
        let can_resume = !is_close || self.resumable;
        let fit = |policy: usize| if !can_resume && policy == 0 { 1 } else { policy };
        for row in self.rows.values_mut() {
            while !used.insert(row.ident) {
                row.ident += 7;
            }
        }
        for row in self.rows.values_mut() {
            row.alias = row.alias.filter(|alias| used.insert(*alias));
            row.former = row.former.filter(|former| used.insert(*former));
            row.policy = row.policy.map(fit);
            row.lost = row.lost.filter(|_| row.policy.is_some());
        }
        (self.absent, self.unknown) = (fit(self.absent), fit(self.unknown));
        self.sent = self.sent.map(|(codes, policy)| (codes, fit(policy)));
        self.range = self.range.filter(|_| self.kind != 0).map(|(last, policy)| (last, fit(policy)));
        if is_close {
            self.repr = 1;
        }
        self
    }

    fn toml(&self) -> String {
        let (kind, repr) = (KINDS[self.kind], REPRS[self.repr]);
        let mut text =
            format!("title = \"T\"\nenum = \"Enum{}\"\nkind = \"{kind}\"\nrepr = \"{repr}\"\nsummary = \"S.\"\n", self.enum_name);
        text += "[source]\ndocument = \"D\"\ndate = 2020-01-01\n";
        if self.kind == 1 {
            let _ = writeln!(text, "[reconnect]\nabsent = {}\nunknown = {}", POLICIES[self.absent], POLICIES[self.unknown]);
            let _ = writeln!(text, "resumable = {}", self.resumable);
            if self.extends {
                text += "extends = \"base/v1/base\"\n";
            }
            if let Some((codes, policy)) = &self.sent {
                let _ = writeln!(text, "[reconnect.sent]\ncodes = {codes:?}\npolicy = {}", POLICIES[*policy]);
                text = text.replace("codes = {", "codes = [").replace("}\npolicy", "]\npolicy");
            }
        }
        for (number, row) in &self.rows {
            text += &self.row(*number, row);
        }
        if let Some((last, policy)) = &self.range {
            let decision = match self.kind {
                1 => format!("policy = {}", POLICIES[*policy]),
                _ => format!("retry = \"{}\"", if policy % 2 == 0 { "wait" } else { "no" }),
            };
            let _ = writeln!(text, "[[code]]\nrange = [8, {last}]\nname = \"Range\"\nsummary = \"S.\"\n{decision}");
        }
        text
    }

    fn row(&self, number: u32, row: &Row) -> String {
        let status = ["", "status = \"deprecated\"\n", "status = \"removed\"\n"][row.status];
        let mut text = format!("[[code]]\nvalue = {number}\nname = \"Name {0}\"\n{status}ident = \"Ident{0}\"\n", row.ident);
        if let Some(alias) = row.alias {
            let _ = writeln!(text, "aliases = [\"Ident{alias}\"]");
        }
        if let Some(former) = row.former {
            let _ = writeln!(text, "renamed_from = \"Ident{former}\"");
        }
        let _ = writeln!(text, "summary = \"S{}.\"", row.summary);
        match (self.kind, row.policy, row.lost) {
            (0, policy, lost) => {
                text += ["", "direction = \"send\"\n", "direction = \"receive\"\n"][row.direction];
                text.extend(policy.map(|policy| format!("policy = {}\n", POLICIES[policy])));
                text.extend(lost.map(|lost| format!("policy_unless_resumable = {}\n", POLICIES[lost])));
            }
            (1, policy, _) => text += &format!("policy = {}\n", POLICIES[policy.unwrap_or(1)]),
            _ => text += &format!("retry = \"{}\"\n", if row.retry { "wait" } else { "no" }),
        }
        text
    }

    /// Every answer that clients act by, worked out from this description alone.
    fn answers(&self) -> BTreeMap<String, usize> {
        let mut answers = BTreeMap::new();
        match self.kind {
            0 => {
                for (number, row) in &self.rows {
                    if let Some(policy) = row.policy {
                        answers.insert(format!("{number} resumable"), acts(policy));
                        answers.insert(format!("{number} lost"), acts(row.lost.unwrap_or(policy)));
                    }
                }
            }
            1 => {
                answers.insert("none".to_owned(), acts(self.absent));
                answers.insert("sent none".to_owned(), acts(self.absent));
                for number in 0..40 {
                    answers.insert(number.to_string(), acts(self.policy_for(number)));
                    let sent = self.sent.as_ref().filter(|(codes, _)| codes.contains(&number));
                    answers.insert(format!("sent {number}"), acts(sent.map_or(self.absent, |(_, policy)| *policy)));
                }
            }
            _ => {
                for (number, row) in &self.rows {
                    answers.insert(number.to_string(), usize::from(row.retry));
                }
            }
        }
        answers
    }

    fn policy_for(&self, number: u32) -> usize {
        if let Some(row) = self.rows.get(&number) {
            return row.policy.unwrap_or(1);
        }
        if let Some((last, policy)) = self.range
            && (8..=last).contains(&number)
        {
            return policy;
        }
        let listed = BASE.iter().find(|(code, _)| self.extends && *code == number);
        match listed {
            Some((_, 0)) if !self.resumable => INHERITED,
            Some((_, policy)) => *policy,
            None => self.unknown,
        }
    }

    /// The answers of ranges of responses, for every number in them.
    fn ranges(&self) -> BTreeMap<u32, bool> {
        let range = self.range.filter(|_| self.kind > 1);
        range.into_iter().flat_map(|(last, policy)| (8..=last).map(move |number| (number, policy % 2 == 0))).collect()
    }
}

/// A name that few rows have.
fn name() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.2, 0..7_usize)
}

fn some_policy() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.4, 0..POLICIES.len())
}

prop_compose! {
    fn row()(
        (ident, alias, former) in (0..7_usize, name(), name()),
        status in prop_oneof![4 => Just(0), 1 => 1..3_usize],
        (policy, lost, retry) in (some_policy(), some_policy(), any::<bool>()),
        (direction, summary) in (0..3_usize, 0..2_usize),
    ) -> Row {
        Row { ident, alias, former, status, policy, lost, retry, direction, summary }
    }
}

prop_compose! {
    fn spec()(
        (kind, repr, enum_name) in (0..4_usize, 0..3_usize, prop_oneof![6 => Just(0), 1 => Just(1_usize)]),
        rows in prop::collection::btree_map(0..7_u32, row(), 0..5),
        (absent, unknown) in (0..POLICIES.len(), 0..POLICIES.len()),
        sent in prop::option::of((prop::collection::btree_set(0..7_u32, 1..3), 0..POLICIES.len())),
        (extends, resumable) in any::<(bool, bool)>(),
        range in prop::option::of((12..15_u32, 0..POLICIES.len())),
    ) -> Spec {
        Spec { kind, repr, enum_name, rows, absent, unknown, sent, extends, resumable, range }
    }
}

/// Two tables that have most in common: the second has some parts of another one.
fn pair() -> impl Strategy<Value = (Spec, Spec)> {
    (spec(), spec(), any::<u16>(), prop::collection::vec(0..4_u8, 7)).prop_map(|(old, other, parts, rows)| {
        // Each part comes from the other one in a quarter of the cases.
        let takes = |part: u16| (parts >> part) & 0b11 == 0b11;
        let of = |part: u16| if takes(part) { &other } else { &old };
        let mut new = Spec {
            kind: if takes(0) && takes(2) { other.kind } else { old.kind },
            repr: if takes(1) && takes(3) { other.repr } else { old.repr },
            enum_name: of(2).enum_name,
            rows: old.rows.clone(),
            absent: of(3).absent,
            unknown: of(5).unknown,
            sent: of(7).sent.clone(),
            extends: of(9).extends,
            resumable: of(11).resumable,
            range: of(13).range,
        };
        for (number, choice) in (0..).zip(rows) {
            match (choice, other.rows.get(&number)) {
                (0, Some(row)) => _ = new.rows.insert(number, row.clone()),
                (1, None) => _ = new.rows.remove(&number),
                _ => {}
            }
        }
        (old.valid(), new.valid())
    })
}

/// The table that others extend.
fn base() -> String {
    let rows: String = BASE
        .iter()
        .map(|(code, policy)| {
            format!(
                "[[code]]\nvalue = {code}\nname = \"B{code}\"\nident = \"B{code}\"\nsummary = \"S.\"\npolicy = {}\n",
                POLICIES[*policy]
            )
        })
        .collect();
    let header = format!(
        "title = \"Base\"\nenum = \"Base\"\nkind = \"close-codes\"\nrepr = \"u16\"\nsummary = \"S.\"\n[source]\ndocument = \"D\"\ndate = \
         2020-01-01\n[reconnect]\nabsent = {0}\nunknown = {0}\n",
        POLICIES[1]
    );
    header + &rows
}

fn registry(spec: &Spec) -> Option<Registry> {
    let (registry, found) = load(&folder([("base/v1/base.toml", base()), ("test/v1/table.toml", spec.toml())]));
    assert!(registry.is_some() || found.iter().all(|one| one.rule == "empty-table"), "{found:?}\n{}", spec.toml());
    registry
}

/// The public items of the rendered table: parsed from its Rust, and from the macros that it calls.
fn rendered_items(registry: &Registry) -> BTreeMap<String, String> {
    let tree = generate(registry, &Form::default());
    let text = tree.get("src/test/v1/table.rs").expect("the table is rendered");
    let file = syn::parse_file(text).expect("it is Rust");
    let mut items = BTreeMap::new();
    for item in &file.items {
        match item {
            syn::Item::Enum(item) => enum_items(item, &mut items),
            syn::Item::Impl(item) if item.trait_.is_none() => impl_items(item, &mut items),
            // The methods of a macro follow from its name and its arguments.
            syn::Item::Macro(item) => {
                let path = item.mac.path.segments.last().expect("a name").ident.to_string();
                if !["lookup", "serde_code"].contains(&path.as_str()) {
                    // The variants in it are in the enum as well.
                    let tokens = item.mac.tokens.to_string();
                    let head = tokens.split(':').next().unwrap_or_default();
                    let _ = items.insert(format!("macro {path}"), head.to_owned());
                }
            }
            _ => {}
        }
    }
    items
}

fn enum_items(item: &syn::ItemEnum, items: &mut BTreeMap<String, String>) {
    items.insert("enum".to_owned(), item.ident.to_string());
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        let repr: syn::Ident = attribute.parse_args().expect("a type");
        items.insert("repr".to_owned(), repr.to_string());
    }
    for variant in &item.variants {
        let (_, number) = variant.discriminant.as_ref().expect("a number");
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) = number else { panic!("a literal") };
        items.insert(variant.ident.to_string(), format!("variant {}", number.base10_digits()));
    }
}

fn impl_items(item: &syn::ItemImpl, items: &mut BTreeMap<String, String>) {
    for constant in &item.items {
        let syn::ImplItem::Const(constant) = constant else { continue };
        // `ALL`, `LIMITS` and `NEW_SESSION_BY` are always there; the others stand for a variant.
        let is_variant = matches!(&constant.ty, syn::Type::Path(kind) if kind.path.is_ident("Self"));
        if let (syn::Expr::Path(path), true, name) = (&constant.expr, is_variant, constant.ident.to_string()) {
            let target = path.path.segments.last().expect("a variant").ident.to_string();
            let variant = items.get(&target).cloned().expect("the variant is above");
            items.insert(name, variant.replace("variant", "constant"));
        }
    }
}

/// Whether a user's code that names the old items can break: something is lost or different.
fn is_broken(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> bool {
    old.iter().any(|(name, before)| match new.get(name) {
        None => true,
        Some(after) => before != after && before.replace("constant", "variant") != *after,
    })
}

fn compare(old: &Registry, new: &Registry) -> Comparison {
    let side = |registry: &Registry| Side::new("codes", Arc::new(registry.clone()), "");
    diff(&side(old), &side(new))
}

/// What the change needs, by the rendered items and the answers of the description.
fn truth(old: &Spec, new: &Spec, before: &Registry, after: &Registry) -> (Bump, bool) {
    let (items, new_items) = (rendered_items(before), rendered_items(after));
    if is_broken(&items, &new_items) {
        return (Bump::Major, true);
    }
    let differs = match old.kind {
        // A response that is new answers nothing that was asked before.
        2 | 3 => {
            let (old, new) = (old.answers(), new.answers());
            old.iter().any(|(number, retry)| new.get(number).is_some_and(|other| other != retry))
        }
        _ => old.answers() != new.answers(),
    };
    let (old_ranges, new_ranges) = (old.ranges(), new.ranges());
    let numbers: BTreeSet<u32> = old_ranges.keys().chain(new_ranges.keys()).copied().collect();
    let differs_in_range = numbers.iter().any(|number| match (old_ranges.get(number), new_ranges.get(number)) {
        (Some(_), None) => true,
        (before, after) => before.copied().unwrap_or(false) != after.copied().unwrap_or(false),
    });
    if differs || differs_in_range {
        return (Bump::Policy, true);
    }
    (Bump::Minor, items != new_items)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: wirecodes_tests::cases(75), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_verdict_is_what_items_and_answers_say((old, new) in pair()) {
        let (Some(before), Some(after)) = (registry(&old), registry(&new)) else { return Ok(()) };
        let comparison = compare(&before, &after);
        let (bump, is_exact) = truth(&old, &new, &before, &after);
        let needed = comparison.needed();
        if is_exact {
            prop_assert_eq!(needed, bump, "\n{}\n→\n{}\n{:#?}", old.toml(), new.toml(), comparison.differences);
        } else {
            prop_assert!(needed <= Bump::Minor, "\n{}\n→\n{}\n{:#?}", old.toml(), new.toml(), comparison.differences);
        }
        // The two kinds of responses have the same API: only the word in the table differs.
        let is_same = generate(&before, &Form::default()) == generate(&after, &Form::default()) && old.kind == new.kind;
        prop_assert_eq!(needed == Bump::None, is_same, "\n{}\n→\n{}\n{:#?}", old.toml(), new.toml(), comparison.differences);
        prop_assert_eq!(compare(&after, &after).differences.len(), 0);
    }

    #[test]
    fn every_close_code_with_another_answer_is_named((old, new) in pair()) {
        let [old, new] = [old, new].map(|spec| Spec { kind: 1, ..spec }.valid());
        let (Some(before), Some(after)) = (registry(&old), registry(&new)) else { return Ok(()) };
        let (Some(old_answers), Some(new_answers)) = (answers(&before), answers(&after)) else { return Ok(()) };
        // All numbers of the tables are below.
        let numbers: Vec<u16> = (0..40).chain([u16::MAX - 1, u16::MAX]).collect();
        let differ = |answer: &dyn Fn(&CloseAnswers<'_>, u16) -> Json| -> Vec<(u16, Json, Json)> {
            let both = numbers.iter().map(|number| (*number, answer(&old_answers, *number), answer(&new_answers, *number)));
            both.filter(|(_, old, new)| old != new).collect()
        };
        let changes = value(&compare(&before, &after))["changes"].as_array().cloned().expect("a list");
        let changes: Vec<&Json> = changes.iter().filter(|change| ["policy", "reason"].map(Json::from).contains(&change["kind"])).collect();
        let named = |question: &str| -> Vec<(u16, Json, Json)> {
            let is_about = |number: u16, change: &Json| {
                let runs = change["asked"]["numbers"].as_array().into_iter().flatten();
                let mut runs = runs.map(|run| [&run[0], &run[1]].map(|number| number.as_u64().expect("a number")));
                change["asked"]["asked"] == question && runs.any(|[first, last]| (first..=last).contains(&number.into()))
            };
            let of = |number: u16| {
                let here = changes.iter().filter(move |change| is_about(number, change));
                here.map(move |change| (number, change["old"].clone(), change["new"].clone()))
            };
            numbers.iter().flat_map(|number| of(*number)).collect()
        };
        let json = |policy: &_| serde_json::to_value(policy).expect("it is data");
        prop_assert_eq!(named("code"), differ(&|answers, number| json(answers.policy_for(Some(number)))));
        prop_assert_eq!(named("after-sending"), differ(&|answers, number| json(answers.policy_after_sending(Some(number)))));
    }

    #[test]
    fn the_order_of_rows_changes_nothing((old, new) in pair(), seed in any::<u64>()) {
        let (Some(before), Some(after)) = (registry(&old), registry(&new)) else { return Ok(()) };
        let (Some(mixed_before), Some(mixed_after)) = (shuffled(&old, seed), shuffled(&new, seed.rotate_left(17))) else {
            return Ok(());
        };
        let plain = |comparison: &Comparison| -> Vec<String> {
            comparison.differences.iter().map(|one| format!("{:?} {:?} {:?} {:?}", one.table, one.code, one.change, one.bump)).collect()
        };
        prop_assert_eq!(plain(&compare(&before, &after)), plain(&compare(&mixed_before, &mixed_after)));
    }
}

/// The answers of the table, if it has close codes.
fn answers(registry: &Registry) -> Option<CloseAnswers<'_>> {
    CloseAnswers::new(registry, registry.tables().find(|table| table.path.to_string() == "test/v1/table")?)
}

/// The registry of a table whose rows are in another order.
fn shuffled(spec: &Spec, seed: u64) -> Option<Registry> {
    let text = spec.toml();
    let mut parts: Vec<&str> = text.split("[[code]]").collect();
    let header = parts.remove(0);
    parts
        .sort_by_key(|part| part.bytes().fold(seed, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()).rotate_left(7)));
    let text = parts.iter().fold(header.to_owned(), |text, part| text + "\n[[code]]" + part);
    load(&folder([("base/v1/base.toml", base()), ("test/v1/table.toml", text)])).0
}

/// A plain row.
fn plain_row(ident: usize) -> Row {
    Row { ident, alias: None, former: None, status: 0, policy: Some(1), lost: None, retry: false, direction: 0, summary: 0 }
}

/// A user who names every item of the old crate compiles against the new one exactly if nothing is called breaking.
#[test]
fn a_user_of_every_item_breaks_exactly_when_it_is_said() {
    let base = Spec {
        kind: 3,
        repr: 1,
        enum_name: 0,
        rows: [(1, Row { alias: Some(5), ..plain_row(1) }), (2, plain_row(2))].into(),
        absent: 1,
        unknown: 1,
        sent: None,
        extends: false,
        resumable: true,
        range: None,
    };
    let with = |number: u32, row: Row| {
        let mut spec = base.clone();
        spec.rows.insert(number, row);
        spec
    };
    let added = with(3, plain_row(3));
    let removed = Spec { rows: [(1, base.rows[&1].clone())].into(), ..base.clone() };
    let alias = with(1, plain_row(1));
    let former = with(1, Row { former: Some(5), ..plain_row(1) });
    let kind = Spec { kind: 0, ..base.clone() };
    let old = registry(&base).expect("a valid table");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let others = [("added", &added), ("removed", &removed), ("alias", &alias), ("kind", &kind), ("former", &former)];
    for (name, new) in others.into_iter().chain([("same", &base)]) {
        let new = registry(new).expect("a valid table");
        let breaks = compare(&old, &new).needed() == Bump::Major;
        assert_eq!(compiles(folder.path(), name, &old, &new), !breaks, "{name}");
    }
}

/// Whether a user of every item of one crate compiles against another one.
fn compiles(folder: &std::path::Path, name: &str, old: &Registry, new: &Registry) -> bool {
    let crate_dir = folder.join(name);
    for (path, text) in generate(new, &Form::default()).iter() {
        let path = crate_dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let library = folder.join(format!("lib{name}.rmeta")).display().to_string();
    let rustc = |arguments: &[&str]| {
        let common = ["--edition", "2021", "--cap-lints", "allow", "--crate-type", "lib", "--emit", "metadata"];
        Command::new("rustc").args(common).args(arguments).output().expect("rustc runs").status.success()
    };
    let source = crate_dir.join("src/lib.rs").display().to_string();
    assert!(rustc(&["--crate-name", "wirecodes", &source, "-o", &library]), "{name}");
    let items = rendered_items(old);
    let uses: String = items
        .iter()
        .filter(|(_, item)| item.starts_with("variant") || item.starts_with("constant"))
        .map(|(item, number)| format!("    assert!(E::{item}.code() == {});\n", number.rsplit(' ').next().expect("a number")))
        .collect();
    let program = format!(
        "use wirecodes::test::v1::Enum0 as E;\npub fn user(e: E) -> bool {{\n{uses}    let _: u16 = e.code();\n    \
         e.retry() == wirecodes::Retry::Wait && E::range_of(1).is_none()\n}}\n"
    );
    let main = folder.join(format!("{name}.rs"));
    fs::write(&main, program).expect("a file can be written");
    let out = folder.join(format!("user_{name}.rmeta")).display().to_string();
    rustc(&["--extern", &format!("wirecodes={library}"), &main.display().to_string(), "-o", &out])
}
