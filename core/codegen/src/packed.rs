//! Tables as text, as `core/src/packed.rs` reads them: a row for each line, its cells separated by tabs.

use toml::value::Datetime;

/// One row.
#[derive(Default)]
pub(crate) struct Row(Vec<String>);

impl Row {
    /// A cell with any text.
    pub(crate) fn text(mut self, cell: impl AsRef<str>) -> Row {
        self.0.push(cell.as_ref().to_owned());
        self
    }

    /// A cell that may be empty.
    pub(crate) fn optional(self, cell: Option<impl ToString>) -> Row {
        self.text(cell.map(|cell| cell.to_string()).unwrap_or_default())
    }

    /// A cell that is empty when it is not so.
    pub(crate) fn flag(self, flag: bool) -> Row {
        self.text(if flag { "y" } else { "" })
    }

    /// A day, which may be unknown.
    pub(crate) fn day(self, day: Option<&Datetime>) -> Row {
        self.optional(day)
    }

    /// Words.
    pub(crate) fn words<S: AsRef<str>>(self, words: &[S]) -> Row {
        self.text(words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("|"))
    }

    /// Pairs.
    pub(crate) fn pairs<'p>(self, pairs: impl IntoIterator<Item = (&'p String, &'p String)>) -> Row {
        self.words(&pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>())
    }

    /// The line. Empty cells at its end are left out: they are read as empty anyway.
    fn line(&self) -> Result<String, String> {
        match self.0.iter().find(|cell| cell.contains(['\t', '\n', '\r'])) {
            Some(cell) => Err(format!("a table cannot hold this, for it has a tab or a line's end: {cell:?}")),
            None => Ok(self.0.join("\t").trim_end_matches('\t').to_owned() + "\n"),
        }
    }
}

/// The text of a table.
///
/// # Errors
/// The cell that cannot be written.
pub(crate) fn table(rows: impl IntoIterator<Item = Row>) -> Result<String, String> {
    rows.into_iter().map(|row| row.line()).collect()
}

/// A static for a table that is searched by the first cells of its rows, by which it is sorted; `text` is the expression for it.
pub(crate) fn declare_sorted(name: &str, doc: &str, row: &str, text: &str) -> String {
    format!("/// {doc}\npub static {name}: Sorted<{row}> = Sorted::new({text}, {row}::read);\n\n")
}

/// A static for a table whose rows are kept.
pub(crate) fn declare(name: &str, doc: &str, row: &str, file: &str) -> String {
    format!(
        "/// {doc}\npub static {name}: Table<{row}> = Table::new(include_str!(\"{file}\"), \"\", |row, _| {row}::read(row));\n\n"
    )
}

/// A static for a table whose rows are kept, and for what is told besides: to the whole, and to the small part.
pub(crate) fn declare_two(name: &str, doc: &str, row: &str, file: &str, small: Option<&str>) -> String {
    let small = small.map(|small| format!(", \"{small}\"")).unwrap_or_default();
    let tables = format!("include_str!(\"{file}.tsv\"), whole!(\"{file}_told.tsv\"{small})");
    format!("/// {doc}\npub static {name}: Table<{row}> = Table::new({tables}, {row}::read);\n\n")
}
