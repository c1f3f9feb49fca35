//! Embeddings through the client: typed vectors, of what the request asked for, shared with the data.

use tramontane::ErrorKind;
use tramontane::embeddings::{Dtype, EmbeddingRequest, EncodingFormat, Numbers};

use crate::client;
use crate::server::{Server, answer};

const ANSWER: &str = r#"{"id":"e","object":"list","data":[{"object":"embedding","embedding":[1,-2,3],"index":0}],"model":"codestral-embed","usage":{"prompt_tokens":3,"completion_tokens":0,"total_tokens":3}}"#;

#[tokio::test]
async fn the_request_says_what_the_numbers_are() {
    let server = Server::always(answer(200, &[], ANSWER)).await;
    let client = client(&server.url).0.build().unwrap();
    let request = EmbeddingRequest::new("codestral-embed", ["a"]).output_dimension(3).output_dtype(Dtype::Int8);
    let reply = client.embeddings().create(&request).await.unwrap();
    assert_eq!(reply.data[0].embedding.numbers(), Numbers::Signed(&[1, -2, 3]));
    assert_eq!(reply.usage.prompt_tokens, 3);
    assert_eq!(reply.meta.resolution.as_ref().unwrap().id.as_deref(), Some("codestral-embed-2505"));
    // The typed vector and the one in the data are the same memory, and as text it is what came.
    let shared = reply.data().get("data").and_then(|data| data.as_array()?[0].get("embedding")?.as_vector());
    let places = [&reply.data[0].embedding, shared.unwrap()].map(|vector| match vector.numbers() {
        Numbers::Signed(numbers) => numbers.as_ptr(),
        _ => std::ptr::null(),
    });
    assert_eq!(places[0], places[1]);
    assert_eq!(reply.data().to_string(), ANSWER);

    let floats = client.embeddings().create(&EmbeddingRequest::new("mistral-embed", "a")).await.unwrap();
    assert_eq!(floats.data[0].embedding.floats(), Some([1.0, -2.0, 3.0].as_slice()));
    let seen = server.seen().remove(1);
    assert!(seen.head.starts_with("POST /v1/embeddings HTTP/1.1\r\n"), "{}", seen.head);
    // The server answers with numbers whatever is asked, so nobody is asked behind the caller's back.
    assert_eq!(seen.body, r#"{"model":"mistral-embed","input":"a"}"#);
}

#[tokio::test]
async fn base64_is_decoded_and_what_is_none_is_said() {
    let text = ANSWER.replace("[1,-2,3]", "\"AAAAPwAAgL4=\"");
    let server = Server::always(answer(200, &[], &text)).await;
    let client = client(&server.url).0.build().unwrap();
    let request = EmbeddingRequest::new("codestral-embed", "a").encoding_format(EncodingFormat::Base64);
    let reply = client.embeddings().create(&request).await.unwrap();
    assert_eq!(reply.data[0].embedding.floats(), Some([0.5, -0.25].as_slice()));

    let server = Server::always(answer(200, &[], &ANSWER.replace("[1,-2,3]", "\"?\""))).await;
    let client = crate::client(&server.url).0.build().unwrap();
    let error = client.embeddings().create(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.status), (ErrorKind::Decode, Some(200)));
    assert!(error.message().contains("no base64"), "{error}");
}
