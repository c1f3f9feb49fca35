//! A chat, printed as it arrives. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox.

use std::io::Write;

use tramontane::Client;
use tramontane::chat::ChatRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> tramontane::Result<()> {
    let mut builder = Client::builder();
    if let Ok(url) = std::env::var("TRAMONTANE_BASE_URL") {
        builder = builder.base_url(url);
    }
    let request = ChatRequest::new("mistral-small-2603").user("What is a tramontane?");
    let client = builder.build()?;
    let mut stream = client.chat().stream(&request).await?;
    while let Some(event) = stream.next().await {
        print!("{}", event?.text());
        let _ = std::io::stdout().flush();
    }
    let reply = stream.completion().await?;
    println!("\n{} tokens", reply.usage.as_ref().map_or(0, |usage| usage.total_tokens));
    Ok(())
}
