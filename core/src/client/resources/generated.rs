// Generated from core/data/operations.toml by `make generate`. Do not edit.

//! What a client can do, by resource.

use serde::Serialize;

use super::super::{CallOptions, Client, Download, EventStream};
use super::{Answer, Items};
use crate::error::Result;

impl Client {
    /// Chats.
    pub fn chat(&self) -> Chat<'_> {
        Chat { client: self, options: CallOptions::default() }
    }

    /// Code between a prompt and a suffix. Answers and events have the form of a chat's.
    pub fn fim(&self) -> Fim<'_> {
        Fim { client: self, options: CallOptions::default() }
    }

    /// Texts to vectors.
    pub fn embeddings(&self) -> Embeddings<'_> {
        Embeddings { client: self, options: CallOptions::default() }
    }

    /// The models that the provider offers to this key. What the catalogue knows of models needs no client.
    pub fn models(&self) -> Models<'_> {
        Models { client: self, options: CallOptions::default() }
    }

    /// Completions of agents that were set up at the provider. Answers and events have the form of a chat's.
    pub fn agents(&self) -> Agents<'_> {
        Agents { client: self, options: CallOptions::default() }
    }

    /// Whether texts and conversations are fit to be shown, by category.
    pub fn moderations(&self) -> Moderations<'_> {
        Moderations { client: self, options: CallOptions::default() }
    }

    /// Labels for texts and conversations, by a classifier of the workspace.
    pub fn classifications(&self) -> Classifications<'_> {
        Classifications { client: self, options: CallOptions::default() }
    }

    /// Files at the provider: uploaded, listed, fetched, deleted.
    pub fn files(&self) -> Files<'_> {
        Files { client: self, options: CallOptions::default() }
    }

    /// Batches: many requests at half the price, answered within a day.
    pub fn batch(&self) -> Batch<'_> {
        Batch { client: self, options: CallOptions::default() }
    }

    /// Sound: written down, and spoken.
    pub fn audio(&self) -> Audio<'_> {
        Audio { client: self, options: CallOptions::default() }
    }

    /// Documents and images, read into Markdown.
    pub fn ocr(&self) -> Ocr<'_> {
        Ocr { client: self, options: CallOptions::default() }
    }

    /// Conversations that the provider keeps, with its own tools.
    pub fn conversations(&self) -> Conversations<'_> {
        Conversations { client: self, options: CallOptions::default() }
    }
}

/// Chats.
#[derive(Clone, Debug)]
pub struct Chat<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Chat<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Asks for one answer and waits for it. The request is a [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        self.client.ask("chat", request, &self.options).await
    }

    /// Asks for one answer in pieces. The request is a [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("chat_stream", request, &self.options).await
    }
}

/// Code between a prompt and a suffix. Answers and events have the form of a chat's.
#[derive(Clone, Debug)]
pub struct Fim<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Fim<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Fills in the code behind `prompt`, before `suffix`, and waits for it. The request is a [`FimRequest`](crate::fim::FimRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        self.client.ask("fim", request, &self.options).await
    }

    /// Fills in the code behind `prompt`, before `suffix`, in pieces. The request is a [`FimRequest`](crate::fim::FimRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("fim_stream", request, &self.options).await
    }
}

/// Texts to vectors.
#[derive(Clone, Debug)]
pub struct Embeddings<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Embeddings<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Turns a text, or several, into a vector each. The request is a [`EmbeddingRequest`](crate::embeddings::EmbeddingRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::embeddings::EmbeddingResponse>> {
        self.client.ask("embeddings", request, &self.options).await
    }
}

/// The models that the provider offers to this key. What the catalogue knows of models needs no client.
#[derive(Clone, Debug)]
pub struct Models<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Models<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The models that the provider offers to this key, each of their names an entry of its own.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn list(&self) -> Result<Answer<crate::models::ModelList>> {
        self.client.ask("models_list", &(), &self.options).await
    }

    /// What the provider says of one model, by any of its names. The request is a [`ModelsRetrieveRequest`](crate::models::ModelsRetrieveRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn retrieve<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::models::ModelCard>> {
        self.client.ask("models_retrieve", request, &self.options).await
    }

    /// Deletes a fine-tuned model of this workspace. The request is a [`ModelsDeleteRequest`](crate::models::ModelsDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::models::ModelDeleted>> {
        self.client.ask("models_delete", request, &self.options).await
    }
}

/// Completions of agents that were set up at the provider. Answers and events have the form of a chat's.
#[derive(Clone, Debug)]
pub struct Agents<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Agents<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Asks an agent for one answer and waits for it. The request is a [`AgentsRequest`](crate::agents::AgentsRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        self.client.ask("agents", request, &self.options).await
    }

    /// Asks an agent for one answer in pieces. The request is a [`AgentsRequest`](crate::agents::AgentsRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("agents_stream", request, &self.options).await
    }
}

/// Whether texts and conversations are fit to be shown, by category.
#[derive(Clone, Debug)]
pub struct Moderations<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Moderations<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Judges one text or several. The request is a [`ModerationRequest`](crate::classifiers::ModerationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ModerationResponse>> {
        self.client.ask("moderation", request, &self.options).await
    }

    /// Judges the last message of a conversation, or of several, in the light of those before it. The request is a [`ChatModerationRequest`](crate::classifiers::ChatModerationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn chat<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ModerationResponse>> {
        self.client.ask("moderation_chat", request, &self.options).await
    }
}

/// Labels for texts and conversations, by a classifier of the workspace.
#[derive(Clone, Debug)]
pub struct Classifications<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Classifications<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Classifies one text or several. The request is a [`ClassificationRequest`](crate::classifiers::ClassificationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ClassificationResponse>> {
        self.client.ask("classification", request, &self.options).await
    }

    /// Classifies one conversation or several. The request is a [`ChatClassificationRequest`](crate::classifiers::ChatClassificationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn chat<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ClassificationResponse>> {
        self.client.ask("classification_chat", request, &self.options).await
    }
}

/// Files at the provider: uploaded, listed, fetched, deleted.
#[derive(Clone, Debug)]
pub struct Files<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Files<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Uploads a file: 512 MB at most. The request is a [`FilesUploadRequest`](crate::files::FilesUploadRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn upload<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileObject>> {
        self.client.ask("files_upload", request, &self.options).await
    }

    /// A page of the workspace's files. The request is a [`FilesListRequest`](crate::files::FilesListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileList>> {
        self.client.ask("files_list", request, &self.options).await
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::files::FileList> {
        Items::new(self.client, "files_list", request, &self.options)
    }

    /// What the provider says of a file. The request is a [`FilesRetrieveRequest`](crate::files::FilesRetrieveRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn retrieve<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileObject>> {
        self.client.ask("files_retrieve", request, &self.options).await
    }

    /// Deletes a file. The request is a [`FilesDeleteRequest`](crate::files::FilesDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileDeleted>> {
        self.client.ask("files_delete", request, &self.options).await
    }

    /// Fetches the content of a file, piece by piece. The request is a [`FilesDownloadRequest`](crate::files::FilesDownloadRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn download<R: Serialize + ?Sized>(&self, request: &R) -> Result<Download> {
        self.client.ask_file("files_download", request, &self.options).await
    }

    /// A link under which the content of a file can be fetched without a key, for some hours. The request is a [`FilesSignedUrlRequest`](crate::files::FilesSignedUrlRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn signed_url<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileSignedUrl>> {
        self.client.ask("files_signed_url", request, &self.options).await
    }
}

/// Batches: many requests at half the price, answered within a day.
#[derive(Clone, Debug)]
pub struct Batch<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Batch<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Makes a job of requests that stand in it, or in files that were uploaded for it. The request is a [`BatchCreateRequest`](crate::batch::BatchCreateRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        self.client.ask("batch_create", request, &self.options).await
    }

    /// A page of the workspace's jobs. The request is a [`BatchListRequest`](crate::batch::BatchListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJobList>> {
        self.client.ask("batch_list", request, &self.options).await
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::batch::BatchJobList> {
        Items::new(self.client, "batch_list", request, &self.options)
    }

    /// How far a job has got. The request is a [`BatchGetRequest`](crate::batch::BatchGetRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn get<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        self.client.ask("batch_get", request, &self.options).await
    }

    /// Cancels a job; requests that were answered before keep their results. The request is a [`BatchCancelRequest`](crate::batch::BatchCancelRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn cancel<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        self.client.ask("batch_cancel", request, &self.options).await
    }

    /// Deletes a job. The request is a [`BatchDeleteRequest`](crate::batch::BatchDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJobDeleted>> {
        self.client.ask("batch_delete", request, &self.options).await
    }
}

/// Sound: written down, and spoken.
#[derive(Clone, Debug)]
pub struct Audio<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Audio<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sound to text.
    pub fn transcriptions(&self) -> AudioTranscriptions<'c> {
        AudioTranscriptions { client: self.client, options: self.options.clone() }
    }

    /// Text to sound.
    pub fn speech(&self) -> AudioSpeech<'c> {
        AudioSpeech { client: self.client, options: self.options.clone() }
    }
}

/// Sound to text.
#[derive(Clone, Debug)]
pub struct AudioTranscriptions<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> AudioTranscriptions<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Writes down what is said in a recording: a file, a URL, or the id of a file that was uploaded before. The request is a [`TranscriptionRequest`](crate::audio::TranscriptionRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::audio::Transcription>> {
        self.client.ask("audio_transcription", request, &self.options).await
    }

    /// Writes down what is said in a recording, in pieces. The request is a [`TranscriptionRequest`](crate::audio::TranscriptionRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("audio_transcription_stream", request, &self.options).await
    }
}

/// Text to sound.
#[derive(Clone, Debug)]
pub struct AudioSpeech<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> AudioSpeech<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Speaks a text. The request is a [`SpeechRequest`](crate::audio::SpeechRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::audio::Speech>> {
        self.client.ask("audio_speech", request, &self.options).await
    }

    /// Speaks a text, in pieces. The request is a [`SpeechRequest`](crate::audio::SpeechRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("audio_speech_stream", request, &self.options).await
    }
}

/// Documents and images, read into Markdown.
#[derive(Clone, Debug)]
pub struct Ocr<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Ocr<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Reads a document, page by page. The request is a [`OcrRequest`](crate::ocr::OcrRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn process<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::ocr::OcrResponse>> {
        self.client.ask("ocr", request, &self.options).await
    }
}

/// Conversations that the provider keeps, with its own tools.
#[derive(Clone, Debug)]
pub struct Conversations<'c> {
    pub(super) client: &'c Client,
    pub(super) options: CallOptions,
}

impl<'c> Conversations<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Begins a conversation, and waits for the answer. The request is a [`ConversationStartRequest`](crate::conversations::ConversationStartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn start<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationResponse>> {
        self.client.ask("conversations_start", request, &self.options).await
    }

    /// Begins a conversation, and answers in pieces. The request is a [`ConversationStartRequest`](crate::conversations::ConversationStartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn start_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("conversations_start_stream", request, &self.options).await
    }

    /// Adds to a conversation, and waits for the answer. The request is a [`ConversationAppendRequest`](crate::conversations::ConversationAppendRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn append<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationResponse>> {
        self.client.ask("conversations_append", request, &self.options).await
    }

    /// Adds to a conversation, and answers in pieces. The request is a [`ConversationAppendRequest`](crate::conversations::ConversationAppendRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn append_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("conversations_append_stream", request, &self.options).await
    }

    /// Begins a conversation anew from one of its entries, and waits for the answer. The request is a [`ConversationRestartRequest`](crate::conversations::ConversationRestartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn restart<R: Serialize + ?Sized>(
        &self,
        request: &R,
    ) -> Result<Answer<crate::conversations::ConversationResponse>> {
        self.client.ask("conversations_restart", request, &self.options).await
    }

    /// Begins a conversation anew from one of its entries, and answers in pieces. The request is a [`ConversationRestartRequest`](crate::conversations::ConversationRestartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn restart_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        self.client.ask_stream("conversations_restart_stream", request, &self.options).await
    }

    /// A page of the workspace's conversations, by the time they were begun. The request is a [`ConversationListRequest`](crate::conversations::ConversationListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationList>> {
        self.client.ask("conversations_list", request, &self.options).await
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::conversations::ConversationList> {
        Items::new(self.client, "conversations_list", request, &self.options)
    }

    /// What the provider says of a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn get<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::Conversation>> {
        self.client.ask("conversations_get", request, &self.options).await
    }

    /// All entries of a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn history<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationHistory>> {
        self.client.ask("conversations_history", request, &self.options).await
    }

    /// The messages of a conversation, without calls and results. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn messages<R: Serialize + ?Sized>(
        &self,
        request: &R,
    ) -> Result<Answer<crate::conversations::ConversationMessages>> {
        self.client.ask("conversations_messages", request, &self.options).await
    }

    /// Deletes a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<()>> {
        self.client.ask("conversations_delete", request, &self.options).await
    }
}
