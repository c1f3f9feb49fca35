//! The resources of the Rust clients against the sandbox: each test runs with the client that waits and with the one that blocks.

use tramontane::audio::{SpeechRequest, TranscriptionRequest};
use tramontane::batch::{BatchCancelRequest, BatchCreateRequest, BatchDeleteRequest, BatchEndpoint, BatchItem, BatchListRequest};
use tramontane::chat::ChatRequest;
use tramontane::client::{BatchWait, CallOptions, Client, FileSource};
use tramontane::conversations::{
    ConversationAppendRequest, ConversationEntry, ConversationIdRequest, ConversationListRequest, ConversationRestartRequest,
    ConversationStartRequest,
};
use tramontane::files::{
    FilePurpose, FilesDeleteRequest, FilesDownloadRequest, FilesListRequest, FilesRetrieveRequest, FilesSignedUrlRequest,
    FilesUploadRequest,
};
use tramontane::json::{Value, parse, to_value};
use tramontane::ocr::{OcrDocument, OcrRequest};
use tramontane::wire::{BuildRequest, build};
use tramontane::{Error, ErrorKind};
use tramontane_testkit::{Sandbox, SandboxOptions};

const MODEL: &str = "mistral-small-2603";
const SOUND: &str = "voxtral-mini-2602";

fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(SandboxOptions::default()).expect("a sandbox");
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.url()).build().expect("a client");
    (sandbox, client)
}

fn kind<T>(outcome: Result<T, Error>) -> ErrorKind {
    outcome.err().expect("an error").kind()
}

/// A wait that looks often: the sandbox is done soon.
fn soon() -> BatchWait {
    let mut wait = BatchWait::default();
    wait.first = std::time::Duration::from_millis(1);
    wait
}

/// What an edge function hands on.
fn built(request: &ChatRequest, operation: &'static str) -> Value<'static> {
    let mut request = request.to_value().expect("a request");
    request.as_object_mut().expect("an object").set("operation", operation);
    to_value(&build(BuildRequest { request, provider: None, policy: Default::default() }).expect("built")).expect("data")
}

/// The tests. `go!` waits for what a call gives, where it gives a future.
macro_rules! resources {
    () => {
        scenario! { fn files(client) {
            let upload = FilesUploadRequest::default().purpose(FilePurpose::Batch);
            let rows = b"{\"custom_id\":\"a\",\"body\":{}}\n";
            let mut ids = Vec::new();
            for name in ["one.jsonl", "two.jsonl", "three.jsonl"] {
                let source = FileSource::bytes(name, rows.to_vec());
                let file = go!(client.files().file(source).upload(&upload)).unwrap();
                assert_eq!((file.filename.as_str(), file.bytes), (name, Some(rows.len() as u64)));
                ids.push(file.id.clone());
            }
            let mut request = FilesListRequest::default();
            request.page_size = Some(2);
            let mut list = client.files().list_all(&request);
            let mut listed = Vec::new();
            while let Some(file) = go!(list.next()) {
                listed.push(file.unwrap().id);
            }
            listed.sort();
            let mut expected = ids.clone();
            expected.sort();
            assert_eq!(listed, expected);
            assert_eq!(go!(client.files().retrieve(&FilesRetrieveRequest::new(&ids[0]))).unwrap().id, ids[0]);
            assert!(go!(client.files().signed_url(&FilesSignedUrlRequest::new(&ids[0]))).unwrap().url.starts_with("http"));
            let mut download = go!(client.files().download(&FilesDownloadRequest::new(&ids[0]))).unwrap();
            assert_eq!(go!(download.bytes()).unwrap(), rows.as_slice());
            assert!(go!(client.files().delete(&FilesDeleteRequest::new(&ids[0]))).unwrap().deleted);
            let gone = go!(client.files().download(&FilesDownloadRequest::new(&ids[0])));
            assert_eq!(kind(gone), ErrorKind::NotFound);
        } }

        scenario! { fn batches(client) {
            let body = |text: &str| {
                let text = format!(r#"{{"messages":[{{"role":"user","content":"{text}"}}],"max_tokens":20}}"#);
                parse(text.as_bytes()).unwrap().into_owned()
            };
            let create = BatchCreateRequest::new(BatchEndpoint::ChatCompletions).model(MODEL);
            let create = create.request(BatchItem::new("a", body("Hi"))).request(BatchItem::new("b", body("Ho")));
            let job = go!(client.batch().create(&create)).unwrap();
            let mut looks = 0;
            let done = go!(client.batch().wait(&job.id, &soon(), |_| looks += 1)).unwrap();
            assert!(looks > 1 && done.succeeded_requests == 2, "{looks} looks, {done:?}");
            let mut results = go!(client.batch().results(&done)).unwrap();
            let mut names = Vec::new();
            while let Some(row) = row!(results) {
                names.push((row.custom_id.unwrap(), row.outcome.is_ok()));
            }
            names.sort();
            assert_eq!(names, [("a".to_owned(), true), ("b".to_owned(), true)]);
            let mut jobs = client.batch().list_all(&BatchListRequest::default());
            assert_eq!(go!(jobs.next()).unwrap().unwrap().id, job.id);
            assert!(go!(jobs.next()).is_none());
            let other = go!(client.batch().create(&create)).unwrap();
            let cancelled = go!(client.batch().cancel(&BatchCancelRequest::new(&other.id))).unwrap();
            assert!(format!("{:?}", cancelled.status).to_lowercase().contains("cancel"), "{cancelled:?}");
            assert!(go!(client.batch().delete(&BatchDeleteRequest::new(&job.id))).unwrap().deleted);
        } }

        scenario! { fn conversations(client) {
            let talks = client.conversations();
            let start = ConversationStartRequest::new(MODEL, "Which wind?").instructions("Be short.");
            let begun = go!(talks.start(&start)).unwrap();
            assert!(begun.text().contains("Which wind?"), "{begun:?}");
            let used = begun.usage().unwrap();
            assert!(used.prompt_tokens > 0 && used.completion_tokens > 0 && begun.cost().amount.is_some_and(|amount| amount > 0), "{used:?} {:?}", begun.cost());
            let id = begun.conversation_id.clone();
            let more = go!(talks.append(&ConversationAppendRequest::new(&id, "And the other?"))).unwrap();
            assert_eq!((more.conversation_id.as_str(), more.text().contains("And the other?")), (id.as_str(), true));

            let one = ConversationIdRequest::new(&id);
            assert_eq!(go!(talks.get(&one)).unwrap().model.as_deref(), Some(MODEL));
            let history = go!(talks.history(&one)).unwrap();
            assert_eq!((history.entries.len(), go!(talks.messages(&one)).unwrap().messages.len()), (4, 4));
            let ConversationEntry::MessageOutput { id: Some(entry), .. } = &history.entries[1] else { panic!("{history:?}") };
            let again = ConversationRestartRequest::new(&id, entry).inputs("Or so?");
            let other = go!(talks.restart(&again)).unwrap();
            assert!(other.conversation_id != id && other.text().contains("Or so?"), "{other:?}");

            let mut stream = go!(talks.append_stream(&ConversationAppendRequest::new(&id, "In pieces?"))).unwrap();
            let mut text = String::new();
            while let Some(event) = go!(stream.next()) {
                text += event.unwrap().text();
            }
            assert!(text.contains("In pieces?"), "{text}");
            assert_eq!(go!(stream.finish()).unwrap().kind, "ConversationResponse");
            let mut stream = go!(talks.start_stream(&start)).unwrap();
            assert!(go!(stream.finish()).unwrap().data.to_string().contains("Which wind?"));
            let mut stream = go!(talks.restart_stream(&again)).unwrap();
            assert!(go!(stream.finish()).unwrap().data.to_string().contains("Or so?"));

            let mut all = talks.list_all(&ConversationListRequest::default());
            let mut found = 0;
            while let Some(conversation) = go!(all.next()) {
                conversation.unwrap();
                found += 1;
            }
            assert_eq!(found, 4);
            go!(talks.delete(&one)).unwrap();
            assert_eq!(kind(go!(talks.get(&one))), ErrorKind::NotFound);
        } }

        scenario! { fn documents(client) {
            let request = OcrRequest::new("mistral-ocr-2512", OcrDocument::url("https://example.com/report.pdf")).pages("0,2");
            let read = go!(client.ocr().process(&request)).unwrap();
            let pages: Vec<u32> = read.pages.iter().map(|page| page.index).collect();
            assert_eq!((pages, read.usage_info.pages_processed), (vec![0, 2], 2));
            let cost = read.cost();
            assert_eq!((cost.lines.len(), cost.lines[0].quantity, cost.reason), (1, 2, None));
            assert!(read.markdown().contains("https://example.com/report.pdf"), "{}", read.markdown());
            let none = go!(client.ocr().process(&OcrRequest::new("mistral-ocr-2512", OcrDocument::url("ftp://x"))));
            assert_eq!(kind(none), ErrorKind::InvalidRequest);
        } }

        scenario! { fn sound(client) {
            let audio = client.audio();
            let sounds = || FileSource::bytes("wind.mp3", vec![7; 3000]);
            let request = TranscriptionRequest::new(SOUND).language("fr");
            let heard = go!(audio.transcriptions().file(sounds()).create(&request)).unwrap();
            assert!(heard.text.contains("3000 bytes of wind.mp3"), "{}", heard.text);
            let mut stream = go!(audio.transcriptions().file(sounds()).stream(&request)).unwrap();
            let mut text = String::new();
            while let Some(event) = go!(stream.next()) {
                text += event.unwrap().text();
            }
            assert!(text.contains("wind.mp3"), "{text}");
            assert_eq!(go!(stream.finish()).unwrap().kind, "Transcription");
            let linked = TranscriptionRequest::new(SOUND).file_url("https://example.com/a.mp3");
            assert!(go!(audio.transcriptions().create(&linked)).unwrap().text.contains("https://example.com/a.mp3"));

            let say = SpeechRequest::new("voxtral-mini-tts-2603", "Good wind!").voice("a-voice");
            let spoken = go!(audio.speech().create(&say)).unwrap().audio().unwrap();
            let mut stream = go!(audio.speech().stream(&say)).unwrap();
            let whole = go!(stream.finish()).unwrap();
            assert!(!spoken.is_empty() && whole.kind == "Speech", "{whole:?}");
        } }

        scenario! { fn relayed(client) {
            let request = ChatRequest::new(MODEL).user("Hello");
            let Sent::Reply(reply) = go!(client.send(built(&request, "chat"), &CallOptions::default())).unwrap() else {
                panic!("no reply")
            };
            assert!(reply.data.to_string().contains("Hello"));
            let sent = go!(client.send(built(&request, "chat_stream"), &CallOptions::default())).unwrap();
            let Sent::Stream(mut stream) = sent else { panic!("no stream") };
            assert!(go!(stream.completion()).unwrap().text().contains("Hello"));
        } }
    };
}

mod with_async_code {
    use tramontane::client::Sent;

    use super::*;

    macro_rules! go {
        ($outcome:expr) => {
            $outcome.await
        };
    }

    macro_rules! row {
        ($results:expr) => {
            $results.next().await.unwrap()
        };
    }

    macro_rules! scenario {
        (fn $name:ident($client:ident) $body:block) => {
            #[tokio::test]
            async fn $name() {
                let (_sandbox, $client) = sandbox();
                $body
            }
        };
    }

    resources!();
}

mod without_async_code {
    use tramontane::client::blocking::{self, Sent};

    use super::*;

    macro_rules! go {
        ($outcome:expr) => {
            $outcome
        };
    }

    macro_rules! row {
        ($results:expr) => {
            $results.next().transpose().unwrap()
        };
    }

    macro_rules! scenario {
        (fn $name:ident($client:ident) $body:block) => {
            #[test]
            fn $name() {
                let (_sandbox, client) = sandbox();
                let $client = blocking::Client::from(client);
                $body
            }
        };
    }

    resources!();
}
