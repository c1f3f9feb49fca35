//! The program; everything is in the library.

fn main() {
    std::process::exit(tramontane_cli::run(std::env::args_os()));
}
