//! Finds the model names in source code and configuration that are retired, deprecated, floating or unknown.
//!
//! [`lint_text`] reads one text; a [`Linter`] is made once and reads many. Pure: the command line walks the files. May name
//! the catalogue and the words below it.

mod finding;
mod fix;
mod ignore;
mod judge;
mod language;
mod lexer;
mod markdown;
mod names;
mod notebook;
mod place;
mod query;

#[cfg(test)]
mod tests;

pub use finding::LintFinding;
pub use fix::apply;
pub use language::Language;
pub use query::LintQuery;

use crate::catalogue::row::Label;
use crate::catalogue::{Catalogue, Resolver};
use crate::date::Date;
use crate::error::Result;
use crate::finding::Severities;
use crate::generated::models::AS_OF;

use finding::Lines;
use judge::Hit;
use lexer::Lexer;
use names::Needles;
use place::Place;

/// Everything that is wrong with the model names of one text, in the order of the text.
///
/// ```
/// use tramontane::lint::{LintQuery, lint_text};
/// let text = r#"client.chat.complete(model="mistral-small-2402")"#;
/// let findings = lint_text(LintQuery { text: text.into(), language: Some("python".into()), ..LintQuery::default() })?;
/// assert_eq!(findings[0].rule, "retired_model");
/// assert_eq!(findings[0].fix.as_deref(), Some("mistral-small-2603"));
/// assert_eq!(&text[findings[0].start..findings[0].end], "mistral-small-2402");
/// # Ok::<(), tramontane::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` for a language, rule or severity that there is not, and for an unfit overlay.
pub fn lint_text(query: LintQuery) -> Result<Vec<LintFinding>> {
    let language = query.language()?;
    Ok(Linter::new(&query)?.lint(query.text.as_bytes(), language))
}

/// Reads many texts with one set of options.
#[derive(Debug)]
pub struct Linter {
    catalogue: Catalogue,
    needles: Needles,
    severities: Severities,
    ignored: Vec<String>,
    on: Date,
    within: i64,
    prose: bool,
    strict: bool,
}

impl Linter {
    /// A linter with the options of a query; its text and language are not looked at.
    ///
    /// # Errors
    /// As for [`lint_text`].
    pub fn new(query: &LintQuery) -> Result<Linter> {
        let catalogue = Catalogue::over(query.overlay.as_ref())?;
        Ok(Linter {
            needles: Needles::new(&catalogue)?,
            catalogue,
            severities: Severities::parse(&query.severities)?,
            ignored: query.ignore.clone(),
            on: query.on.unwrap_or(AS_OF),
            // More days than a century has are as good as a century.
            within: i64::try_from(query.within_days.unwrap_or_default().min(36_525)).unwrap_or_default(),
            prose: query.comments,
            strict: query.strict,
        })
    }

    /// Everything that is wrong with the names of one text. Bytes that are not UTF-8 are read around.
    pub fn lint(&self, text: &[u8], language: Language) -> Vec<LintFinding> {
        let hits = self.hits(text, language, 0);
        let mut lines = Lines::new(text);
        let mut findings: Vec<LintFinding> = Vec::new();
        for hit in hits {
            findings.extend(self.judge(text, &hit, &mut lines));
        }
        findings
    }

    /// The names of a text that count, in its order. `depth` counts texts within texts.
    fn hits(&self, text: &[u8], language: Language, depth: usize) -> Vec<Hit> {
        let resolver = Resolver::new(&self.catalogue, self.on);
        match language {
            _ if depth > 4 => Vec::new(),
            Language::Notebook => notebook::hits(self, text, depth),
            Language::Markdown => markdown::hits(self, text, depth),
            _ => self.code_hits(text, language, &resolver),
        }
    }

    fn code_hits(&self, text: &[u8], language: Language, resolver: &Resolver<'_>) -> Vec<Hit> {
        let tokens = self.needles.tokens(text, resolver);
        if tokens.is_empty() {
            return Vec::new();
        }
        let syntax = language.syntax();
        let mut regions = Lexer::new(text, syntax).peekable();
        let mut hits = Vec::new();
        for token in tokens {
            while regions.next_if(|region| region.end <= token.span.start).is_some() {}
            let region = regions.peek().filter(|region| region.start <= token.span.start);
            let begins = region.map_or(token.span.start, |region| region.start);
            let replaceable = match place::place(text, &token.span, region, syntax) {
                Place::Value { replaceable } => replaceable,
                Place::Prose if self.prose && token.known => true,
                Place::Prose | Place::Other => continue,
            };
            if !self.is_meant(text, &token, begins, resolver) {
                continue;
            }
            hits.push(Hit { token, replaceable });
        }
        ignore::drop_ignored(text, syntax, &mut hits, self);
        hits
    }

    /// Whether a word is meant as a model of the API. A name that the API lists is. Of an unknown one the context must say
    /// so, and it must be nearly a known name, or whose model it is must stand there: other services have models of such
    /// names that no catalogue of Mistral's holds. So have they of the names that only articles print.
    fn is_meant(&self, text: &[u8], token: &names::Token, begins: usize, resolver: &Resolver<'_>) -> bool {
        let provider = token.provider.map(|(provider, _)| provider);
        if provider.is_some() {
            return true;
        }
        let name = String::from_utf8_lossy(&text[token.bare()]);
        if token.known && self.catalogue.find(&name).is_none_or(|(_, label)| label != Label::Documented) {
            return true;
        }
        let inner = place::context(text, token.span.start);
        let outer = place::context(text, begins);
        let model = inner.model || outer.model;
        let mistral = inner.mistral || outer.mistral;
        if token.known {
            return model || mistral;
        }
        model && (mistral || !resolver.resolve(&name, provider).did_you_mean.is_empty())
    }
}
