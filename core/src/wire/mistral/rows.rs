//! The results of a batch: one JSON object in each line, in any order.

use std::sync::Arc;

use super::super::Target;
use super::super::http::HttpResponse;
use super::super::status::first_line;
use super::response;
use crate::check::Policy;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Object, Value};
use crate::operation::OPERATIONS;
use crate::policy::bill::{Tariff, bill};
use crate::policy::cost::Cost;

/// How long a line may grow before it is given up.
const MAX_LINE: usize = 256 << 20;

/// The result of one request of a batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The provider's own name for it.
    pub id: Option<String>,
    /// The caller's name for it.
    pub custom_id: Option<String>,
    /// The HTTP status of the request's answer.
    pub status: Option<u16>,
    /// The answer, in the neutral form, or the error that the row stands for.
    pub outcome: Result<Value<'static>>,
    /// What the answer cost, at the price of a batch; `None` where there is no answer.
    pub cost: Option<Cost>,
}

impl BatchRow {
    /// The row as data: `{"line", "id", "custom_id", "status", "data", "cost"}`, or `error` in the place of the last two.
    pub fn to_value(&self) -> Value<'static> {
        let mut row = Object::with_capacity(6);
        row.push("line", self.line);
        row.push("id", self.id.clone());
        row.push("custom_id", self.custom_id.clone());
        row.push("status", self.status.map(u64::from));
        match &self.outcome {
            Ok(data) => row.push("data", data.clone()),
            Err(error) => row.push("error", error.to_value()),
        }
        if let Some(cost) = self.cost.as_ref().and_then(|cost| json::to_value(cost).ok()) {
            row.push("cost", cost);
        }
        Value::Object(row)
    }
}

/// Reads the results of a batch out of the bytes of its files, whatever way the bytes were cut.
///
/// ```
/// use tramontane::wire::RowReader;
/// let mut reader = RowReader::new("mistral", "/v1/embeddings")?;
/// let mut rows = Vec::new();
/// reader.push(br#"{"custom_id": "a", "response": {"status_code": 200, "body": {"data": []}}}"#, &mut rows);
/// assert!(rows.is_empty());
/// reader.end(&mut rows);
/// assert_eq!(rows[0].custom_id.as_deref(), Some("a"));
/// assert!(rows[0].outcome.is_ok());
/// # Ok::<(), tramontane::Error>(())
/// ```
pub struct RowReader {
    target: Target<'static>,
    model: Option<String>,
    policy: Arc<Policy>,
    partial: Vec<u8>,
    line: u64,
    /// The line that is under way has grown too long: the rest of it is skipped.
    too_long: bool,
}

impl RowReader {
    /// A reader for the results of requests to an endpoint, `/v1/chat/completions`.
    ///
    /// # Errors
    /// `invalid_request` for a provider that is not known, `unsupported` for one whose protocol is not spoken here.
    pub fn new(provider: &str, endpoint: &str) -> Result<RowReader> {
        let operation = OPERATIONS.iter().find(|row| row.path == endpoint && !row.streams());
        let target = Target::new(provider, operation.map_or("chat", |operation| operation.name))?;
        Ok(RowReader { target, model: None, policy: Arc::default(), partial: Vec::new(), line: 0, too_long: false })
    }

    /// Prices the rows: by the model of the job, where it names one, and by the policy's own rows and day.
    #[must_use]
    pub fn priced(mut self, model: Option<String>, policy: Arc<Policy>) -> RowReader {
        (self.model, self.policy) = (model, policy);
        self
    }

    /// The type of the answers that the rows hold, where it is known.
    pub fn answer(&self) -> &'static str {
        self.target.operation.answer
    }

    /// Takes the next bytes and appends the rows that they complete.
    pub fn push(&mut self, bytes: &[u8], rows: &mut Vec<BatchRow>) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            if self.partial.is_empty() && !self.too_long {
                self.take(line, rows);
            } else {
                self.keep(line);
                let line = std::mem::take(&mut self.partial);
                self.take(&line, rows);
            }
        }
        self.keep(rest);
    }

    /// Ends a file: a last line without its line feed counts. One that was cut is a row with an error. Another file may follow.
    pub fn end(&mut self, rows: &mut Vec<BatchRow>) {
        let line = std::mem::take(&mut self.partial);
        if !line.is_empty() || self.too_long {
            self.take(&line, rows);
        }
        self.line = 0;
    }

    /// A row that stands somewhere else than in a file.
    pub fn row(&mut self, row: &Value<'_>) -> BatchRow {
        self.line += 1;
        self.read(row)
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.partial.len() + bytes.len() > MAX_LINE {
            self.too_long = true;
            self.partial = Vec::new();
        }
        if !self.too_long {
            self.partial.extend_from_slice(bytes);
        }
    }

    fn take(&mut self, line: &[u8], rows: &mut Vec<BatchRow>) {
        self.line += 1;
        if std::mem::take(&mut self.too_long) {
            return rows.push(self.broken(&format!("has more than {MAX_LINE} bytes"), b""));
        }
        let line = match self.line {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        if line.trim_ascii().is_empty() {
            return;
        }
        rows.push(match json::parse(line) {
            Ok(row @ Value::Object(_)) => self.read(&row),
            Ok(other) => self.broken(&format!("is {}, not an object", other.kind()), line),
            Err(error) => self.broken(&format!("is broken JSON: {}", error.message()), line),
        });
    }

    fn read(&self, row: &Value<'_>) -> BatchRow {
        let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
        let response = row.get("response").filter(|response| !response.is_null());
        let status = response.and_then(|response| response.get("status_code")).and_then(Value::as_u64);
        let status = status.and_then(|status| u16::try_from(status).ok());
        let outcome = self.outcome(row, response, status);
        let cost = outcome.as_ref().ok().map(|answer| self.cost(answer));
        BatchRow { line: self.line, id: text("id"), custom_id: text("custom_id"), status, outcome, cost }
    }

    fn cost(&self, answer: &Value<'_>) -> Cost {
        let model = self.model.as_deref();
        let tariff = Tariff { model, provider: Some(self.target.provider.id), batch: true, ..Tariff::default() };
        bill(answer, tariff, &self.policy)
    }

    fn outcome(&self, row: &Value<'_>, response: Option<&Value<'_>>, status: Option<u16>) -> Result<Value<'static>> {
        if let Some(error) = row.get("error").filter(|error| !error.is_null()) {
            // An error of the batch itself: the request was not even sent.
            let text = match error {
                Value::Object(_) => error.to_string(),
                other => Value::from(other.as_str().map_or_else(|| other.to_string(), str::to_owned)).to_string(),
            };
            return Err(self.error(status.unwrap_or(500), text.as_bytes()));
        }
        let (Some(response), Some(status)) = (response, status) else {
            return Err(self.broken("has neither an answer nor an error", row.to_string().as_bytes()).outcome.unwrap_err());
        };
        // The body of an answer is an object where the request succeeded, and the text of one where it failed.
        let bytes = match response.get("body") {
            Some(Value::String(text)) => text.clone().into_owned().into_bytes(),
            Some(body) => body.to_bytes(),
            None => Vec::new(),
        };
        if !(200..300).contains(&status) {
            return Err(self.error(status, &bytes));
        }
        let reply = HttpResponse { status, headers: Vec::new(), body: &bytes, now: None };
        response::response(&self.target, &reply).map(Value::into_owned)
    }

    fn error(&self, status: u16, body: &[u8]) -> Error {
        response::error(&self.target, &HttpResponse { status, headers: Vec::new(), body, now: None })
    }

    fn broken(&self, why: &str, line: &[u8]) -> BatchRow {
        let message = format!("line {} of the results {why}", self.line);
        let text = String::from_utf8_lossy(line);
        let error = Error::new(ErrorKind::Decode, message).with_hint("the other rows can be used all the same").with(|error| {
            error.provider = Some(self.target.provider.id.to_owned());
            error.body = Some(first_line(&text, 8 << 10)).filter(|text| !text.is_empty());
        });
        BatchRow { line: self.line, id: None, custom_id: None, status: None, outcome: Err(error), cost: None }
    }
}

impl std::fmt::Debug for RowReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowReader").field("answer", &self.answer()).field("line", &self.line).finish_non_exhaustive()
    }
}
