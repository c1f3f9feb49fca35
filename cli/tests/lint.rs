//! `tramontane lint` on folders of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that goes when it is dropped.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        files.iter().for_each(|(name, text)| folder.write(name, text.as_bytes()));
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    fn lint(&self, args: &[&str]) -> Output {
        lint_in(self.0.path(), args, "")
    }
}

fn lint_in(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tramontane"))
        .arg("lint")
        .args(args)
        .args(["--on", "2026-11-21"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn out(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

const RETIRED: &str = "model = \"mistral-small-2402\"\n";

#[test]
fn findings_are_shown_with_their_line_and_a_mark() {
    let folder = Folder::new(&[
        ("app.py", "import x\nask(model=\"mistral-small-2402\", n=1)\n"),
        ("clean.py", "model = 'mistral-small-2603'\n"),
    ]);
    let found = folder.lint(&[]);
    insta::assert_snapshot!(out(&found));
    assert_eq!(code(&found), 1);
    assert_eq!(code(&folder.lint(&["clean.py"])), 0);
    assert!(out(&folder.lint(&["clean.py"])).starts_with("nothing found in 1 file"));
}

#[test]
fn what_git_ignores_and_what_others_wrote_is_left_out() {
    let folder = Folder::new(&[
        (".gitignore", "built/\n"),
        ("built/a.py", RETIRED),
        ("node_modules/b/index.js", "x = 'mistral-small-2402'"),
        (".venv/lib/c.py", RETIRED),
        ("photo.png", RETIRED),
        ("bundle.min.js", "x = 'mistral-small-2402'"),
        ("notes.md", "`mistral-small-2402`"),
        (".env", "MODEL=mistral-small-2402\n"),
        (".github/workflows/ci.yml", "env:\n  MODEL: mistral-small-2402\n"),
    ]);
    let paths = |args: &[&str]| {
        let text = out(&folder.lint(args));
        let mut paths: Vec<String> =
            text.lines().filter_map(|line| Some(line.split("--> ").nth(1)?.split(':').next()?.to_owned())).collect();
        paths.sort();
        paths
    };
    assert_eq!(paths(&[]), [".env", ".github/workflows/ci.yml"]);
    assert_eq!(paths(&["--markdown"]), [".env", ".github/workflows/ci.yml", "notes.md"]);
    assert_eq!(paths(&["--exclude", "*.yml"]), [".env"]);
    assert_eq!(paths(&["notes.md"]), ["notes.md"], "a file that is named is read");
    assert_eq!(paths(&["--no-ignore"]).len(), 5);
}

#[test]
fn a_fix_changes_the_names_and_nothing_else() {
    let text = "\u{feff}# é mistral-small-2402\r\nm = 'mistral-small-latest'\t\r\nkeys = {'mistral-small-2402': 1}\r\n";
    let folder = Folder::new(&[("a.py", text), ("sub/b.env", "MODEL=mistral-large-latest")]);
    folder.write("latin.py", b"x = '\xe9', 'mistral-small-2402'\n");
    let diff = folder.lint(&["--diff"]);
    assert_eq!(folder.read("a.py"), text, "a diff changes nothing");
    assert!(
        out(&diff).contains("-m = 'mistral-small-latest'") && out(&diff).contains("+m = 'mistral-small-2603'"),
        "{}",
        out(&diff)
    );
    let fixed = folder.lint(&["--fix"]);
    assert_eq!(code(&fixed), 1, "the key is left: {}", out(&fixed));
    assert!(out(&fixed).contains("3 names replaced in 3 files"), "{}", out(&fixed));
    assert_eq!(folder.read("a.py"), text.replace("mistral-small-latest", "mistral-small-2603"));
    assert_eq!(folder.read("sub/b.env"), "MODEL=mistral-large-2512");
    assert_eq!(fs::read(folder.path("latin.py")).unwrap(), b"x = '\xe9', 'mistral-small-2603'\n");
    assert!(out(&folder.lint(&["--fix"])).contains("1 error"), "fixing twice is fixing once");
    let left: Vec<_> = fs::read_dir(folder.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_fix_keeps_the_rights_and_follows_a_link_that_was_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new(&[("run.sh", "M=mistral-small-latest\n")]);
    fs::set_permissions(folder.path("run.sh"), fs::Permissions::from_mode(0o751)).unwrap();
    symlink("run.sh", folder.path("link.sh")).unwrap();
    folder.lint(&["--fix", "link.sh"]);
    assert_eq!(folder.read("run.sh"), "M=mistral-small-2603\n");
    assert_eq!(fs::metadata(folder.path("run.sh")).unwrap().permissions().mode() & 0o777, 0o751);
    assert!(fs::symlink_metadata(folder.path("link.sh")).unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("sub/a.py", RETIRED)]);
    folder.write("wide.py", b"\xff\xfem\x00o\x00");
    folder.write("zeros.py", b"\x00\x00'mistral-small-2402'");
    folder.write("big.py", &vec![b' '; 1_100_000]);
    symlink("..", folder.path("sub/loop")).unwrap();
    symlink("nowhere.py", folder.path("gone.py")).unwrap();
    let found = folder.lint(&["--max-size", "1", "--follow"]);
    let text = out(&found);
    assert_eq!(code(&found), 1);
    for said in ["wide.py is UTF-16", "big.py is larger than 1 MB", "sub/loop is a link to a folder around it", "gone.py"] {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
    assert_eq!(text.matches("mistral-small-2402` was").count(), 1, "{text}");
    assert_eq!(code(&folder.lint(&["no-such-folder"])), 2);
    let fifo = Command::new("mkfifo").arg(folder.path("pipe.py")).status();
    if fifo.is_ok_and(|status| status.success()) {
        assert!(out(&folder.lint(&["pipe.py"])).contains("is no regular file"));
        assert_eq!(code(&folder.lint(&["."])), 1, "a pipe in a folder does not block");
    }
}

#[test]
fn options_stand_in_the_project() {
    let source = ("src/a.py", "m = 'mistral-small-latest', 'mistral-small-2402'\n");
    let toml = "ignore = [\"mistral-small-2402\"]\n[severities]\nfloating_alias = \"error\"\n";
    let python =
        format!("[project]\nname = \"x\"\n[tool.tramontane]\n{}", toml.replace("[severities]", "[tool.tramontane.severities]"));
    let package = r#"{"name": "x", "tramontane": {"ignore": ["mistral-small-2402"], "severities": {"floating_alias": "error"}}}"#;
    for (name, text) in [("tramontane.toml", toml), ("pyproject.toml", &python), ("package.json", package)] {
        let folder = Folder::new(&[source, (name, text)]);
        for args in [&[][..], &["src"]] {
            let text = out(&folder.lint(args));
            assert!(text.contains("error[floating_alias]") && !text.contains("retired_model"), "{name}: {text}");
        }
        let below = lint_in(&folder.path("src"), &["."], "");
        assert!(out(&below).contains("error[floating_alias]"), "{name} is found from below");
        assert!(out(&folder.lint(&["--no-config"])).contains("retired_model"));
        assert!(out(&folder.lint(&["--severity", "floating_alias=off"])).contains("nothing found"), "the command line wins");
    }
    let wrong = Folder::new(&[("tramontane.toml", "ignroe = []\n")]);
    assert_eq!(code(&wrong.lint(&[])), 2);
    assert!(out(&wrong.lint(&[])).contains("did you mean `ignore`?"));
    let broken = Folder::new(&[("tramontane.toml", "= 1"), ("package.json", "{")]);
    assert_eq!(code(&broken.lint(&[])), 2);
    let foreign = Folder::new(&[("package.json", "{ no json"), ("pyproject.toml", "[project]\n")]);
    assert_eq!(code(&foreign.lint(&[])), 0, "files without options are nobody's concern");
}

#[test]
fn a_baseline_knows_what_is_known() {
    let folder = Folder::new(&[("a.py", RETIRED), ("sub/b.py", RETIRED)]);
    let wrote = folder.lint(&["--baseline", "known.json", "--write-baseline"]);
    assert_eq!(code(&wrote), 0, "{}", out(&wrote));
    insta::assert_snapshot!(folder.read("known.json"));
    assert_eq!(code(&folder.lint(&["--baseline", "known.json"])), 0);
    folder.write("a.py", format!("\n\n{RETIRED}").as_bytes());
    assert_eq!(code(&folder.lint(&["--baseline", "known.json"])), 0, "code may move");
    folder.write("a.py", format!("{RETIRED}{RETIRED}").as_bytes());
    assert_eq!(code(&folder.lint(&["--baseline", "known.json"])), 1, "one more is new");
    assert_eq!(code(&lint_in(&folder.path("sub"), &["--baseline", "../known.json"], "")), 0);
    assert_eq!(code(&folder.lint(&["--baseline", "missing.json"])), 2);
}

#[test]
fn formats_for_programs() {
    let folder = Folder::new(&[("a b.py", "# é\nx = 'é', 'mistral-small-2402'\n")]);
    let json: serde_json::Value = serde_json::from_slice(&folder.lint(&["--format", "json"]).stdout).unwrap();
    assert_eq!(json["findings"][0]["path"], "a b.py");
    assert_eq!((json["findings"][0]["line"].as_u64(), json["findings"][0]["column"].as_u64()), (Some(2), Some(11)));
    assert_eq!(json["summary"]["errors"], 1);
    let sarif: serde_json::Value = serde_json::from_slice(&folder.lint(&["--format", "sarif"]).stdout).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "retired_model");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.py");
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "mistral-small-2603");
    let github = out(&folder.lint(&["--format", "github"]));
    assert!(github.starts_with("::error file=a b.py,line=2,col=11,endColumn=29,title=retired_model::model `"), "{github}");
}

#[test]
fn standard_input_is_read_and_fixed() {
    let folder = Folder::new(&[]);
    let found = lint_in(folder.0.path(), &["--stdin", "--language", "python"], RETIRED);
    assert!(out(&found).contains("<stdin>:1:10") && code(&found) == 1, "{}", out(&found));
    let fixed = lint_in(folder.0.path(), &["--stdin", "--language", "python", "--fix"], RETIRED);
    assert_eq!((out(&fixed).as_str(), code(&fixed)), ("model = \"mistral-small-2603\"\n", 0));
    let untouched = lint_in(folder.0.path(), &["--stdin", "--fix"], "no name\r\n");
    assert_eq!(out(&untouched), "no name\r\n");
}

#[test]
fn exit_codes_follow_the_findings() {
    let folder = Folder::new(&[("a.py", "m = 'mistral-small-latest'\n"), ("b.py", "model = 'mistral-small-4'\n")]);
    for (args, expected) in [
        (&["a.py"][..], 1),
        (&["a.py", "--fail-on", "error"], 0),
        (&["b.py", "--fail-on", "warning"], 0),
        (&["b.py"], 1),
        (&["--fail-on", "never"], 0),
        (&["--within", "3 months"], 2),
        (&["--severity", "no_such_rule=off"], 2),
        (&["--language", "cobol"], 2),
        (&["--exclude", "[a"], 2),
    ] {
        let found = folder.lint(args);
        assert_eq!(code(&found), expected, "{args:?}: {}", out(&found));
    }
}
