//! The blocking door.

use tramontane::ErrorKind;
use tramontane::client::{CallOptions, blocking};

use crate::server::{Server, answer, stream};
use crate::{COMPLETION, client, request};

fn event(text: &str, finish: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n")
}

#[test]
fn calls_and_streams_from_many_threads() {
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let whole = servers.block_on(Server::always(answer(200, &[], COMPLETION)));
    let events = [event("a", "null"), event("b", "null"), event("c", "\"stop\"")];
    let streamed = servers.block_on(Server::always(stream(&events.each_ref().map(String::as_str))));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let client = blocking::Client::from(client(&whole.url).0.build().unwrap());
                for _ in 0..10 {
                    let reply = client.chat().complete(&request("chat")).unwrap();
                    assert_eq!((reply.text().as_str(), reply.data().to_string().as_str()), ("Comté", COMPLETION));
                }
            });
            scope.spawn(|| {
                let client = blocking::Client::from(client(&streamed.url).0.build().unwrap());
                let mut stream = client.chat().stream(&request("chat")).unwrap();
                let text: String = stream.by_ref().map(|event| event.unwrap().text().to_owned()).collect();
                assert_eq!(text, "abc");
                assert_eq!(stream.completion().unwrap().text(), "abc");
                assert_eq!((stream.meta().attempts, stream.partial().is_null()), (1, false));
            });
        }
    });
    assert_eq!(whole.seen().len(), 40);
}

#[tokio::test]
async fn within_a_runtime_it_is_refused() {
    let client = blocking::Client::from(client("http://127.0.0.1:1").0.build().unwrap());
    let call = client.prepare(request("chat"), &CallOptions::default()).unwrap();
    assert_eq!(client.execute(call).unwrap_err().kind(), ErrorKind::Configuration);
}
