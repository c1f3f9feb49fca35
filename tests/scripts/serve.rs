//! Serves the scripts to hosts other than Rust: says where it is, and ends when its standard input does.

use std::io::Read;
use std::time::SystemTime;

fn main() -> std::io::Result<()> {
    let server = conformance::scripts::Server::start(SystemTime::now)?;
    println!("{}", server.url());
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop)
}
