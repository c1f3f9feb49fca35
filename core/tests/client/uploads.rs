//! Files on their way to a server that counts what comes, and breaks off where a test wants.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tramontane::ErrorKind;
use tramontane::client::{Client, FileSource};
use tramontane::files::{FilePurpose, FilesUploadRequest};

use crate::server::PATIENCE;
use crate::{KEY, Still, growth};

const ANSWER: &str = r#"{"id":"file-1","object":"file","bytes":1,"created_at":1,"filename":"f","purpose":"ocr","sample_type":"ocr_input","source":"upload"}"#;

/// What the server does with one request.
#[derive(Clone, Copy)]
enum Deed {
    /// Reads it all and answers with this status.
    Answer(u16),
    /// Resets the connection after so many bytes of the body.
    Reset(u64),
    /// Reads until the client closes.
    Endless,
}

#[derive(Default)]
struct Seen {
    /// The heads of the requests, in lower case.
    heads: Mutex<Vec<String>>,
    /// The bytes of all bodies.
    bytes: AtomicU64,
    /// The last body, when it is small.
    body: Mutex<Vec<u8>>,
    closed: tokio::sync::Notify,
}

/// A server that works through deeds, one for each request; the last one is done for all further ones.
async fn server(deeds: Vec<Deed>) -> (Client, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (shared, deeds) = (Arc::clone(&shared), deeds.clone());
            tokio::spawn(async move {
                let _ = serve(stream, &deeds, &shared).await;
                shared.closed.notify_one();
            });
        }
    });
    let client = Client::builder().api_key(KEY).base_url(&url).clock(Arc::new(Still::default())).build().unwrap();
    (client, seen)
}

async fn serve(mut stream: TcpStream, deeds: &[Deed], seen: &Seen) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None if stream.read_buf(&mut buffer).await? == 0 => return Ok(()),
                None => {}
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length: u64 = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(u64::MAX);
        let deed = {
            let mut heads = seen.heads.lock().unwrap();
            heads.push(head);
            deeds[(heads.len() - 1).min(deeds.len() - 1)]
        };
        let mut body: Vec<u8> = buffer.split_off(end);
        buffer.clear();
        let mut read = body.len() as u64;
        let stop = match deed {
            Deed::Answer(_) => length,
            Deed::Reset(at) => at,
            Deed::Endless => 0,
        };
        let mut piece = vec![0; 64 << 10];
        while read < stop && !(length == u64::MAX && body.ends_with(b"0\r\n\r\n")) {
            let count = stream.read(&mut piece).await?;
            if count == 0 {
                return Ok(());
            }
            read += count as u64;
            if body.len() < 1 << 20 {
                body.extend_from_slice(&piece[..count]);
            }
        }
        seen.bytes.fetch_add(read, Ordering::Relaxed);
        *seen.body.lock().unwrap() = body;
        match deed {
            Deed::Answer(status) => {
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", ANSWER.len());
                stream.write_all(format!("{head}{ANSWER}").as_bytes()).await?;
            }
            Deed::Reset(_) => {
                stream.set_zero_linger()?;
                return Ok(());
            }
            Deed::Endless => {
                while stream.read(&mut piece).await? > 0 {}
                return Ok(());
            }
        }
    }
}

fn upload() -> FilesUploadRequest {
    FilesUploadRequest::default().purpose(FilePurpose::Ocr)
}

/// A file that goes with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Scratch {
        let path = std::env::temp_dir().join(format!("tramontane-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_form_goes_out_with_its_length_and_its_parts() {
    let (client, seen) = server(vec![Deed::Answer(200)]).await;
    let file = FileSource::bytes("a \"b\".pdf", &b"%PDF-1.7"[..]);
    let reply = client.files().file(file).upload(&upload().expiry(24)).await.unwrap();
    assert_eq!(reply.id, "file-1");
    let head = seen.heads.lock().unwrap()[0].clone();
    let boundary = head.split("boundary=").nth(1).unwrap().lines().next().unwrap().to_owned();
    let body = String::from_utf8(seen.body.lock().unwrap().clone()).unwrap();
    let part = |rest: &str| format!("--{boundary}\r\ncontent-disposition: form-data; {rest}\r\n");
    let file = part("name=\"file\"; filename=\"a %22b%22.pdf\"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7");
    assert_eq!(
        body,
        format!("{}{}{file}--{boundary}--\r\n", part("name=\"purpose\"\r\n\r\nocr"), part("name=\"expiry\"\r\n\r\n24"))
    );
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
}

#[tokio::test]
async fn what_can_be_read_again_is_sent_again() {
    let bytes: Vec<u8> = (0..600_000_u32).map(|at| at as u8).collect();
    let path = Scratch::new("again", &bytes);
    let sources = [
        FileSource::path(&path.0).unwrap(),
        FileSource::bytes("f", bytes.clone()),
        FileSource::seekable("f", io::Cursor::new(bytes.clone())).unwrap(),
    ];
    for source in sources {
        let (client, seen) = server(vec![Deed::Reset(300_000), Deed::Answer(503), Deed::Answer(200)]).await;
        let reply = client.files().file(source).upload(&upload()).await.unwrap();
        assert_eq!((reply.meta.attempts, seen.heads.lock().unwrap().len()), (3, 3));
        let body = seen.body.lock().unwrap().clone();
        assert!(body.windows(bytes.len()).any(|window| window == bytes), "the whole file in the last attempt");
    }
}

#[tokio::test]
async fn what_can_be_read_once_is_not_sent_twice() {
    let (client, seen) = server(vec![Deed::Reset(100_000), Deed::Answer(200)]).await;
    let once = FileSource::reader("f", io::repeat(7).take(5_000_000));
    let error = client.files().file(once).upload(&upload()).await.unwrap_err();
    assert_eq!((error.kind(), seen.heads.lock().unwrap().len()), (ErrorKind::Connection, 1), "{error}");
    // Nothing was read of it: the refusal of a connection can be tried again.
    let (client, seen) = server(vec![Deed::Answer(200)]).await;
    client.files().file(FileSource::reader("f", &b"abc"[..])).upload(&upload()).await.unwrap();
    assert!(seen.heads.lock().unwrap()[0].contains("transfer-encoding: chunked"));
}

#[tokio::test]
async fn a_file_that_changes_on_the_way_is_not_uploaded() {
    for (name, announced, then, said) in [
        ("shrunk", 500_000, 300_000, "ended after 300000 of its 500000 bytes"),
        ("grown", 500_000, 500_001, "has grown since the upload began: it had 500000 bytes"),
    ] {
        let scratch = Scratch::new(name, &vec![1; announced]);
        let file = FileSource::path(&scratch.0).unwrap();
        std::fs::write(&scratch.0, vec![1; then]).unwrap();
        let (client, seen) = server(vec![Deed::Answer(200)]).await;
        let error = client.files().file(file).upload(&upload()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(seen.bytes.load(Ordering::Relaxed), 0, "the server never saw the end of it");
    }
}

#[tokio::test]
async fn a_path_that_leads_nowhere_says_so() {
    let error = FileSource::path("/nowhere/report.pdf").unwrap_err().to_string();
    insta::assert_snapshot!(error, @"`/nowhere/report.pdf` cannot be read: there is no such file (at `file`)");
    let error = FileSource::path(std::env::temp_dir()).unwrap_err().to_string();
    assert!(error.contains("is no file that can be read to its end"), "{error}");
    let (client, _) = server(vec![Deed::Answer(200)]).await;
    let error = client.files().upload(&upload()).await.unwrap_err().to_string();
    assert!(error.contains("the name of the file is empty"), "{error}");
    let big = FilesUploadRequest::new(tramontane::files::FilePart::new("a.pdf").size(513 << 20));
    let error = client.files().upload(&big).await.unwrap_err().to_string();
    assert!(error.contains("may have 536870912 (512 MB)"), "{error}");
}

#[tokio::test]
async fn an_upload_that_is_given_up_closes_its_socket() {
    let (client, seen) = server(vec![Deed::Endless]).await;
    let task = tokio::spawn(async move {
        let endless = FileSource::reader("f", io::repeat(7).take(1 << 32));
        client.files().file(endless).upload(&upload()).await
    });
    while seen.heads.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    task.abort();
    tokio::time::timeout(PATIENCE, seen.closed.notified()).await.expect("the socket should be closed");
}

#[test]
fn memory_stays_flat_while_a_large_file_goes_out() {
    crate::alone("uploads::a_large_file_goes_out");
}

#[tokio::test]
#[ignore = "started alone by the test above: it measures the memory of its process"]
async fn a_large_file_goes_out() {
    let scratch = Scratch::new("large", b"");
    let file = std::fs::File::options().write(true).open(&scratch.0).unwrap();
    // 256 MB of nothing: the disk holds no byte of it.
    file.set_len(256 << 20).unwrap();
    let (client, seen) = server(vec![Deed::Answer(200)]).await;
    let small = FileSource::bytes("f", vec![0; 1 << 20]);
    client.files().file(small).upload(&upload()).await.unwrap();
    let source = FileSource::path(&scratch.0).unwrap();
    let (sent, growth) = growth(client.files().file(source).upload(&upload())).await;
    sent.unwrap();
    assert!(seen.bytes.load(Ordering::Relaxed) > 257 << 20);
    if let Some(growth) = growth {
        println!("256 MB went out; memory grew by {} kB", growth >> 10);
        assert!(growth < 24 << 20, "memory grew by {growth} bytes");
    }
}
