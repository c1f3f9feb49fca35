//! wasm-opt, and how large the result is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, finish, progress};

/// What rustc uses, and every runtime of the last years understands.
const FEATURES: [&str; 8] = [
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-simd",
];

/// Shrinks the module in its place. Beside it stays the same with the names of its functions, in which `sizes.mjs` reads
/// where the bytes go.
///
/// # Errors
/// What npm or wasm-opt said.
pub fn shrink(binding: &Path, wasm: &Path) -> Outcome<()> {
    let tool = wasm_opt(binding)?;
    let named = wasm.with_extension("named.wasm");
    let run = |from: &Path, to: &Path, passes: &[&str]| {
        finish(Command::new("node").arg(&tool).arg(from).args(FEATURES).args(passes).arg("-o").arg(to), "wasm-opt")
    };
    // Nothing of Rust's lies below 1024: there the stack ends. What stands apart stays apart: engines compile a function when
    // it is first called.
    let apart = "--one-caller-inline-max-function-size=0";
    run(wasm, &named, &["--low-memory-unused", apart, "-Oz", "--converge", "-g", "--strip-producers"])?;
    finish(Command::new("node").arg(binding.join("order.mjs")).arg(&named).arg(wasm), "order.mjs")?;
    run(wasm, wasm, &["--reorder-functions-by-name", "--strip-debug"])
}

/// The optimiser of the npm package `binaryen`, a development dependency of the package in `binding`.
fn wasm_opt(binding: &Path) -> Outcome<PathBuf> {
    let tool = binding.join("node_modules").join("binaryen").join("bin").join("wasm-opt");
    if !tool.exists() {
        progress("installing wasm-opt (npm ci)");
        finish(Command::new("npm").current_dir(binding).args(["ci", "--no-fund", "--no-audit", "--loglevel=error"]), "npm ci")?;
    }
    Ok(tool)
}

/// Prints the sizes of the modules: raw, gzip and brotli.
///
/// # Errors
/// What node said.
pub fn print_sizes(package: &Path, names: &[&str]) -> Outcome<()> {
    const SCRIPT: &str = "
        const { readFileSync } = require('node:fs');
        const { gzipSync, brotliCompressSync } = require('node:zlib');
        const kB = (n) => (n / 1000).toFixed(1).padStart(8);
        console.log('file'.padEnd(18) + '  raw kB gzip kB   brotli');
        for (const file of process.argv.slice(1)) {
            const bytes = readFileSync(file);
            const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map((b) => kB(b.length));
            console.log(file.split(/[\\\\/]/).pop().padEnd(18) + sizes.join(''));
        }";
    let files = names.iter().map(|name| package.join(format!("{name}.wasm")));
    finish(Command::new("node").args(["-e", SCRIPT]).args(files), "node")
}
