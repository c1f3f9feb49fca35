//! Files on their way here: whole, broken off, saved.

use std::path::PathBuf;
use std::time::Duration;

use tramontane::ErrorKind;
use tramontane::batch::BatchJob;
use tramontane::client::{BatchWait, Timeouts};
use tramontane::files::FilesDownloadRequest;

use crate::server::{Server, Step, answer};
use crate::{client, growth, shown};

fn file(length: usize, sent: usize) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {length}\r\nmistral-correlation-id: id-7\r\n\r\n"
    );
    [head.as_bytes(), &vec![b'x'; sent]].concat()
}

fn request() -> FilesDownloadRequest {
    FilesDownloadRequest::new("a b")
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tramontane-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn names(&self) -> Vec<String> {
        std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_file_comes_in_chunks_and_is_saved_whole() {
    let server = Server::always(file(3_000_000, 3_000_000)).await;
    let (builder, _) = client(&server.url);
    let client = builder.build().unwrap();
    let mut download = client.files().download(&request()).await.unwrap();
    assert_eq!((download.length(), download.meta().http.request_id.as_deref()), (Some(3_000_000), Some("id-7")));
    let mut chunks = 0;
    while download.chunk().await.unwrap().is_some() {
        chunks += 1;
    }
    assert!(chunks > 1 && download.received() == 3_000_000, "{chunks}");
    let folder = Folder::new("whole");
    let path = folder.0.join("copy");
    std::fs::write(&path, "before").unwrap();
    let saved = client.files().download(&request()).await.unwrap().save(&path).await.unwrap();
    assert_eq!((saved, std::fs::read(&path).unwrap().len(), folder.names()), (3_000_000, 3_000_000, vec!["copy".to_owned()]));
    assert!(server.seen()[0].head.starts_with("GET /v1/files/a%20b/content HTTP/1.1"));
    assert_eq!(server.seen()[0].header("accept"), Some("application/octet-stream"));
}

#[test]
fn memory_stays_flat_while_a_large_file_comes() {
    crate::alone("downloads::a_large_file_comes");
}

#[tokio::test]
#[ignore = "started alone by the test above: it measures the memory of its process"]
async fn a_large_file_comes() {
    const LARGE: usize = 256 << 20;
    let piece = vec![b'x'; 1 << 20];
    let large = || vec![Step::Send(file(LARGE, 0)), Step::Repeat(piece.clone(), LARGE >> 20)];
    let server = Server::start(vec![vec![Step::Send(file(3_000_000, 3_000_000))], large(), large()]).await;
    let client = client(&server.url).0.build().unwrap();
    client.files().download(&request()).await.unwrap().bytes().await.unwrap();

    let mut download = client.files().download(&request()).await.unwrap();
    let read = async {
        let mut bytes = 0;
        while let Some(chunk) = download.chunk().await.unwrap() {
            bytes += chunk.len();
        }
        bytes
    };
    let (bytes, read) = growth(read).await;
    let folder = Folder::new("large");
    let mut download = client.files().download(&request()).await.unwrap();
    let (written, saved) = growth(download.save(folder.0.join("copy"))).await;
    assert_eq!((bytes, written.unwrap()), (LARGE, LARGE as u64));
    for (how, growth) in [("read", read), ("saved", saved)] {
        if let Some(growth) = growth {
            println!("256 MB were {how}; memory grew by {} kB", growth >> 10);
            assert!(growth < 24 << 20, "{how}: memory grew by {growth} bytes");
        }
    }
}

#[tokio::test]
async fn a_download_that_breaks_leaves_what_was_there() {
    let server = Server::start(vec![vec![Step::Send(file(3_000_000, 2_000_000)), Step::Close]]).await;
    let (builder, _) = client(&server.url);
    let client = builder.build().unwrap();
    let folder = Folder::new("broken");
    let path = folder.0.join("copy");
    std::fs::write(&path, "before").unwrap();
    let mut download = client.files().download(&request()).await.unwrap();
    let error = download.save(&path).await.unwrap_err();
    assert_eq!((error.kind(), error.request_id.as_deref()), (ErrorKind::Connection, Some("id-7")), "{}", shown(&error));
    assert_eq!((std::fs::read_to_string(&path).unwrap(), folder.names()), ("before".to_owned(), vec!["copy".to_owned()]));
    assert_eq!(download.chunk().await.unwrap_err().to_string(), error.to_string(), "an error stays");
}

#[tokio::test]
async fn a_silence_ends_a_download_and_an_error_is_an_error() {
    let server = Server::start(vec![vec![Step::Send(file(100, 50)), Step::Hang]]).await;
    let (builder, _) = client(&server.url);
    let client = builder.timeouts(Timeouts { idle: Duration::from_millis(50), ..Timeouts::default() }).build().unwrap();
    let mut download = client.files().download(&request()).await.unwrap();
    let error = download.bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    server.closed(1).await;

    let server = Server::start(vec![
        vec![Step::Send(answer(503, &[], "{}"))],
        vec![Step::Send(answer(404, &[], r#"{"detail":"No file"}"#))],
    ])
    .await;
    let (builder, _) = crate::client(&server.url);
    let error = builder.build().unwrap().files().download(&request()).await.unwrap_err();
    assert_eq!((error.kind(), error.message(), server.seen().len()), (ErrorKind::NotFound, "No file", 2));
}

#[tokio::test]
async fn a_job_is_waited_for_and_its_rows_are_told_apart() {
    let job = |status: &str, done: u32| {
        let text = format!(
            r#"{{"id":"j","object":"batch","endpoint":"/v1/chat/completions","input_files":[],"errors":[],"status":"{status}","created_at":1,"total_requests":3,"completed_requests":{done},"succeeded_requests":1,"failed_requests":1,"output_file":"out","error_file":"err"}}"#
        );
        vec![Step::Send(answer(200, &[], &text))]
    };
    let good = r#"{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{"index":0,"finish_reason":"model_length","message":{"role":"assistant","content":"Comté"}}]}},"error":null}"#;
    let bad = r#"{"custom_id":"b","response":{"status_code":429,"body":"{\"message\":\"Rate limit exceeded\",\"code\":\"1300\"}"},"error":null}"#;
    let server = Server::start(vec![
        job("QUEUED", 0),
        job("RUNNING", 1),
        job("SUCCESS", 2),
        vec![Step::Send(answer(200, &[], &format!("{good}\n\n{{\"cut")))],
        vec![Step::Send(answer(200, &[], &format!("{bad}\n")))],
    ])
    .await;
    let (builder, clock) = client(&server.url);
    let client = builder.build().unwrap();
    let mut seen = Vec::new();
    let wait = BatchWait::default();
    let done = client.batch().wait("j", &wait, |job: &BatchJob| seen.push(job.completed_requests)).await.unwrap();
    assert_eq!((seen, clock.waits()), (vec![0, 1, 2], vec![Duration::from_secs(2), Duration::from_secs(3)]));
    let mut results = client.batch().results(&done).await.unwrap();
    let mut rows = Vec::new();
    while let Some(row) = results.next().await.unwrap() {
        rows.push((row.custom_id, row.line, row.outcome.map(|data| data.to_string()).map_err(|error| error.to_string())));
    }
    let said: Vec<String> = rows.iter().map(|(id, line, outcome)| format!("{id:?} {line} {outcome:?}")).collect();
    assert!(said[0].starts_with(r#"Some("a") 1 Ok("#) && said[0].contains("native_finish_reason"), "{}", said[0]);
    assert!(said[1].starts_with(r#"None 3 Err("line 3 of the results is broken JSON"#), "{}", said[1]);
    assert!(said[2].starts_with(r#"Some("b") 1 Err("Rate limit exceeded"#), "{}", said[2]);
    assert!(said[2].contains("[mistral, 429, code 1300]") && said.len() == 3, "{}", said[2]);
}
