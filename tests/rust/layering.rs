//! The rules of the house that no compiler holds: who may name whom, how long a file may be, what may stand where.

use std::path::{Path, PathBuf};

use conformance::root;

/// The layers of the core, as ARCHITECTURE.md draws them: a module names its own layer and those above it in this list.
const LAYERS: &[&[&str]] = &[
    &["date", "error", "finding", "generated", "json", "operation", "packed", "secret", "suggest", "within"],
    &[
        "agents",
        "audio",
        "batch",
        "catalogue",
        "chat",
        "classifiers",
        "conversations",
        "embeddings",
        "files",
        "fim",
        "models",
        "ocr",
        "raw",
    ],
    &["check", "lint", "policy"],
    &["wire"],
    &["ops"],
    &["client"],
];

/// The arrows that point down, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    // The tables are filled with the types of the layers that read them.
    ("generated", "catalogue"),
    ("generated", "check"),
    // An error of a refused request carries the report.
    ("error", "check"),
];

/// Words that only `client/` may use.
const IMPURE: &[&str] = &[
    "reqwest::",
    "tokio::",
    "futures",
    "std::time::Instant",
    "std::time::SystemTime",
    "SystemTime::now",
    "Instant::now",
    "std::env",
    "std::thread",
    "std::fs",
    "std::net",
    "fastrand",
    "println!",
    "eprintln!",
    "dbg!",
];

fn sources(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    walk(&root().join(folder), extension, &mut found);
    assert!(!found.is_empty(), "no .{extension} files below {folder}");
    found
}

fn walk(folder: &Path, extension: &str, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
        let path = entry.path();
        let skipped = ["target", "node_modules", "generated", "dist", "pkg", ".venv", "__pycache__"];
        if path.is_dir() {
            if !skipped.iter().any(|name| path.ends_with(name)) {
                walk(&path, extension, found);
            }
        } else if path.extension().is_some_and(|have| have == extension) && !path.to_string_lossy().contains("generated") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let first = text.lines().next().unwrap_or_default();
            if !first.contains("Generated") && !first.contains("Copied") {
                found.push((path.strip_prefix(root()).unwrap_or(&path).to_path_buf(), text));
            }
        }
    }
}

/// The code of a Rust file: without comments, and without the tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end].lines().enumerate().map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs")
}

fn core_module(path: &Path) -> Option<String> {
    let below = path.strip_prefix("core/src").ok()?.to_string_lossy().into_owned();
    Some(below.split(['/', '.']).next()?.to_owned())
}

#[test]
fn the_pure_core_touches_nothing_outside() {
    let mut faults = Vec::new();
    for (path, text) in sources("core/src", "rs").into_iter().chain(sources("core/json", "rs")) {
        if core_module(&path).is_some_and(|module| module == "client") || is_test(&path) {
            continue;
        }
        for (line, code) in code(&text) {
            faults.extend(
                IMPURE.iter().filter(|word| code.contains(**word)).map(|word| format!("{}:{line}: {word}", path.display())),
            );
        }
    }
    assert!(faults.is_empty(), "only core/src/client may use these:\n{}", faults.join("\n"));
}

#[test]
fn features_and_targets_are_asked_for_in_one_place() {
    let mut client = Vec::new();
    for (path, text) in sources("core/src", "rs").into_iter().chain(sources("core/json", "rs")) {
        for (line, code) in code(&text) {
            let place = format!("{}:{line}", path.display());
            assert!(!code.contains("target_arch"), "{place}: no target_arch in the core");
            if code.contains("feature = \"client\"") {
                client.push(place);
            }
        }
    }
    assert!(client.len() <= 3 && client.iter().all(|place| place.starts_with("core/src/lib.rs")), "{client:?}");
}

#[test]
fn protocols_do_not_know_each_other() {
    let protocols = ["mistral", "openai", "anthropic", "gemini", "cohere", "unified"];
    for (path, text) in sources("core/src/wire", "rs") {
        let Some(own) = protocols.iter().find(|name| path.to_string_lossy().contains(&format!("wire/{name}/"))) else { continue };
        for (line, code) in code(&text) {
            for other in protocols.iter().filter(|name| *name != own) {
                assert!(!code.contains(&format!("{other}::")), "{}:{line}: {own} names {other}", path.display());
            }
        }
    }
}

#[test]
fn modules_name_only_what_stands_above_them() {
    let layer = |module: &str| LAYERS.iter().position(|layer| layer.contains(&module));
    let mut faults = Vec::new();
    for (path, text) in sources("core/src", "rs") {
        let Some(module) = core_module(&path).filter(|module| module != "lib" && !is_test(&path)) else { continue };
        let Some(own) = layer(&module) else { panic!("{module} stands in no layer") };
        for (line, code) in code(&text) {
            for named in code
                .split("crate::")
                .skip(1)
                .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
            {
                let down = layer(named).is_some_and(|named| named > own);
                if down && !EXCEPTIONS.contains(&(module.as_str(), named)) {
                    faults.push(format!("{}:{line}: {module} names {named}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_auth_reads_a_secret() {
    for (path, text) in sources("core/src", "rs") {
        if path.ends_with("secret.rs") || path.ends_with("wire/auth.rs") {
            continue;
        }
        assert!(!text.contains(".reveal()"), "{} reads a secret", path.display());
    }
}

#[test]
fn bindings_state_no_facts() {
    let facts = ["mistral-", "api.mistral.ai", "MISTRAL_API_KEY", "openai.com", "anthropic"];
    for folder in ["bindings-python/src", "bindings-node/src", "bindings-wasm/src"] {
        for (path, text) in sources(folder, "rs") {
            for (line, code) in code(&text) {
                assert!(!facts.iter().any(|fact| code.contains(fact)), "{}:{line}: {code}", path.display());
            }
        }
    }
}

#[test]
fn blocking_stands_in_one_file() {
    for (path, text) in sources("bindings-python/src", "rs") {
        if path.ends_with("runtime.rs") {
            continue;
        }
        for (line, code) in code(&text) {
            for word in ["block_on(", ".detach("] {
                assert!(!code.contains(word), "{}:{line}: {word} belongs into runtime.rs", path.display());
            }
        }
    }
}

#[test]
fn files_and_names_stay_small() {
    let grab_bags = ["utils", "util", "helpers", "helper", "common", "misc", "support"];
    let mut faults = Vec::new();
    let folders = [
        ("core", "rs"),
        ("cli", "rs"),
        ("testkit", "rs"),
        ("bindings-python", "rs"),
        ("bindings-python", "py"),
        ("bindings-node", "rs"),
        ("bindings-node", "ts"),
        ("bindings-wasm", "rs"),
        ("bindings-wasm", "ts"),
        ("tests", "rs"),
        ("tests", "py"),
    ];
    for (folder, extension) in folders {
        for (path, text) in sources(folder, extension) {
            let length = text.lines().count();
            if length > 500 {
                faults.push(format!("{} has {length} lines", path.display()));
            }
            if path.file_stem().is_some_and(|stem| grab_bags.iter().any(|bag| stem == *bag)) {
                faults.push(format!("{} says nothing about what it holds", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn functions_fit_on_a_screen() {
    let mut faults = Vec::new();
    for folder in ["core", "cli", "testkit", "bindings-python/src", "bindings-node/src", "bindings-wasm/src", "tests"] {
        for (path, text) in sources(folder, "rs") {
            faults.extend(long_functions(&text).map(|(line, length)| format!("{}:{line}: {length} lines", path.display())));
        }
    }
    assert!(faults.is_empty(), "functions over 60 lines:\n{}", faults.join("\n"));
}

/// Functions over 60 lines, by the indentation of their first and last line: rustfmt has made it reliable.
fn long_functions(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let is_function = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "async fn ",
            "pub async fn ",
            "pub(crate) async fn ",
            "const fn ",
            "pub const fn ",
        ]
        .iter()
        .any(|start| code.starts_with(start));
        if !is_function || code.ends_with(';') || code.ends_with('}') {
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - code.len()]);
        if let Some(length) = lines[at..].iter().position(|line| *line == end).filter(|length| *length > 60) {
            found.push((at + 1, length + 1));
        }
    }
    found.into_iter()
}
