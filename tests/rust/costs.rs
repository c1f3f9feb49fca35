//! What calls against the sandbox cost, and budgets in dollars over them.

use tramontane::audio::SpeechRequest;
use tramontane::batch::{BatchCreateRequest, BatchEndpoint, BatchGetRequest, BatchItem};
use tramontane::client::{BatchWait, Budget, Client};
use tramontane::conversations::{ConversationAppendRequest, ConversationStartRequest};
use tramontane::json::{Object, Value, parse};
use tramontane::ocr::{OcrDocument, OcrRequest};
use tramontane::policy::cost::Cost;
use tramontane::raw::RawRequest;
use tramontane::{Error, ErrorKind};
use tramontane_testkit::{Sandbox, SandboxOptions};

fn sandbox(budget: Budget) -> (Sandbox, Client) {
    let sandbox = Sandbox::start(SandboxOptions::default()).expect("a sandbox");
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.url()).budget(budget);
    (sandbox, client.build().expect("a client"))
}

fn body(text: &str) -> Value<'static> {
    parse(text.as_bytes()).expect("a body").into_owned()
}

/// A request to each endpoint that takes batches, and an item of its answer's bill.
const ENDPOINTS: [(BatchEndpoint, &str, &str, &str); 10] = [
    (
        BatchEndpoint::ChatCompletions,
        "mistral-small-2603",
        r#"{"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9}"#,
        "output",
    ),
    (BatchEndpoint::FimCompletions, "codestral-2508", r#"{"prompt": "def f(", "max_tokens": 9}"#, "output"),
    (BatchEndpoint::Embeddings, "mistral-embed-2312", r#"{"input": ["a wind", "a gale"]}"#, "input"),
    (BatchEndpoint::Moderations, "mistral-moderation-2603", r#"{"input": "a wind"}"#, ""),
    (BatchEndpoint::ChatModerations, "mistral-moderation-2603", r#"{"input": [{"role": "user", "content": "a wind"}]}"#, ""),
    (BatchEndpoint::Classifications, "ft:classifier:a", r#"{"input": "a wind"}"#, ""),
    (BatchEndpoint::ChatClassifications, "ft:classifier:a", r#"{"input": {"messages": [{"role": "user", "content": "a"}]}}"#, ""),
    (
        BatchEndpoint::Ocr,
        "mistral-ocr-2512",
        r#"{"document": {"type": "document_url", "document_url": "https://e.com/a.pdf"}}"#,
        "pages",
    ),
    (BatchEndpoint::Conversations, "mistral-small-2603", r#"{"inputs": "Which wind is it?"}"#, "output"),
    (BatchEndpoint::AudioTranscriptions, "voxtral-mini-2602", r#"{"file_url": "https://example.com/a.mp3"}"#, "audio"),
];

#[tokio::test]
async fn batches_run_every_endpoint_at_half_the_price() {
    let (_sandbox, client) = sandbox(Budget::tokens(u64::MAX));
    let client = client.with_options(|options| options.budget = None).unwrap();
    let mut wait = BatchWait::default();
    wait.first = std::time::Duration::from_millis(1);
    for (endpoint, model, text, item) in ENDPOINTS {
        let create = BatchCreateRequest::new(endpoint).model(model).request(BatchItem::new("a", body(text)));
        let job = client.batch().create(&create).await.unwrap();
        let job = client.batch().wait(&job.id, &wait, |_| {}).await.unwrap();
        let mut inline = BatchGetRequest::new(&job.id);
        inline.inline = Some(true);
        for job in [job, client.batch().get(&inline).await.unwrap()] {
            let mut results = client.batch().results(&job).await.unwrap();
            let row = results.next().await.unwrap().expect("a row");
            let answer = row.outcome.as_ref().unwrap_or_else(|error| panic!("{endpoint:?}: {error}"));
            let cost = row.cost.as_ref().expect("a cost");
            if item.is_empty() {
                assert!(cost.reason.is_some() && cost.amount.is_none(), "{endpoint:?}: {cost:?} for {answer}");
                continue;
            }
            let line =
                cost.lines.iter().find(|line| line.item == item).unwrap_or_else(|| panic!("{endpoint:?}: {cost:?}, {answer}"));
            assert_eq!(line.amount, half(line.price * line.quantity, line.per), "{endpoint:?}");
            assert!(row.to_value().get("cost").is_some_and(|cost| cost.get("amount").is_some()));
            assert!(results.next().await.unwrap().is_none());
        }
    }
}

/// Half of a price, to the nearest nano-dollar.
fn half(whole: u64, per: u64) -> u64 {
    (whole + per) / (2 * per)
}

#[tokio::test]
async fn a_failed_row_of_a_batch_costs_nothing_that_is_known() {
    let (_sandbox, client) = sandbox(Budget::usd(1.0).unwrap());
    let item = BatchItem::new("a", body(r#"{"messages": []}"#));
    let create = BatchCreateRequest::new(BatchEndpoint::ChatCompletions).model("mistral-small-2603").request(item);
    let job = client.batch().create(&create).await.unwrap();
    let mut wait = BatchWait::default();
    wait.first = std::time::Duration::from_millis(1);
    let job = client.batch().wait(&job.id, &wait, |_| {}).await.unwrap();
    let row = client.batch().results(&job).await.unwrap().next().await.unwrap().unwrap();
    assert!(row.outcome.is_err() && row.cost.is_none());
}

fn amount(cost: &Cost) -> u64 {
    cost.amount.unwrap_or_else(|| panic!("{cost:?}"))
}

#[tokio::test]
async fn a_budget_in_dollars_holds_speech_documents_and_conversations() {
    let budget = Budget::usd(10.0).unwrap();
    let (_sandbox, client) = sandbox(budget.clone());
    let say = SpeechRequest::new("voxtral-mini-tts-2603", "Où est la gare ?").voice("a-voice");
    let spoken = client.audio().speech().create(&say).await.unwrap();
    assert_eq!(amount(&spoken.cost()), 256_000);
    let mut stream = client.audio().speech().stream(&say).await.unwrap();
    assert_eq!(amount(&stream.finish().await.unwrap().cost()), 256_000);
    assert_eq!(budget.spent().nanos, 512_000);

    let schema = body(r#"{"type": "object", "properties": {"title": {"type": "string"}}}"#);
    let document = || OcrRequest::new("mistral-ocr-4-1", OcrDocument::url("https://example.com/a.pdf"));
    let plain = client.ocr().process(&document()).await.unwrap();
    let annotated = client.ocr().process(&document().annotate_document("about", schema)).await.unwrap();
    let pages = plain.usage_info.pages_processed;
    assert_eq!((amount(&plain.cost()), amount(&annotated.cost())), (pages * 4_000_000, pages * 5_000_000));
    assert_eq!(budget.spent().nanos, 512_000 + pages * 9_000_000);

    let before = budget.spent().nanos;
    let begun = client.conversations().start(&ConversationStartRequest::new("mistral-small-2603", "Which wind?")).await.unwrap();
    let paid = amount(&begun.cost());
    assert!(paid > 0 && budget.spent().nanos == before + paid);
    let more = client.conversations().append(&ConversationAppendRequest::new(&begun.conversation_id, "And?")).await;
    refused(more, "what the conversation holds, and which model answers, is known to the provider alone");
    assert_eq!(budget.reserved().nanos, 0);
}

fn refused<T>(outcome: Result<T, Error>, why: &str) {
    let error = outcome.err().expect("a refusal");
    assert!(error.kind() == ErrorKind::Budget && error.message().contains(why), "{error}");
}

#[tokio::test]
async fn a_budget_in_dollars_holds_what_the_caller_wrote_himself() {
    let budget = Budget::usd(0.01).unwrap();
    let (_sandbox, client) = sandbox(budget.clone());
    let chat = |model: &str| {
        let text = format!(r#"{{"model": "{model}", "max_tokens": 9, "messages": [{{"role": "user", "content": "Hi"}}]}}"#);
        RawRequest::new("POST", "/v1/chat/completions").body(body(&text))
    };
    let answer = client.request(&chat("mistral-small-2603")).await.unwrap();
    let paid = amount(&answer.cost());
    assert!(paid > 0 && budget.spent().nanos == paid, "{paid} of {:?}", budget.spent());
    // What runs no model is free, and what nobody can price is refused.
    client.request(&RawRequest::new("GET", "/v1/models")).await.unwrap();
    refused(client.request(&chat("nobody-1")).await, "unknown model `nobody-1`");
    let agent = RawRequest::new("POST", "/v1/agents/completions").body(Object::from_iter([("agent_id", Value::from("a"))]));
    refused(client.request(&agent).await, "the request names no model");
    assert_eq!((budget.spent().nanos, budget.reserved().nanos), (paid, 0));
    // The most that it may use is set aside: 9 tokens of a small answer fit, those of a whole context do not.
    let open = body(r#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]}"#);
    refused(client.request(&RawRequest::new("POST", "/v1/chat/completions").body(open)).await, "would be passed");
}
