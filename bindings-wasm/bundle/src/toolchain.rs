//! Which Rust compiles the module.
//!
//! Where Debian's packages are, they bring the standard library's source, and it is compiled along: without the texts of
//! panics, for size, which makes the module smaller by a twentieth. Elsewhere it is a toolchain that has the target's
//! standard library, or a rustup that can fetch it; and where neither is to be had, the packages are installed.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, finish, progress};

/// The target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Room for the stack: a document of 120 levels takes a sixth of it. The data lie behind it, and the lower they lie the shorter
/// are the numbers by which the code finds them.
const STACK: &str = "-Clink-arg=-zstack-size=262144";

/// Sixteen bytes at once, which every runtime has had since 2023: the reader of strings looks at them so.
const SIMD: &str = "-Ctarget-feature=+simd128";

/// Set to `rustup` or `debian` to take that way and no other.
const CHOICE: &str = "TRAMONTANE_WASM_TOOLCHAIN";

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// A way to compile for WebAssembly.
pub enum Toolchain {
    /// The toolchain in use, which has the target.
    Ordinary,
    /// Debian's compiler, which compiles the standard library too.
    Debian,
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Toolchain::Ordinary => "the installed toolchain",
            Toolchain::Debian => "Debian's toolchain, and the standard library from its source",
        })
    }
}

impl Toolchain {
    /// The first way that works here, the one with the smaller result before the other.
    ///
    /// # Errors
    /// A sentence that names both ways when none does.
    pub fn pick(root: &Path) -> Outcome<Toolchain> {
        let choice = std::env::var(CHOICE).unwrap_or_default();
        match choice.as_str() {
            "" => {}
            "rustup" => return has_target(root).then_some(Toolchain::Ordinary).ok_or_else(advice),
            "debian" => return debian_is_there().then_some(Toolchain::Debian).ok_or_else(advice),
            other => return Err(format!("{CHOICE} is `{other}`; it can be `rustup` or `debian`")),
        }
        if debian_is_there() {
            return Ok(Toolchain::Debian);
        }
        if has_target(root) || (add_target(root) && has_target(root)) {
            return Ok(Toolchain::Ordinary);
        }
        if install_debian() && debian_is_there() {
            return Ok(Toolchain::Debian);
        }
        Err(advice())
    }

    /// A short name, for the target directory: the two ways share no file.
    pub fn name(&self) -> &'static str {
        match self {
            Toolchain::Ordinary => "ordinary",
            Toolchain::Debian => "debian",
        }
    }

    /// Its cargo, with the environment it needs.
    pub fn cargo(&self, root: &Path) -> Command {
        let mut flags = prefix_flags(root);
        flags.extend([STACK, SIMD].map(str::to_owned));
        let mut command = match self {
            Toolchain::Ordinary => ordinary("cargo"),
            Toolchain::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                // Building the standard library and leaving out the texts of panics, which nobody could read here, are
                // features that only a nightly compiler offers; Debian's is of a known version.
                command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"].map(str::to_owned));
                command
            }
        };
        for inherited in ["RUSTUP_TOOLCHAIN", "RUSTFLAGS", "CARGO", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR", "RUSTC_WRAPPER"] {
            command.env_remove(inherited);
        }
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        command
    }

    /// What cargo must be told besides.
    pub fn extra_arguments(&self) -> &'static [&'static str] {
        match self {
            Toolchain::Ordinary => &[],
            Toolchain::Debian => &[
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
                // Memory, lists and comparisons: a twentieth of a check's time for 50 bytes. In Cargo.toml every other build
                // would be told that it has no such crates.
                "--config=profile.edge.package.core.opt-level=3",
                "--config=profile.edge.package.alloc.opt-level='s'",
            ],
        }
    }
}

/// Whether the toolchain in use has the target's standard library.
fn has_target(root: &Path) -> bool {
    let libraries =
        ordinary("rustc").current_dir(root).args(["--print", "target-libdir", "--target", TARGET]).stderr(Stdio::null()).output();
    let Ok(libraries) = libraries else { return false };
    let folder = PathBuf::from(String::from_utf8_lossy(&libraries.stdout).trim());
    std::fs::read_dir(folder)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libcore-")))
}

/// Asks rustup for it; quiet, because there is another way.
fn add_target(root: &Path) -> bool {
    progress(&format!("asking rustup for {TARGET}"));
    let asked = Command::new("rustup")
        .current_dir(root)
        .args(["target", "add", TARGET])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// Whether Debian's compiler, its source and a linker are installed.
fn debian_is_there() -> bool {
    let source = std::fs::read_dir("/usr/lib/rustlib/src/rust/library").is_ok();
    source && ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/wasm-ld"].iter().all(|file| Path::new(file).exists())
}

/// Installs Debian's packages where that is possible without asking anybody.
fn install_debian() -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
    if !is_root || !Path::new("/usr/bin/apt-get").exists() {
        return false;
    }
    progress(&format!("installing {} with apt-get (rustup's toolchain is not touched)", DEBIAN_PACKAGES.join(" ")));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq"]).args(arguments).stdout(Stdio::null());
        finish(&mut command, "apt-get")
    };
    let packages: Vec<&str> = ["install", "-y", "--no-install-recommends"].into_iter().chain(DEBIAN_PACKAGES).collect();
    apt(&["update"]).and_then(|()| apt(&packages)).inspect_err(|sentence| progress(sentence)).is_ok()
}

fn advice() -> String {
    format!(
        "no Rust here can compile for {TARGET}; either run `rustup target add {TARGET}`, \
         or, on Debian, `apt-get install --no-install-recommends {}`",
        DEBIAN_PACKAGES.join(" ")
    )
}

/// A tool of the toolchain in use, found by name: what cargo set for this very program is not meant for it.
fn ordinary(tool: &str) -> Command {
    let mut command = Command::new(tool);
    command.env_remove("RUSTC").env_remove("RUSTC_BOOTSTRAP");
    command
}

/// Keeps the builder's own folders out of the module.
fn prefix_flags(root: &Path) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let renamed = [(Some(root.to_owned()), "tramontane"), (home, "cargo")];
    let renamed =
        renamed.into_iter().filter_map(|(folder, name)| Some(format!("--remap-path-prefix={}={name}", folder?.display())));
    renamed.collect()
}
