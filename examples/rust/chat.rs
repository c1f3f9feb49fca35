//! A chat. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox.

use tramontane::Client;
use tramontane::chat::ChatRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> tramontane::Result<()> {
    let mut builder = Client::builder();
    if let Ok(url) = std::env::var("TRAMONTANE_BASE_URL") {
        builder = builder.base_url(url);
    }
    let client = builder.build()?;
    let request = ChatRequest::new("mistral-small-2603").user("What is a tramontane?").temperature(0.2);
    let reply = client.chat().complete(&request).await?;
    println!("{}", reply.text());
    println!("{} tokens", reply.usage.as_ref().map_or(0, |usage| usage.total_tokens));
    Ok(())
}
