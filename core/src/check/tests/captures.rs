//! What official clients send is not refused. Reads captures beside the checkout; says so and passes when there are none.

use std::path::PathBuf;

use crate::check::{Policy, Severity, examine};
use crate::json::{Value, parse};

fn captures() -> Option<PathBuf> {
    let given = std::env::var_os("TRAMONTANE_SHARED").map(PathBuf::from);
    let above =
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared")).find(|f| f.is_dir());
    Some(given.or_else(above)?.join("wire/requests/mistral")).filter(|folder| folder.is_dir())
}

#[test]
fn what_the_official_client_sends_is_not_refused() {
    let Some(folder) = captures() else {
        println!("skipped: no captures beside the checkout");
        return;
    };
    let mut seen = 0;
    let mut refused = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        let file = parse(&text).unwrap();
        let Some(call) = file.get("call") else { continue };
        let name = call.get("operation").and_then(Value::as_str).unwrap_or("chat");
        if !matches!(name, "chat" | "chat_stream") {
            continue;
        }
        seen += 1;
        let body = file.get("request").and_then(|request| request.get("body")).unwrap();
        for request in [call, body] {
            let (_, report) = examine(request.clone(), None, &Policy::default());
            for finding in report.findings.iter().filter(|finding| finding.severity == Severity::Error) {
                refused.push(format!("{}: {} {}: {}", path.display(), finding.rule, finding.path, finding.message));
            }
        }
    }
    println!("{seen} captures");
    assert!(seen > 0);
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
