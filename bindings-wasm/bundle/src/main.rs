//! Builds the WebAssembly module: `cargo run -p tramontane-wasm-bundle`.
//!
//! cargo compiles it, what no module needs is taken out, wasm-opt shrinks it, and the result stands in `bindings-wasm/pkg`.
//! Nothing is done twice: when cargo's output is what it was, only the sizes are printed.

mod optimise;
mod snip;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use toolchain::Toolchain;

/// A module that is built.
struct Module {
    /// What its files in `pkg` are called: `tramontane.wasm`.
    name: &'static str,
    krate: &'static str,
    /// Up to what size, as LLVM reckons it, a function is laid into its callers when the whole program is optimised; at "z" it
    /// would be 5. This buys time for bytes: as much of it as the budget of the size allows (`tests/wasm/module.test.mjs`).
    inline: u32,
}

const MODULES: [Module; 2] = [
    Module { name: "tramontane", krate: "tramontane-wasm", inline: 50 },
    Module { name: "chat", krate: "tramontane-wasm-chat", inline: 15 },
];

/// Any failure, as the sentence that is printed.
type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let root = &checkout()?;
    let binding = &root.join("bindings-wasm");
    let toolchain = Toolchain::pick(root)?;
    progress(&format!("compiling with {toolchain}"));
    let package = binding.join("pkg");
    std::fs::create_dir_all(&package).map_err(|e| format!("cannot make `{}`: {e}", package.display()))?;
    for module in &MODULES {
        compile(root, &toolchain, module)?;
        let compiled = target(root, &toolchain).join(toolchain::TARGET).join("edge").join(module.krate.replace('-', "_"));
        bundle(binding, &package, module.name, &read(&compiled.with_extension("wasm"))?)?;
    }
    optimise::print_sizes(&package, &MODULES.map(|module| module.name))
}

/// Makes the files of one module, unless they are there.
fn bundle(binding: &Path, package: &Path, name: &str, compiled: &[u8]) -> Outcome<()> {
    let stamp = package.join(format!("{name}.built-from"));
    if std::fs::read(&stamp).is_ok_and(|old| old == fingerprint(compiled)) {
        progress(&format!("nothing has changed in `{name}`"));
        return Ok(());
    }
    std::fs::remove_file(&stamp)
        .or_else(|e| if e.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(e.to_string()) })?;
    let wasm = package.join(format!("{name}.wasm"));
    write(&wasm, &snip::snip(compiled)?)?;
    progress(&format!("shrinking `{name}` with wasm-opt"));
    optimise::shrink(binding, &wasm)?;
    write(&stamp, &fingerprint(compiled))
}

/// The checkout around the current folder. Not the one this program was compiled in: a target directory may be shared.
fn checkout() -> Outcome<PathBuf> {
    let here = std::env::current_dir().map_err(|e| format!("there is no current folder: {e}"))?;
    let root = here.ancestors().find(|folder| folder.join("bindings-wasm/bundle/Cargo.toml").exists());
    root.map(Path::to_owned).ok_or_else(|| format!("`{}` is not inside a checkout of tramontane", here.display()))
}

/// Where a toolchain's artifacts are: the two ways share no file.
fn target(root: &Path, toolchain: &Toolchain) -> PathBuf {
    root.join("target-wasm").join(toolchain.name())
}

/// Runs cargo, once for each module: built together, each would have the other's features.
fn compile(root: &Path, toolchain: &Toolchain, module: &Module) -> Outcome<()> {
    let mut cargo = toolchain.cargo(root);
    cargo.current_dir(root).args(["rustc", "--locked", "--lib", "--profile", "edge", "--target", toolchain::TARGET]);
    cargo.args(["-p", module.krate]);
    cargo.arg("--target-dir").arg(target(root, toolchain)).args(toolchain.extra_arguments());
    // For the module alone, in which all crates come together: they are compiled once.
    cargo.arg("--").arg(format!("-Cllvm-args=-inline-threshold={}", module.inline));
    finish(&mut cargo, "cargo rustc")
}

/// Tells two modules apart.
fn fingerprint(bytes: &[u8]) -> Vec<u8> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{} bytes, {:016x}\n", bytes.len(), hasher.finish()).into_bytes()
}

/// Runs a command to its end.
fn finish(command: &mut Command, what: &str) -> Outcome<()> {
    let status = command.status().map_err(|e| format!("{what} cannot be started: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status})")) }
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|e| format!("cannot read `{}`: {e}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    std::fs::write(path, bytes).map_err(|e| format!("cannot write `{}`: {e}", path.display()))
}

fn progress(line: &str) {
    eprintln!("wasm: {line}");
}
