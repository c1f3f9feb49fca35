//! The languages that are read, each as a row: how it writes comments, strings and bare values.

/// A language, or a family of languages that write comments and strings alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript, TypeScript, JSX and TSX.
    JavaScript,
    /// Rust.
    Rust,
    /// Go.
    Go,
    /// Java, Groovy and Scala.
    Java,
    /// Kotlin.
    Kotlin,
    /// C#.
    CSharp,
    /// C, C++, Swift and Dart.
    C,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// The shells.
    Shell,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON, with or without comments.
    Json,
    /// `.env`, `.properties` and `.ini` files.
    Env,
    /// A Dockerfile.
    Dockerfile,
    /// Terraform and HCL.
    Terraform,
    /// A Jupyter notebook: the code of its cells.
    Notebook,
    /// Markdown: its fenced code and its code spans.
    Markdown,
    /// Anything else: strings, and what stands behind `model`.
    Text,
}

use Language::{
    C, CSharp, Dockerfile, Env, Go, Java, JavaScript, Json, Kotlin, Markdown, Notebook, Php, Python, Ruby, Rust, Shell,
    Terraform, Text, Toml, Yaml,
};

/// Name of each language, and every other word for it: names of fences, endings of files.
const WORDS: &[(Language, &[&str])] = &[
    (Python, &["python", "py", "pyi", "pyw", "python3", "py3", "ipython", "bzl", "starlark"]),
    (JavaScript, &["javascript", "js", "mjs", "cjs", "jsx", "typescript", "ts", "mts", "cts", "tsx", "node"]),
    (Rust, &["rust", "rs"]),
    (Go, &["go", "golang"]),
    (Java, &["java", "groovy", "gradle", "scala", "sc"]),
    (Kotlin, &["kotlin", "kt", "kts"]),
    (CSharp, &["csharp", "cs", "c#", "csx"]),
    (C, &["c", "h", "cc", "cpp", "c++", "cxx", "hpp", "hh", "swift", "dart", "objc", "m", "mm"]),
    (Ruby, &["ruby", "rb", "rake", "gemspec"]),
    (Php, &["php", "phtml"]),
    (Shell, &["shell", "sh", "bash", "zsh", "fish", "ksh", "console", "shellsession"]),
    (Yaml, &["yaml", "yml"]),
    (Toml, &["toml"]),
    (Json, &["json", "jsonc", "json5", "jsonl", "ndjson", "webmanifest"]),
    (Env, &["env", "dotenv", "properties", "ini", "cfg", "conf"]),
    (Dockerfile, &["dockerfile", "docker", "containerfile"]),
    (Terraform, &["terraform", "tf", "tfvars", "hcl", "nomad"]),
    (Notebook, &["notebook", "ipynb", "jupyter"]),
    (Markdown, &["markdown", "md", "mdx", "mdown"]),
    (Text, &["text", "txt", "plain"]),
];

/// Files that have no ending, or whose ending does not say what they are.
const FILES: &[(&str, Language)] = &[
    ("dockerfile", Dockerfile),
    ("containerfile", Dockerfile),
    ("jenkinsfile", Java),
    ("gemfile", Ruby),
    ("rakefile", Ruby),
    (".bashrc", Shell),
    (".bash_profile", Shell),
    (".profile", Shell),
    (".zshrc", Shell),
    (".envrc", Shell),
    ("procfile", Shell),
    ("makefile", Shell),
    ("pipfile", Toml),
    ("poetry.lock", Toml),
];

impl Language {
    /// Every language.
    pub fn all() -> impl Iterator<Item = Language> {
        WORDS.iter().map(|(language, _)| *language)
    }

    /// Its name, as data.
    pub fn name(self) -> &'static str {
        WORDS.iter().find(|(language, _)| *language == self).map_or("text", |(_, words)| words[0])
    }

    /// The language that a word names, in any case: `python`, `py`, `.py`.
    ///
    /// ```
    /// use tramontane::lint::Language;
    /// assert_eq!(Language::from_name("TSX"), Some(Language::JavaScript));
    /// assert_eq!(Language::from_name("cobol"), None);
    /// ```
    pub fn from_name(word: &str) -> Option<Language> {
        let word = word.strip_prefix('.').unwrap_or(word).to_ascii_lowercase();
        WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(language, _)| *language)
    }

    /// The language of a file, by its name; `None` for a file that is not read.
    ///
    /// ```
    /// use tramontane::lint::Language;
    /// assert_eq!(Language::from_file_name("app.test.ts"), Some(Language::JavaScript));
    /// assert_eq!(Language::from_file_name(".env.production"), Some(Language::Env));
    /// assert_eq!(Language::from_file_name("photo.png"), None);
    /// ```
    pub fn from_file_name(name: &str) -> Option<Language> {
        let name = name.to_ascii_lowercase();
        if let Some((_, language)) = FILES.iter().find(|(file, _)| *file == name) {
            return Some(*language);
        }
        let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
        if first.is_empty() && rest.split('.').next() == Some("env") {
            return Some(Env);
        }
        if matches!(first, "dockerfile" | "containerfile") {
            return Some(Dockerfile);
        }
        let (_, ending) = name.rsplit_once('.')?;
        // The words of a fence that no file ends in would only surprise here; plain text is nobody's code.
        Language::from_name(ending).filter(|language| *language != Text)
    }

    pub(super) fn syntax(self) -> &'static Syntax {
        match self {
            Python => &PYTHON,
            JavaScript => &JAVASCRIPT,
            Rust => &RUST,
            Go => &GO,
            Java => &JAVA,
            Kotlin => &KOTLIN,
            CSharp => &CSHARP,
            C => &C_FAMILY,
            Ruby => &RUBY,
            Php => &PHP,
            Shell => &SHELL,
            Yaml => &YAML,
            Toml => &TOML,
            Json | Notebook => &JSON,
            Env => &ENV,
            Dockerfile => &DOCKERFILE,
            Terraform => &TERRAFORM,
            Markdown | Text => &TEXT,
        }
    }
}

/// Where a `#` begins a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Never,
    Anywhere,
    /// At the beginning of a line or behind white space.
    AfterSpace,
    /// First on its line.
    FirstOnLine,
}

/// What protects a quote inside a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    Backslash,
    Doubled,
}

/// A kind of string.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escape: Escape,
    /// May go over several lines. One that may not ends with its line, so that a stray apostrophe costs one line.
    pub(super) multiline: bool,
}

/// How text that goes on to a line with a word of its own choice begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heredoc {
    Never,
    /// `<<WORD`, `<<-WORD`, `<<~WORD`, with or without quotes around the word.
    Two,
    /// `<<<WORD`.
    Three,
}

/// How values stand without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// Not at all.
    Never,
    /// As a YAML scalar.
    Scalar,
    /// As a word of a command.
    Word,
    /// As everything behind `=`.
    Rest,
    /// Only where `model` stands before them.
    AfterModel,
}

/// How a language writes comments, strings and bare values.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) hash: Hash,
    /// What begins a comment up to the end of its line, besides `#`.
    pub(super) line: &'static [&'static str],
    /// What begins and ends a comment, and whether they nest.
    pub(super) block: Option<(&'static str, &'static str, bool)>,
    /// Longest opening first.
    pub(super) quotes: &'static [Quote],
    /// A quote opens a string only where a value may begin.
    pub(super) quotes_at_values: bool,
    /// A string that is a statement is documentation.
    pub(super) docstrings: bool,
    /// `/…/` may be a regular expression, and `` ` `` a template.
    pub(super) scripts: bool,
    /// `r#"…"#` and lifetimes.
    pub(super) rust: bool,
    /// Code stands between `<?php` and `?>`.
    pub(super) php: bool,
    /// `|` and `>` begin indented text.
    pub(super) yaml: bool,
    pub(super) heredoc: Heredoc,
    pub(super) bare: Bare,
}

const fn quote(open: &'static str, close: &'static str, escape: Escape, multiline: bool) -> Quote {
    Quote { open, close, escape, multiline }
}

const DOUBLE: Quote = quote("\"", "\"", Escape::Backslash, false);
const SINGLE: Quote = quote("'", "'", Escape::Backslash, false);
const DOUBLE_OVER_LINES: Quote = quote("\"", "\"", Escape::Backslash, true);
const SINGLE_OVER_LINES: Quote = quote("'", "'", Escape::Backslash, true);
const TRIPLE: Quote = quote("\"\"\"", "\"\"\"", Escape::Backslash, true);
const TRIPLE_RAW: Quote = quote("\"\"\"", "\"\"\"", Escape::None, true);
const SLASHES: &[&str] = &["//"];
const STARS: Option<(&str, &str, bool)> = Some(("/*", "*/", false));

const PLAIN: Syntax = Syntax {
    hash: Hash::Never,
    line: &[],
    block: None,
    quotes: &[DOUBLE, SINGLE],
    quotes_at_values: false,
    docstrings: false,
    scripts: false,
    rust: false,
    php: false,
    yaml: false,
    heredoc: Heredoc::Never,
    bare: Bare::Never,
};

static PYTHON: Syntax = Syntax {
    hash: Hash::Anywhere,
    quotes: &[TRIPLE, quote("'''", "'''", Escape::Backslash, true), DOUBLE, SINGLE],
    docstrings: true,
    ..PLAIN
};
static JAVASCRIPT: Syntax = Syntax { line: SLASHES, block: STARS, scripts: true, ..PLAIN };
static RUST: Syntax =
    Syntax { line: SLASHES, block: Some(("/*", "*/", true)), quotes: &[DOUBLE_OVER_LINES], rust: true, ..PLAIN };
static GO: Syntax =
    Syntax { line: SLASHES, block: STARS, quotes: &[DOUBLE, SINGLE, quote("`", "`", Escape::None, true)], ..PLAIN };
static JAVA: Syntax = Syntax { line: SLASHES, block: STARS, quotes: &[TRIPLE, DOUBLE, SINGLE], ..PLAIN };
static KOTLIN: Syntax = Syntax { line: SLASHES, block: Some(("/*", "*/", true)), quotes: &[TRIPLE_RAW, DOUBLE, SINGLE], ..PLAIN };
static CSHARP: Syntax = Syntax {
    line: SLASHES,
    block: STARS,
    quotes: &[
        quote("$@\"", "\"", Escape::Doubled, true),
        quote("@$\"", "\"", Escape::Doubled, true),
        TRIPLE_RAW,
        quote("@\"", "\"", Escape::Doubled, true),
        DOUBLE,
        SINGLE,
    ],
    ..PLAIN
};
static C_FAMILY: Syntax = Syntax { line: SLASHES, block: STARS, quotes: &[TRIPLE, DOUBLE, SINGLE], ..PLAIN };
static RUBY: Syntax = Syntax {
    hash: Hash::AfterSpace,
    block: Some(("\n=begin", "\n=end", false)),
    quotes: &[DOUBLE_OVER_LINES, SINGLE_OVER_LINES, quote("`", "`", Escape::Backslash, true)],
    heredoc: Heredoc::Two,
    bare: Bare::Word,
    ..PLAIN
};
static PHP: Syntax = Syntax {
    hash: Hash::AfterSpace,
    line: SLASHES,
    block: STARS,
    quotes: &[DOUBLE_OVER_LINES, SINGLE_OVER_LINES],
    php: true,
    heredoc: Heredoc::Three,
    ..PLAIN
};
static SHELL: Syntax = Syntax {
    hash: Hash::AfterSpace,
    quotes: &[DOUBLE_OVER_LINES, quote("'", "'", Escape::None, true)],
    heredoc: Heredoc::Two,
    bare: Bare::Word,
    ..PLAIN
};
static YAML: Syntax = Syntax {
    hash: Hash::AfterSpace,
    quotes: &[DOUBLE_OVER_LINES, quote("'", "'", Escape::Doubled, true)],
    quotes_at_values: true,
    yaml: true,
    bare: Bare::Scalar,
    ..PLAIN
};
static TOML: Syntax = Syntax {
    hash: Hash::Anywhere,
    quotes: &[TRIPLE, quote("'''", "'''", Escape::None, true), DOUBLE, quote("'", "'", Escape::None, false)],
    ..PLAIN
};
static JSON: Syntax = Syntax { line: SLASHES, block: STARS, ..PLAIN };
static ENV: Syntax = Syntax { hash: Hash::AfterSpace, line: &["\n;"], quotes_at_values: true, bare: Bare::Rest, ..PLAIN };
static DOCKERFILE: Syntax = Syntax { hash: Hash::FirstOnLine, bare: Bare::Word, heredoc: Heredoc::Two, ..PLAIN };
static TERRAFORM: Syntax =
    Syntax { hash: Hash::Anywhere, line: SLASHES, block: STARS, quotes: &[DOUBLE], heredoc: Heredoc::Two, ..PLAIN };
static TEXT: Syntax = Syntax { bare: Bare::AfterModel, ..PLAIN };
