//! The command `tramontane`. Cargo's program, Python's and Node's all call [`run`].
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod args;
mod asking;
mod chat;
mod documents;
mod lint;
mod models;
mod output;
mod sandbox;
mod verify;

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use crate::args::{Args, Command};
use crate::output::Failure;

/// Exit code: all is well.
const CLEAN: i32 = 0;
/// Exit code: the command ran and found something wrong, or the provider refused.
const FOUND: i32 = 1;
/// Exit code: the command itself was wrong: its arguments, a file that cannot be read.
const USAGE: i32 = 2;

/// Runs the command with its arguments (the first is the program's name) and gives the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> i32 {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // Help and version come this way too, with exit code 0; a closed pipe is nobody's error.
            let _ = error.print();
            return error.exit_code();
        }
    };
    let json = args.json;
    let done = match args.command {
        Command::Chat(chat) => chat::run(&chat, json),
        Command::Check(check) => documents::check(&check, json),
        Command::Build(build) => documents::build(&build),
        Command::Models(models) => models::run(&models, json),
        Command::Lint(args) => lint::run(&args, json),
        Command::Sandbox(sandbox) => sandbox::run(&sandbox),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "tramontane", &mut std::io::stdout());
            Ok(CLEAN)
        }
    };
    done.unwrap_or_else(|failure: Failure| failure.report(json))
}
