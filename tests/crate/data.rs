//! `codes.json`: it is what its schema says and what the tables say, and other languages can be generated from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::tables::{as_json, written};
use wirecodes_tests::{npm, root, skip};

/// The version of the TypeScript compiler.
const TYPESCRIPT: &str = "5.9.3";

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("generated").join(path)).expect("the file can be read"))
        .expect("it is JSON")
}

/// The tables of the file, by their paths.
fn tables() -> BTreeMap<String, Value> {
    let data = read("codes.json");
    let mut tables = BTreeMap::new();
    for edition in data["editions"].as_array().expect("editions") {
        for table in edition["tables"].as_array().expect("tables") {
            let word = |value: &Value| value.as_str().expect("a word").to_owned();
            let path = format!("{}/{}/{}", word(&edition["system"]), word(&edition["edition"]), word(&table["table"]));
            tables.insert(path, table.clone());
        }
    }
    tables
}

#[test]
fn it_is_what_its_schema_says() {
    let (data, schema) = (read("codes.json"), read("codes.schema.json"));
    assert_eq!(data["version"], 1);
    assert_eq!(data["$schema"], "codes.schema.json");
    let schema = Schema::new(&schema);
    assert_eq!(schema.fault(&data), None);
    for (pointer, value) in [
        ("/version", json!("1")),
        ("/editions/0/tables/0/kind", json!("closecodes")),
        ("/editions/0/tables/0/codes/0/name", json!(null)),
        ("/editions/0/tables/0/codes/0/status", json!("gone")),
    ] {
        let mut wrong = data.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        wrong.pointer_mut(parent).expect("it is there")[key] = value;
        assert!(schema.fault(&wrong).is_some(), "the schema accepts a wrong {pointer}");
    }
}

#[test]
fn it_has_every_key_of_every_row() {
    let tables = tables();
    let mut count = 0;
    for (path, toml) in written() {
        let (path, table) = (path.as_str(), &tables[&path]);
        for key in ["title", "enum", "kind", "repr", "summary"] {
            assert_eq!(table[key], json!(toml[key].as_str()), "{path}: {key}");
        }
        let rows = toml["code"].as_array().expect("rows");
        let listed = table["codes"].as_array().expect("rows").iter().chain(table["recycled"].as_array().expect("rows"));
        let listed: Vec<&Value> = listed.collect();
        assert_eq!(rows.len(), listed.len(), "{path}");
        for row in rows {
            let row = as_json(row);
            let same = |other: &&&Value| {
                other["value"] == row["value"] && other["range"] == row["range"] && other["name"] == row["name"]
            };
            let found = listed.iter().find(same).unwrap_or_else(|| panic!("{path}: {row} is missing"));
            compare(path, &row, found);
            count += 1;
        }
    }
    assert!(count > 100);
}

/// Each key of a row is in the file with the same value, but for those that only the repository needs.
fn compare(path: &str, row: &Value, found: &Value) {
    for (key, value) in row.as_object().expect("a row") {
        match key.as_str() {
            "allow" | "text" => assert_eq!(found.get(key), None, "{path}: {row}"),
            "policy" | "policy_unless_resumable" => {
                for (key, value) in value.as_object().expect("a policy").iter().filter(|(key, _)| *key != "despite") {
                    let is_normal = matches!(key.as_str(), "wait" | "unless");
                    assert!(
                        is_normal || found["policy"][key] == *value || found["policy_unless_resumable"][key] == *value,
                        "{path}: {key} of {row}"
                    );
                }
                if value.get("wait").is_none() && key == "policy" {
                    assert_eq!(found["policy"]["wait"], json!({ "kind": "none" }), "{path}: {row}");
                }
            }
            "renamed_from" if value.is_string() => assert_eq!(found[key], json!([value]), "{path}: {row}"),
            _ => assert_eq!(found[key], *value, "{path}: {key} of {row}"),
        }
    }
}

/// The tables as compiled TypeScript, one module a table; nothing where it cannot be compiled, and then a line says why.
fn compiled() -> Option<&'static Path> {
    static COMPILED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| match compile() {
        Ok(folder) => Some(folder),
        Err(reason) => {
            skip(&reason);
            None
        }
    });
    compiled.as_deref()
}

fn compile() -> Result<PathBuf, String> {
    if Command::new("node").arg("--version").output().is_err() {
        return Err("node cannot be run".to_owned());
    }
    let typescript = npm::package("typescript", TYPESCRIPT)?;
    let folder = root().join("target/typescript");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    let mut modules = Vec::new();
    for path in tables().keys() {
        let module = format!("{}.mts", path.replace('/', "-"));
        let text = node(&["tests/examples/typescript.mjs", "generated/codes.json", path]);
        fs::write(folder.join(&module), text).expect("a module can be written");
        modules.push(folder.join(module).display().to_string());
    }
    let compiler = typescript.join("bin/tsc").display().to_string();
    let mut arguments = vec![compiler.as_str(), "--strict", "--target", "es2022", "--module", "nodenext"];
    arguments.extend(modules.iter().map(String::as_str));
    node(&arguments);
    Ok(folder)
}

/// What a program of node prints.
fn node(arguments: &[&str]) -> String {
    let output = Command::new("node").args(arguments).current_dir(root()).output().expect("node runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "node {arguments:?}\n{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// Compares the answers of a TypeScript module with those of the crate: for every number, and for no code.
fn check(path: &str, enum_name: &str, policy_for: impl Fn(Option<u16>) -> &'static wirecodes::Policy) {
    let path = path.trim_end_matches(".toml");
    let Some(folder) = compiled() else { return };
    let module = folder.join(format!("{}.mjs", path.replace('/', "-"))).display().to_string();
    let script = "const m = await import(process.argv[1]); const answers = [m.policyFor(undefined)]; for (let code = 0; code <= 65535; code += 1) answers.push(m.policyFor(code)); \
                  const e = m[process.argv[2]]; console.log(JSON.stringify([Object.entries(e).filter(([key]) => isNaN(key)), answers.map(({action, reason}) => [action, reason])]))";
    let found: Value =
        serde_json::from_str(&node(&["--input-type=module", "--eval", script, "--", &module, enum_name])).expect("JSON");
    let answers = std::iter::once(None).chain((0..=u16::MAX).map(Some)).map(|code| {
        let policy = policy_for(code);
        json!([policy.action, policy.reason])
    });
    for (at, (answer, found)) in answers.zip(found[1].as_array().expect("a list")).enumerate() {
        assert_eq!(*found, answer, "{path}: answer {at}");
    }
    let tables = tables();
    let idents = tables[path]["codes"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|code| Some(json!([code.get("ident")?, code["value"]])));
    assert_eq!(found[0], idents.collect::<Value>(), "{path}");
}

/// The same by a program in Python, which also holds the vectors of all tables.
fn check_in_python(path: &str, policy_for: impl Fn(Option<u16>) -> &'static wirecodes::Policy) {
    let path = path.trim_end_matches(".toml");
    let tables = tables();
    let vectors = tables[path]["reconnect"]["vectors"].as_array().expect("vectors");
    assert!(vectors.len() > 4, "{path}");
    for vector in vectors {
        let code = vector["code"].as_u64().map(|code| u16::try_from(code).expect("a close code"));
        assert_eq!(json!(policy_for(code).action), vector["action"], "{path} {code:?}");
    }
    let Ok(output) =
        Command::new("python3").args(["tests/examples/answers.py", "generated/codes.json", path]).current_dir(root()).output()
    else {
        return skip("python3 cannot be run");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = std::iter::once(None).chain((0..=u16::MAX).map(Some)).map(|code| policy_for(code).action.to_string());
    let expected: Vec<String> = answers.map(|action| action.replace(' ', "-")).collect();
    assert!(String::from_utf8_lossy(&output.stdout).lines().eq(expected.iter().map(String::as_str)), "{path}");
}

macro_rules! table_tests {
    ($module:ident, $enum:ty, $number:ty, close_codes, $path:literal) => {
        #[test]
        fn $module() {
            let name = stringify!($enum).rsplit("::").next().expect("a name").trim();
            check_in_python($path, <$enum>::policy_for);
            check($path, name, <$enum>::policy_for);
        }
    };
    ($($other:tt)*) => {};
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
