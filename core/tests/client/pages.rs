//! Lists that come in pages: what is asked for, when, and what ends them.

use std::pin::Pin;

use futures_core::Stream;
use tramontane::batch::BatchListRequest;
use tramontane::client::blocking;
use tramontane::conversations::ConversationListRequest;
use tramontane::files::FilesListRequest;
use tramontane::{Client, ErrorKind, Result};

use crate::client;
use crate::server::{Server, Step, answer};

fn said(body: &str) -> Vec<Step> {
    vec![Step::Send(answer(200, &[("mistral-correlation-id", "id-1")], body))]
}

/// A page of files, and how many there are in all.
fn files(ids: &[&str], total: Option<u64>) -> Vec<Step> {
    let files: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}","object":"file"}}"#)).collect();
    let total = total.map(|total| format!(r#","total":{total}"#)).unwrap_or_default();
    said(&format!(r#"{{"data":[{}],"object":"list"{total}}}"#, files.join(",")))
}

async fn served(scripts: Vec<Vec<Step>>) -> (Server, Client) {
    let server = Server::start(scripts).await;
    let client = client(&server.url).0.max_retries(0).build().unwrap();
    (server, client)
}

fn listing(page: Option<u64>, size: Option<u64>) -> FilesListRequest {
    let mut request = FilesListRequest::default();
    (request.page, request.page_size) = (page, size);
    request
}

/// The paths that were asked for.
fn asked(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| seen.head.split(' ').nth(1).unwrap().to_owned()).collect()
}

async fn ids(client: &Client, request: &FilesListRequest) -> Result<Vec<String>> {
    let mut files = client.files().list_all(request);
    let mut ids = Vec::new();
    while let Some(file) = files.next().await {
        ids.push(file?.id);
    }
    assert!(files.next().await.is_none(), "the end stays the end");
    Ok(ids)
}

#[tokio::test]
async fn pages_are_fetched_while_they_are_gone_through() {
    let (server, client) = served(vec![files(&["a", "b"], Some(3)), files(&["c"], Some(3))]).await;
    let mut list = client.files().list_all(&listing(None, Some(2)));
    assert!(server.seen().is_empty(), "nothing is sent before somebody asks");
    let mut next = async || list.next().await.unwrap().unwrap().id;
    assert_eq!((next().await, next().await, server.seen().len()), ("a".to_owned(), "b".to_owned(), 1));
    assert_eq!((next().await, server.seen().len()), ("c".to_owned(), 2));
    assert!(list.next().await.is_none());
    assert_eq!(asked(&server), ["/v1/files?page_size=2", "/v1/files?page=1&page_size=2"]);
}

#[tokio::test]
async fn the_last_page_is_known_by_what_it_says() {
    let one = || listing(None, Some(1));
    let table = [
        ("a total", vec![files(&["a"], Some(1))], one(), 1, 1),
        ("a short page", vec![files(&["a"], None)], listing(None, Some(2)), 1, 1),
        ("an empty page", vec![files(&["a"], None), files(&[], None)], one(), 1, 2),
        ("nothing", vec![files(&[], Some(0))], one(), 0, 1),
        ("a total that is too large", vec![files(&["a"], Some(9)), files(&[], Some(9))], one(), 1, 2),
    ];
    for (name, script, request, items, requests) in table {
        let (server, client) = served(script).await;
        assert_eq!((ids(&client, &request).await.unwrap().len(), server.seen().len()), (items, requests), "{name}");
    }
}

#[tokio::test]
async fn it_begins_where_the_request_says() {
    let (server, client) = served(vec![files(&["g"], None), files(&[], None)]).await;
    ids(&client, &listing(Some(3), None)).await.unwrap();
    assert_eq!(asked(&server), ["/v1/files?page=3", "/v1/files?page=4"]);
}

#[tokio::test]
async fn an_error_ends_it_after_what_had_come() {
    let failing = vec![Step::Send(answer(403, &[], r#"{"message":"no"}"#))];
    let (server, client) = served(vec![files(&["a"], None), failing]).await;
    let mut list = client.files().list_all(&FilesListRequest::default());
    assert_eq!(list.next().await.unwrap().unwrap().id, "a");
    assert_eq!(list.next().await.unwrap().unwrap_err().kind(), ErrorKind::Permission);
    assert!(list.next().await.is_none());
    assert_eq!(server.seen().len(), 2);

    // What a check refuses is not sent.
    let mut list = client.files().list_all(&[1]);
    assert_eq!(list.next().await.unwrap().unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(list.next().await.is_none());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_server_that_gives_the_same_page_again_is_asked_no_more() {
    let (server, client) = served(vec![files(&["a", "b"], None)]).await;
    let error = ids(&client, &FilesListRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.message().starts_with("page 1 of the list is the same"), "{error}");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn pages_come_with_what_stands_around_them_and_are_streams() {
    let (_server, client) = served(vec![files(&["a", "b"], Some(3)), files(&["c"], Some(3))]).await;
    let mut pages = client.files().list_all(&FilesListRequest::default()).pages();
    let mut sizes = Vec::new();
    // As everything that takes a `Stream` asks.
    while let Some(page) = std::future::poll_fn(|cx| Pin::new(&mut pages).poll_next(cx)).await {
        let page = page.unwrap();
        assert_eq!((page.total, page.meta.http.request_id.as_deref()), (Some(3), Some("id-1")));
        sizes.push(page.data.len());
    }
    assert_eq!(sizes, [2, 1]);
}

#[tokio::test]
async fn jobs_and_conversations_come_in_pages_too() {
    let conversations = |ids: &[&str]| {
        let found: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}","object":"conversation"}}"#)).collect();
        said(&format!("[{}]", found.join(",")))
    };
    let jobs = said(r#"{"data":[{"id":"j","status":"RUNNING"}],"object":"list","total":1}"#);
    let (server, client) = served(vec![jobs, conversations(&["x", "y"]), conversations(&["z"])]).await;
    let mut list = client.batch().list_all(&BatchListRequest::default());
    assert_eq!(list.next().await.unwrap().unwrap().id, "j");
    assert!(list.next().await.is_none());
    let mut request = ConversationListRequest::default();
    request.page_size = Some(2);
    let mut list = client.conversations().list_all(&request);
    let mut ids = Vec::new();
    while let Some(conversation) = list.next().await {
        ids.push(conversation.unwrap().id);
    }
    assert_eq!((ids, server.seen().len()), (["x", "y", "z"].map(str::to_owned).to_vec(), 3));
}

#[test]
fn a_program_that_blocks_has_iterators() {
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let failing = vec![Step::Send(answer(403, &[], r#"{"message":"no"}"#))];
    let script = vec![files(&["a", "b"], Some(3)), files(&["c"], Some(3)), files(&["a"], Some(2)), failing];
    let (server, inner) = servers.block_on(served(script));
    let client = blocking::Client::from(inner);
    let all: Vec<String> = client.files().list_all(&FilesListRequest::default()).map(|file| file.unwrap().id).collect();
    assert_eq!((all.concat().as_str(), server.seen().len()), ("abc", 2));
    let pages: Vec<_> = client.files().list_all(&FilesListRequest::default()).pages().collect();
    assert_eq!((pages[0].as_ref().unwrap().data.len(), pages.len()), (1, 2));
    assert_eq!(pages[1].as_ref().unwrap_err().kind(), ErrorKind::Permission);
    assert_eq!(
        client.files().list_all(&[1]).map(|file| file.unwrap_err().kind()).collect::<Vec<_>>(),
        [ErrorKind::InvalidRequest]
    );
}

#[tokio::test]
async fn an_iterator_in_a_runtime_ends_with_one_error() {
    let client = blocking::Client::from(client("http://127.0.0.1:1").0.build().unwrap());
    let errors: Vec<_> = client.files().list_all(&FilesListRequest::default()).collect();
    assert!(matches!(&errors[..], [Err(error)] if error.kind() == ErrorKind::Configuration), "{errors:?}");
}
