//! What can be asked of a provider, as a table: `data/operations.toml`, in Rust. Imports the generated table only.
//!
//! ```
//! use tramontane::operation::Operation;
//! let chat = Operation::named("chat_stream").unwrap();
//! assert_eq!((chat.resource, chat.method, chat.path), ("chat", "stream", "/v1/chat/completions"));
//! ```

pub use crate::generated::operations::OPERATIONS;
use crate::packed::Cells;

/// One thing that a client can ask of a provider.
#[derive(Debug)]
pub struct Operation {
    /// Its name, as data: `"operation": "chat"`.
    pub name: &'static str,
    /// The place of its method in every client: `chat` in `client.chat`; dots nest.
    pub resource: &'static str,
    /// The name of its method; in camel case in JavaScript.
    pub method: &'static str,
    /// The HTTP method.
    pub http: &'static str,
    /// The path below the base URL; `{model}` stands for a field of the request.
    pub path: &'static str,
    /// The type of the request; empty when it has no fields.
    pub request: &'static str,
    /// The fields of the request that go into the query string.
    pub query: &'static [&'static str],
    /// What becomes of the fields that go neither into the path nor into the query string.
    pub body: BodyForm,
    /// The type of the answer; empty when it has none.
    pub answer: &'static str,
    /// What an answer must have to be one.
    pub proof: Proof,
    /// The kind of its events, when the answer is a stream.
    pub stream: Option<StreamKind>,
    /// What OpenTelemetry calls it; its own name where OpenTelemetry has none.
    pub telemetry: &'static str,
    /// The member of an answer, at any depth, that is a vector.
    pub vectors: Option<&'static str>,
    /// What it does, in a sentence.
    pub doc: &'static str,
}

/// What becomes of the fields that go neither into the path nor into the query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// There may be none.
    None,
    /// They are the members of a JSON object.
    Json,
    /// They are the fields of a form: of one with parts where a file is among them.
    Form,
    /// The request says itself what is sent, and where: its fields are `method`, `path`, `query` and `body`.
    Any,
}

impl BodyForm {
    fn read(word: &str) -> BodyForm {
        match word {
            "json" => BodyForm::Json,
            "form" => BodyForm::Form,
            "any" => BodyForm::Any,
            _ => BodyForm::None,
        }
    }
}

/// What an answer must have to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Any object will do.
    Object,
    /// An object with this member.
    Member(&'static str),
    /// An object with this member, which is an array.
    ListIn(&'static str),
    /// The answer is an array.
    List,
    /// The answer may be empty.
    Empty,
    /// The answer is a file, of whatever kind.
    File,
    /// Whatever comes is an answer.
    Anything,
}

impl Proof {
    fn read(word: &'static str) -> Proof {
        match word {
            "" => Proof::Object,
            "<file>" => Proof::File,
            "<empty>" => Proof::Empty,
            "<anything>" => Proof::Anything,
            "[]" => Proof::List,
            member => member.strip_suffix("[]").map_or(Proof::Member(member), Proof::ListIn),
        }
    }
}

/// The kind of a stream's events: how they are read, and what they amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// Chunks of a chat's answer.
    Chat,
    /// Named events of a conversation's answer.
    Conversation,
    /// What is said in a recording.
    Transcription,
    /// Sound.
    Speech,
}

impl StreamKind {
    fn read(word: &str) -> Option<StreamKind> {
        match word {
            "chat" => Some(StreamKind::Chat),
            "conversation" => Some(StreamKind::Conversation),
            "transcription" => Some(StreamKind::Transcription),
            "speech" => Some(StreamKind::Speech),
            _ => None,
        }
    }
}

impl Operation {
    /// The operation of a name.
    pub fn named(name: &str) -> Option<&'static Operation> {
        OPERATIONS.named(name)
    }

    /// The operation that an HTTP method and a path below the base URL ask for; the whole one where there is a stream too.
    pub fn at(http: &str, path: &str) -> Option<&'static Operation> {
        let path = path.split('?').next().unwrap_or_default();
        let fits = |row: &Operation| {
            let mut given = path.trim_matches('/').split('/');
            let mut wanted = row.path.trim_matches('/').split('/');
            let same = wanted
                .by_ref()
                .all(|part| given.next().is_some_and(|given| given == part || (part.starts_with('{') && !given.is_empty())));
            same && given.next().is_none() && row.http == http && row.body != BodyForm::Any
        };
        OPERATIONS.iter().find(|row| fits(row) && !row.streams())
    }

    /// Reads a line of `generated/operations.tsv`.
    pub(crate) fn read(row: &mut Cells) -> Operation {
        Operation {
            name: row.text(),
            resource: row.text(),
            method: row.text(),
            http: row.text(),
            path: row.text(),
            request: row.text(),
            query: row.words(),
            body: BodyForm::read(row.text()),
            answer: row.text(),
            proof: Proof::read(row.text()),
            stream: StreamKind::read(row.text()),
            telemetry: row.text(),
            vectors: row.optional(),
            doc: row.text(),
        }
    }

    /// Whether the answer is a stream.
    pub fn streams(&self) -> bool {
        self.stream.is_some()
    }

    /// Whether the request's `model` is one that works for the caller. A model in the URL is what is asked about: its name
    /// goes out as it is.
    pub fn uses_model(&self) -> bool {
        // Few paths have a field in them; searching for text in the others takes longer than all the rest of this.
        let in_path = crate::within::contains(self.path, "{model}");
        !in_path && !self.query.contains(&"model")
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Operation) -> bool {
        self.name == other.name
    }
}

impl Eq for Operation {}
