//! Batches: many requests at half the price, answered within a day. Imports `json` and `error`.
//!
//! ```
//! use tramontane::batch::{BatchCreateRequest, BatchEndpoint, BatchItem};
//! let body = tramontane::json::parse(br#"{"messages": [{"role": "user", "content": "Which wind is it?"}]}"#)?;
//! let request = BatchCreateRequest::new(BatchEndpoint::ChatCompletions)
//!     .model("mistral-small-2603")
//!     .request(BatchItem::new("wind", body));
//! assert_eq!(request.requests.as_ref().map(Vec::len), Some(1));
//! # Ok::<(), tramontane::Error>(())
//! ```

use std::collections::BTreeMap;

use crate::error::Result;
use crate::json::{self, Object, Value, or_default};

/// The most requests that may stand in the job itself; more go into a file.
pub const MAX_REQUESTS: usize = 10_000;

/// Where the requests of a batch go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BatchEndpoint {
    /// Chats.
    #[default]
    #[serde(rename = "/v1/chat/completions")]
    ChatCompletions,
    /// Embeddings.
    #[serde(rename = "/v1/embeddings")]
    Embeddings,
    /// Code between a prompt and a suffix.
    #[serde(rename = "/v1/fim/completions")]
    FimCompletions,
    /// Moderation of texts.
    #[serde(rename = "/v1/moderations")]
    Moderations,
    /// Moderation of chats.
    #[serde(rename = "/v1/chat/moderations")]
    ChatModerations,
    /// Reading documents.
    #[serde(rename = "/v1/ocr")]
    Ocr,
    /// Classification of texts.
    #[serde(rename = "/v1/classifications")]
    Classifications,
    /// Classification of chats.
    #[serde(rename = "/v1/chat/classifications")]
    ChatClassifications,
    /// Conversations.
    #[serde(rename = "/v1/conversations")]
    Conversations,
    /// Transcription of sound.
    #[serde(rename = "/v1/audio/transcriptions")]
    AudioTranscriptions,
}

/// One request of a batch.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchItem {
    /// The caller's own name for it, under which its result comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_id: Option<String>,
    /// The request, as its endpoint takes it; the model is the job's.
    pub body: Object<'static>,
}

impl BatchItem {
    /// A request under a name. A body that is no object is an empty one.
    pub fn new(custom_id: impl Into<String>, body: Value<'static>) -> BatchItem {
        let body = match body {
            Value::Object(body) => body,
            _ => Object::default(),
        };
        BatchItem { custom_id: Some(custom_id.into()), body }
    }
}

/// A job to be made: requests that stand here, or in files that were uploaded for it.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchCreateRequest {
    /// Where the requests go.
    pub endpoint: BatchEndpoint,
    /// The ids of files with the requests, one JSON object in each line: `{"custom_id": …, "body": {…}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_files: Option<Vec<String>>,
    /// The requests themselves, at most 10 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Vec<BatchItem>>,
    /// The model of all requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: Option<String>,
    /// An agent in the place of a model; belongs to an API that is going away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The caller's own notes: keys of 1 to 32 characters, values of 1 to 512.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// After how many hours the job is given up, 1 to 168; 24 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64", range(min = 1, max = 168)))]
    pub timeout_hours: Option<u64>,
}

/// Each method sets one field and gives the request back.
impl BatchCreateRequest {
    /// A job for an endpoint.
    pub fn new(endpoint: BatchEndpoint) -> BatchCreateRequest {
        BatchCreateRequest { endpoint, ..BatchCreateRequest::default() }
    }

    /// The model of all requests.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Adds a request.
    #[must_use]
    pub fn request(mut self, request: BatchItem) -> Self {
        self.requests.get_or_insert_default().push(request);
        self
    }

    /// Adds a file of requests, by its id.
    #[must_use]
    pub fn input_file(mut self, file_id: impl Into<String>) -> Self {
        self.input_files.get_or_insert_default().push(file_id.into());
        self
    }

    /// Adds a note of the caller's own.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    /// After how many hours the job is given up.
    #[must_use]
    pub fn timeout_hours(mut self, hours: u64) -> Self {
        self.timeout_hours = Some(hours);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when a request of the batch holds what JSON does not have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

/// The order of a list of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BatchOrder {
    /// The oldest first.
    #[serde(rename = "created")]
    Created,
    /// The newest first.
    #[serde(rename = "-created")]
    Newest,
}

/// Which jobs to list.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchListRequest {
    /// Which page, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page: Option<u64>,
    /// How many jobs a page has; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page_size: Option<u64>,
    /// Only jobs of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Only jobs of this agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// Only jobs made after this moment, `2026-01-31T12:00:00Z`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_after: Option<String>,
    /// Only jobs that this key's owner made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub created_by_me: Option<bool>,
    /// Only jobs in one of these states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Vec<BatchStatus>>,
    /// The order; the newest first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "BatchOrder"))]
    pub order_by: Option<BatchOrder>,
}

/// Which job to look at.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchGetRequest {
    /// The job's id.
    pub job_id: String,
    /// Whether the results shall stand in the answer, as `outputs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline: Option<bool>,
}

impl BatchGetRequest {
    /// A request for the job of this id.
    pub fn new(job_id: impl Into<String>) -> BatchGetRequest {
        BatchGetRequest { job_id: job_id.into(), inline: None }
    }
}

macro_rules! of_a_job {
    ($($(#[doc = $doc:literal])+ $name:ident;)*) => {
        $($(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            /// The job's id.
            pub job_id: String,
        }

        impl $name {
            /// A request about the job of this id.
            pub fn new(job_id: impl Into<String>) -> $name {
                $name { job_id: job_id.into() }
            }
        })*
    };
}

of_a_job! {
    /// Which job to cancel.
    BatchCancelRequest;
    /// Which job to delete.
    BatchDeleteRequest;
}

/// The state of a job.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchStatus {
    /// It waits.
    Queued,
    /// It runs.
    Running,
    /// It is done: not that each of its requests succeeded.
    Success,
    /// It failed as a whole.
    Failed,
    /// Its time was up.
    TimeoutExceeded,
    /// It will be cancelled.
    CancellationRequested,
    /// It was cancelled; some requests may have been answered before.
    Cancelled,
    /// A state that this version does not know.
    #[serde(untagged)]
    Other(String),
}

impl BatchStatus {
    /// The states after which nothing more will happen.
    pub const FINAL: [BatchStatus; 4] =
        [BatchStatus::Success, BatchStatus::Failed, BatchStatus::TimeoutExceeded, BatchStatus::Cancelled];

    /// Whether nothing more will happen. A state that is not known may still change.
    pub fn is_final(&self) -> bool {
        BatchStatus::FINAL.contains(self)
    }
}

/// An error of a job, with how often it occurred.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchError {
    /// What went wrong.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A batch job.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchJob {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `batch`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The files with its requests.
    #[serde(default, deserialize_with = "or_default")]
    pub input_files: Vec<String>,
    /// The caller's own notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// Where its requests go.
    #[serde(default, deserialize_with = "or_default")]
    pub endpoint: String,
    /// The model of its requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The agent of its requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The file with the results of requests that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_file: Option<String>,
    /// The file with the results of requests that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_file: Option<String>,
    /// What went wrong with the job.
    #[serde(default, deserialize_with = "or_default")]
    pub errors: Vec<BatchError>,
    /// The results, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Vec<Object<'static>>>,
    /// Its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "BatchStatus", extend("x-required" = true)))]
    pub status: Option<BatchStatus>,
    /// When it was made, in Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created_at: i64,
    /// How many requests it has; 0 until it runs.
    #[serde(default, deserialize_with = "or_default")]
    pub total_requests: u64,
    /// How many of them have a result, failures included.
    #[serde(default, deserialize_with = "or_default")]
    pub completed_requests: u64,
    /// How many succeeded.
    #[serde(default, deserialize_with = "or_default")]
    pub succeeded_requests: u64,
    /// How many failed.
    #[serde(default, deserialize_with = "or_default")]
    pub failed_requests: u64,
    /// When it began, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<i64>,
    /// When it ended, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<i64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl BatchJob {
    /// Whether nothing more will happen.
    pub fn is_final(&self) -> bool {
        self.status.as_ref().is_some_and(BatchStatus::is_final)
    }
}

/// A page of jobs.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchJobList {
    /// The jobs.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Vec<BatchJob>,
    /// Always `list`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// How many jobs there are on all pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A job that was deleted.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchJobDeleted {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `batch`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// Whether it is gone.
    #[serde(default, deserialize_with = "or_default")]
    pub deleted: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
