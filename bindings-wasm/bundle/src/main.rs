//! Builds the WebAssembly module: `cargo run -p tramontane-wasm-bundle`.
//!
//! cargo compiles it, wasm-bindgen (as a library, so that Cargo.lock holds it and the crate at one version) writes the glue,
//! wasm-opt shrinks it, and the result stands in `bindings-wasm/pkg`. Nothing is done twice: when cargo's output is what it
//! was, only the sizes are printed.

mod glue;
mod optimise;
mod snip;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use toolchain::Toolchain;

/// What the files of `pkg` are called: `tramontane.js`, `tramontane.wasm`.
const NAME: &str = "tramontane";

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
    let compiled = compile(root, &toolchain)?;
    let package = binding.join("pkg");
    let bytes = read(&compiled)?;
    let stamp = package.join("built-from");
    if std::fs::read(&stamp).is_ok_and(|old| old == fingerprint(&bytes)) {
        progress("nothing has changed");
    } else {
        std::fs::create_dir_all(&package).map_err(|e| format!("cannot make `{}`: {e}", package.display()))?;
        std::fs::remove_file(&stamp)
            .or_else(|e| if e.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(e.to_string()) })?;
        progress("writing the glue");
        let wasm = bind(&package, &bytes)?;
        progress("shrinking with wasm-opt");
        optimise::shrink(binding, &wasm)?;
        write(&stamp, &fingerprint(&bytes))?;
    }
    optimise::print_sizes(&package, NAME)
}

/// The checkout around the current folder. Not the one this program was compiled in: a target directory may be shared.
fn checkout() -> Outcome<PathBuf> {
    let here = std::env::current_dir().map_err(|e| format!("there is no current folder: {e}"))?;
    let root = here.ancestors().find(|folder| folder.join("bindings-wasm/bundle/Cargo.toml").exists());
    root.map(Path::to_owned).ok_or_else(|| format!("`{}` is not inside a checkout of tramontane", here.display()))
}

/// Runs cargo and says where the module is.
fn compile(root: &Path, toolchain: &Toolchain) -> Outcome<PathBuf> {
    let target = root.join("target-wasm").join(toolchain.name());
    let mut cargo = toolchain.cargo(root);
    cargo.current_dir(root).args([
        "build",
        "--locked",
        "-p",
        "tramontane-wasm",
        "--profile",
        "edge",
        "--target",
        toolchain::TARGET,
    ]);
    cargo.arg("--target-dir").arg(&target).args(toolchain.extra_arguments());
    finish(&mut cargo, "cargo build")?;
    Ok(target.join(toolchain::TARGET).join("edge").join("tramontane_wasm.wasm"))
}

/// Writes the JavaScript glue and the bound module; gives the module's path.
fn bind(package: &Path, module: &[u8]) -> Outcome<PathBuf> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    let bound = bindgen.input_bytes(NAME, module.to_vec()).web(true).and_then(|bindgen| {
        // No default path: each runtime loads the module in its own way (`ts/load`).
        // The reset function lets the façade start a fresh instance after a trap.
        bindgen.typescript(true).omit_default_module_path(true).reset_state_function(true);
        bindgen.remove_name_section(false).remove_producers_section(true).generate(package)
    });
    bound.map_err(|e| format!("wasm-bindgen: {e:#}"))?;
    glue::trim(package, NAME)?;
    let wasm = package.join(format!("{NAME}.wasm"));
    let bound = package.join(format!("{NAME}_bg.wasm"));
    write(&wasm, &snip::snip(&read(&bound)?)?)?;
    std::fs::remove_file(&bound).map_err(|e| format!("cannot remove `{}`: {e}", bound.display()))?;
    Ok(wasm)
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
