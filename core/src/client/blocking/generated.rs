// Generated from core/data/operations.toml by `make generate`. Do not edit.

//! What a blocking client can do, by resource.

use serde::Serialize;

use super::super::resources::Answer;
use super::super::{CallOptions, resources};
use super::{Client, Download, EventStream, Items, block_on};
use crate::error::Result;

impl Client {
    /// Chats.
    pub fn chat(&self) -> Chat<'_> {
        Chat(self.inner.chat())
    }

    /// Code between a prompt and a suffix. Answers and events have the form of a chat's.
    pub fn fim(&self) -> Fim<'_> {
        Fim(self.inner.fim())
    }

    /// Texts to vectors.
    pub fn embeddings(&self) -> Embeddings<'_> {
        Embeddings(self.inner.embeddings())
    }

    /// The models that the provider offers to this key. What the catalogue knows of models needs no client.
    pub fn models(&self) -> Models<'_> {
        Models(self.inner.models())
    }

    /// Completions of agents that were set up at the provider. Answers and events have the form of a chat's.
    pub fn agents(&self) -> Agents<'_> {
        Agents(self.inner.agents())
    }

    /// Whether texts and conversations are fit to be shown, by category.
    pub fn moderations(&self) -> Moderations<'_> {
        Moderations(self.inner.moderations())
    }

    /// Labels for texts and conversations, by a classifier of the workspace.
    pub fn classifications(&self) -> Classifications<'_> {
        Classifications(self.inner.classifications())
    }

    /// Files at the provider: uploaded, listed, fetched, deleted.
    pub fn files(&self) -> Files<'_> {
        Files(self.inner.files())
    }

    /// Batches: many requests at half the price, answered within a day.
    pub fn batch(&self) -> Batch<'_> {
        Batch(self.inner.batch())
    }

    /// Sound: written down, and spoken.
    pub fn audio(&self) -> Audio<'_> {
        Audio(self.inner.audio())
    }

    /// Documents and images, read into Markdown.
    pub fn ocr(&self) -> Ocr<'_> {
        Ocr(self.inner.ocr())
    }

    /// Conversations that the provider keeps, with its own tools.
    pub fn conversations(&self) -> Conversations<'_> {
        Conversations(self.inner.conversations())
    }
}

/// Chats.
#[derive(Clone, Debug)]
pub struct Chat<'c>(pub(super) resources::Chat<'c>);

impl<'c> Chat<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Chat(self.0.with(options))
    }

    /// Asks for one answer and waits for it. The request is a [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Chat::complete`].
    pub fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        block_on(self.0.complete(request))
    }

    /// Asks for one answer in pieces. The request is a [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Chat::stream`].
    pub fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.stream(request)).map(EventStream::new)
    }
}

/// Code between a prompt and a suffix. Answers and events have the form of a chat's.
#[derive(Clone, Debug)]
pub struct Fim<'c>(pub(super) resources::Fim<'c>);

impl<'c> Fim<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Fim(self.0.with(options))
    }

    /// Fills in the code behind `prompt`, before `suffix`, and waits for it. The request is a [`FimRequest`](crate::fim::FimRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Fim::complete`].
    pub fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        block_on(self.0.complete(request))
    }

    /// Fills in the code behind `prompt`, before `suffix`, in pieces. The request is a [`FimRequest`](crate::fim::FimRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Fim::stream`].
    pub fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.stream(request)).map(EventStream::new)
    }
}

/// Texts to vectors.
#[derive(Clone, Debug)]
pub struct Embeddings<'c>(pub(super) resources::Embeddings<'c>);

impl<'c> Embeddings<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Embeddings(self.0.with(options))
    }

    /// Turns a text, or several, into a vector each. The request is a [`EmbeddingRequest`](crate::embeddings::EmbeddingRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Embeddings::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::embeddings::EmbeddingResponse>> {
        block_on(self.0.create(request))
    }
}

/// The models that the provider offers to this key. What the catalogue knows of models needs no client.
#[derive(Clone, Debug)]
pub struct Models<'c>(pub(super) resources::Models<'c>);

impl<'c> Models<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Models(self.0.with(options))
    }

    /// The models that the provider offers to this key, each of their names an entry of its own.
    ///
    /// # Errors
    /// As [`resources::Models::list`].
    pub fn list(&self) -> Result<Answer<crate::models::ModelList>> {
        block_on(self.0.list())
    }

    /// What the provider says of one model, by any of its names. The request is a [`ModelsRetrieveRequest`](crate::models::ModelsRetrieveRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Models::retrieve`].
    pub fn retrieve<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::models::ModelCard>> {
        block_on(self.0.retrieve(request))
    }

    /// Deletes a fine-tuned model of this workspace. The request is a [`ModelsDeleteRequest`](crate::models::ModelsDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Models::delete`].
    pub fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::models::ModelDeleted>> {
        block_on(self.0.delete(request))
    }
}

/// Completions of agents that were set up at the provider. Answers and events have the form of a chat's.
#[derive(Clone, Debug)]
pub struct Agents<'c>(pub(super) resources::Agents<'c>);

impl<'c> Agents<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Agents(self.0.with(options))
    }

    /// Asks an agent for one answer and waits for it. The request is a [`AgentsRequest`](crate::agents::AgentsRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Agents::complete`].
    pub fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::chat::ChatCompletion>> {
        block_on(self.0.complete(request))
    }

    /// Asks an agent for one answer in pieces. The request is a [`AgentsRequest`](crate::agents::AgentsRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Agents::stream`].
    pub fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.stream(request)).map(EventStream::new)
    }
}

/// Whether texts and conversations are fit to be shown, by category.
#[derive(Clone, Debug)]
pub struct Moderations<'c>(pub(super) resources::Moderations<'c>);

impl<'c> Moderations<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Moderations(self.0.with(options))
    }

    /// Judges one text or several. The request is a [`ModerationRequest`](crate::classifiers::ModerationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Moderations::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ModerationResponse>> {
        block_on(self.0.create(request))
    }

    /// Judges the last message of a conversation, or of several, in the light of those before it. The request is a [`ChatModerationRequest`](crate::classifiers::ChatModerationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Moderations::chat`].
    pub fn chat<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ModerationResponse>> {
        block_on(self.0.chat(request))
    }
}

/// Labels for texts and conversations, by a classifier of the workspace.
#[derive(Clone, Debug)]
pub struct Classifications<'c>(pub(super) resources::Classifications<'c>);

impl<'c> Classifications<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Classifications(self.0.with(options))
    }

    /// Classifies one text or several. The request is a [`ClassificationRequest`](crate::classifiers::ClassificationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Classifications::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ClassificationResponse>> {
        block_on(self.0.create(request))
    }

    /// Classifies one conversation or several. The request is a [`ChatClassificationRequest`](crate::classifiers::ChatClassificationRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Classifications::chat`].
    pub fn chat<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::classifiers::ClassificationResponse>> {
        block_on(self.0.chat(request))
    }
}

/// Files at the provider: uploaded, listed, fetched, deleted.
#[derive(Clone, Debug)]
pub struct Files<'c>(pub(super) resources::Files<'c>);

impl<'c> Files<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Files(self.0.with(options))
    }

    /// Uploads a file: 512 MB at most. The request is a [`FilesUploadRequest`](crate::files::FilesUploadRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::upload`].
    pub fn upload<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileObject>> {
        block_on(self.0.upload(request))
    }

    /// A page of the workspace's files. The request is a [`FilesListRequest`](crate::files::FilesListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::list`].
    pub fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileList>> {
        block_on(self.0.list(request))
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::files::FileList> {
        Items::new(self.0.list_all(request))
    }

    /// What the provider says of a file. The request is a [`FilesRetrieveRequest`](crate::files::FilesRetrieveRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::retrieve`].
    pub fn retrieve<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileObject>> {
        block_on(self.0.retrieve(request))
    }

    /// Deletes a file. The request is a [`FilesDeleteRequest`](crate::files::FilesDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::delete`].
    pub fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileDeleted>> {
        block_on(self.0.delete(request))
    }

    /// Fetches the content of a file, piece by piece. The request is a [`FilesDownloadRequest`](crate::files::FilesDownloadRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::download`].
    pub fn download<R: Serialize + ?Sized>(&self, request: &R) -> Result<Download> {
        block_on(self.0.download(request)).map(Download::new)
    }

    /// A link under which the content of a file can be fetched without a key, for some hours. The request is a [`FilesSignedUrlRequest`](crate::files::FilesSignedUrlRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Files::signed_url`].
    pub fn signed_url<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::files::FileSignedUrl>> {
        block_on(self.0.signed_url(request))
    }
}

/// Batches: many requests at half the price, answered within a day.
#[derive(Clone, Debug)]
pub struct Batch<'c>(pub(super) resources::Batch<'c>);

impl<'c> Batch<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Batch(self.0.with(options))
    }

    /// Makes a job of requests that stand in it, or in files that were uploaded for it. The request is a [`BatchCreateRequest`](crate::batch::BatchCreateRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Batch::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        block_on(self.0.create(request))
    }

    /// A page of the workspace's jobs. The request is a [`BatchListRequest`](crate::batch::BatchListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Batch::list`].
    pub fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJobList>> {
        block_on(self.0.list(request))
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::batch::BatchJobList> {
        Items::new(self.0.list_all(request))
    }

    /// How far a job has got. The request is a [`BatchGetRequest`](crate::batch::BatchGetRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Batch::get`].
    pub fn get<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        block_on(self.0.get(request))
    }

    /// Cancels a job; requests that were answered before keep their results. The request is a [`BatchCancelRequest`](crate::batch::BatchCancelRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Batch::cancel`].
    pub fn cancel<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJob>> {
        block_on(self.0.cancel(request))
    }

    /// Deletes a job. The request is a [`BatchDeleteRequest`](crate::batch::BatchDeleteRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Batch::delete`].
    pub fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::batch::BatchJobDeleted>> {
        block_on(self.0.delete(request))
    }
}

/// Sound: written down, and spoken.
#[derive(Clone, Debug)]
pub struct Audio<'c>(pub(super) resources::Audio<'c>);

impl<'c> Audio<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Audio(self.0.with(options))
    }

    /// Sound to text.
    pub fn transcriptions(&self) -> AudioTranscriptions<'c> {
        AudioTranscriptions(self.0.transcriptions())
    }

    /// Text to sound.
    pub fn speech(&self) -> AudioSpeech<'c> {
        AudioSpeech(self.0.speech())
    }
}

/// Sound to text.
#[derive(Clone, Debug)]
pub struct AudioTranscriptions<'c>(pub(super) resources::AudioTranscriptions<'c>);

impl<'c> AudioTranscriptions<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        AudioTranscriptions(self.0.with(options))
    }

    /// Writes down what is said in a recording: a file, a URL, or the id of a file that was uploaded before. The request is a [`TranscriptionRequest`](crate::audio::TranscriptionRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::AudioTranscriptions::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::audio::Transcription>> {
        block_on(self.0.create(request))
    }

    /// Writes down what is said in a recording, in pieces. The request is a [`TranscriptionRequest`](crate::audio::TranscriptionRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::AudioTranscriptions::stream`].
    pub fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.stream(request)).map(EventStream::new)
    }
}

/// Text to sound.
#[derive(Clone, Debug)]
pub struct AudioSpeech<'c>(pub(super) resources::AudioSpeech<'c>);

impl<'c> AudioSpeech<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        AudioSpeech(self.0.with(options))
    }

    /// Speaks a text. The request is a [`SpeechRequest`](crate::audio::SpeechRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::AudioSpeech::create`].
    pub fn create<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::audio::Speech>> {
        block_on(self.0.create(request))
    }

    /// Speaks a text, in pieces. The request is a [`SpeechRequest`](crate::audio::SpeechRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::AudioSpeech::stream`].
    pub fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.stream(request)).map(EventStream::new)
    }
}

/// Documents and images, read into Markdown.
#[derive(Clone, Debug)]
pub struct Ocr<'c>(pub(super) resources::Ocr<'c>);

impl<'c> Ocr<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Ocr(self.0.with(options))
    }

    /// Reads a document, page by page. The request is a [`OcrRequest`](crate::ocr::OcrRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Ocr::process`].
    pub fn process<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::ocr::OcrResponse>> {
        block_on(self.0.process(request))
    }
}

/// Conversations that the provider keeps, with its own tools.
#[derive(Clone, Debug)]
pub struct Conversations<'c>(pub(super) resources::Conversations<'c>);

impl<'c> Conversations<'c> {
    /// The same, with other options.
    #[must_use]
    pub fn with(self, options: CallOptions) -> Self {
        Conversations(self.0.with(options))
    }

    /// Begins a conversation, and waits for the answer. The request is a [`ConversationStartRequest`](crate::conversations::ConversationStartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::start`].
    pub fn start<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationResponse>> {
        block_on(self.0.start(request))
    }

    /// Begins a conversation, and answers in pieces. The request is a [`ConversationStartRequest`](crate::conversations::ConversationStartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::start_stream`].
    pub fn start_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.start_stream(request)).map(EventStream::new)
    }

    /// Adds to a conversation, and waits for the answer. The request is a [`ConversationAppendRequest`](crate::conversations::ConversationAppendRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::append`].
    pub fn append<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationResponse>> {
        block_on(self.0.append(request))
    }

    /// Adds to a conversation, and answers in pieces. The request is a [`ConversationAppendRequest`](crate::conversations::ConversationAppendRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::append_stream`].
    pub fn append_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.append_stream(request)).map(EventStream::new)
    }

    /// Begins a conversation anew from one of its entries, and waits for the answer. The request is a [`ConversationRestartRequest`](crate::conversations::ConversationRestartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::restart`].
    pub fn restart<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationResponse>> {
        block_on(self.0.restart(request))
    }

    /// Begins a conversation anew from one of its entries, and answers in pieces. The request is a [`ConversationRestartRequest`](crate::conversations::ConversationRestartRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::restart_stream`].
    pub fn restart_stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        block_on(self.0.restart_stream(request)).map(EventStream::new)
    }

    /// A page of the workspace's conversations, by the time they were begun. The request is a [`ConversationListRequest`](crate::conversations::ConversationListRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::list`].
    pub fn list<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationList>> {
        block_on(self.0.list(request))
    }

    /// Everything on all pages of [`Self::list`], fetched while it is gone through: a request for each page.
    pub fn list_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::conversations::ConversationList> {
        Items::new(self.0.list_all(request))
    }

    /// What the provider says of a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::get`].
    pub fn get<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::Conversation>> {
        block_on(self.0.get(request))
    }

    /// All entries of a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::history`].
    pub fn history<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationHistory>> {
        block_on(self.0.history(request))
    }

    /// The messages of a conversation, without calls and results. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::messages`].
    pub fn messages<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<crate::conversations::ConversationMessages>> {
        block_on(self.0.messages(request))
    }

    /// Deletes a conversation. The request is a [`ConversationIdRequest`](crate::conversations::ConversationIdRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`resources::Conversations::delete`].
    pub fn delete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Answer<()>> {
        block_on(self.0.delete(request))
    }
}
