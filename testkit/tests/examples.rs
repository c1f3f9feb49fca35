//! The examples in Rust, each run against a sandbox.

use std::path::PathBuf;
use std::process::Command;

use tramontane_testkit::Sandbox;

/// Where cargo puts the examples of the workspace: beside the folder of the tests.
fn built(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples").join(example).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.exists(), "build the examples first: `cargo build -p tramontane --examples`");
    path
}

#[test]
fn examples_chat_with_a_sandbox() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    for example in ["chat", "stream", "blocking"] {
        let mut command = Command::new(built(example));
        command.env("TRAMONTANE_BASE_URL", sandbox.url()).env("MISTRAL_API_KEY", sandbox.key());
        let done = command.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{example}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(said.contains("You said: What is a tramontane?"), "{example}: {said}");
    }
}
