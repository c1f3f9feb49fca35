//! Writes every generated file from `core/data` and the Rust types of the core; `--check` says which are stale.
//!
//! To add a file: one module with a function that gives its text, one row in [`targets`].

mod clients;
mod data;
mod errors;
mod models;
mod operations;
mod packed;
mod pages;
mod providers;
mod rules;
mod rust;
#[cfg(feature = "types")]
mod types;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// A generated file: its path from the root of the checkout, and what it should hold.
type Target = (Cow<'static, str>, String);

/// Every generated file.
///
/// # Errors
/// One sentence that names the data file or the type at fault.
fn targets(root: &Path) -> Result<Vec<Target>, String> {
    let data = root.join("core/data");
    let mut all = vec![
        ("cli/src/lint/rules.rs".into(), rules::linted(&data)?),
        ("core/src/client/blocking/generated.rs".into(), clients::blocking(&data)?),
        ("core/src/client/resources/generated.rs".into(), clients::asynchronous(&data)?),
        ("core/src/generated/errors.rs".into(), errors::source(&data)?),
        ("core/src/generated/hints.tsv".into(), errors::hints(&data)?),
        ("core/src/generated/models.rs".into(), models::source(&data)?),
        ("core/src/generated/models.tsv".into(), models::table(&data)?),
        ("core/src/generated/models_told.tsv".into(), models::told(&data)?),
        ("core/src/generated/names.tsv".into(), models::names(&data)?),
        ("core/src/generated/operations.rs".into(), operations::source()?),
        ("core/src/generated/operations.tsv".into(), operations::table(&data)?),
        ("core/src/generated/providers.rs".into(), providers::source(&data)?),
        ("core/src/generated/providers.tsv".into(), providers::table(&data)?),
        ("core/src/generated/providers_chat.tsv".into(), providers::chat(&data)?),
        ("core/src/generated/providers_told.tsv".into(), providers::told(&data)?),
        ("core/src/generated/rules.rs".into(), rules::source()?),
        ("core/src/generated/rules.tsv".into(), rules::packed(&data)?),
        ("core/src/generated/rules_chat.tsv".into(), rules::of_chats(&data)?),
        ("docs/errors.md".into(), pages::errors(&data)?),
        ("docs/models.md".into(), pages::models(&data)?),
        ("docs/operations.md".into(), pages::operations(&data)?),
        ("docs/rules.md".into(), pages::rules(&data)?),
    ];
    #[cfg(feature = "types")]
    all.extend(types::targets(&data)?);
    Ok(all)
}

fn main() -> ExitCode {
    let check = match env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return fail("usage: codegen [--check]"),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let result = targets(&root).and_then(|targets| if check { verify(&root, &targets) } else { write(&root, &targets) });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("codegen: {message}");
    ExitCode::FAILURE
}

/// Writes what has changed, and only that: an untouched file keeps its time, and cargo its build.
fn write(root: &Path, targets: &[Target]) -> Result<(), String> {
    for (path, contents) in stale(root, targets) {
        let path = root.join(path.as_ref());
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(|e| format!("`{}` cannot be made: {e}", folder.display()))?;
        fs::write(&path, contents).map_err(|e| format!("`{}` cannot be written: {e}", path.display()))?;
        println!("wrote {}", path.strip_prefix(root).unwrap_or(&path).display());
    }
    Ok(())
}

fn verify(root: &Path, targets: &[Target]) -> Result<(), String> {
    let stale: Vec<&str> = stale(root, targets).map(|(path, _)| path.as_ref()).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("these generated files are stale; run `make generate` and commit them:\n  {}", stale.join("\n  ")))
}

fn stale<'t>(root: &Path, targets: &'t [Target]) -> impl Iterator<Item = &'t Target> {
    let root = root.to_owned();
    targets.iter().filter(move |(path, contents)| fs::read_to_string(root.join(path.as_ref())).ok().as_deref() != Some(contents))
}

/// Reads a data file.
fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("`{}` cannot be read: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("`{}`: {e}", path.display()))
}

/// The file `rustfmt.toml` of the checkout.
fn rustfmt_config() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rustfmt.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        targets(&root).and_then(|targets| verify(&root, &targets)).unwrap();
    }
}
