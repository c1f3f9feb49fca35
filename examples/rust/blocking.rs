//! A chat without async code. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox.

use tramontane::chat::ChatRequest;
use tramontane::client::{Client, blocking};

fn main() -> tramontane::Result<()> {
    let mut builder = Client::builder();
    if let Ok(url) = std::env::var("TRAMONTANE_BASE_URL") {
        builder = builder.base_url(url);
    }
    let client = blocking::Client::from(builder.build()?);
    let request = ChatRequest::new("mistral-small-2603").system("You are a sailor.").user("What is a tramontane?");
    println!("{}", client.chat().complete(&request)?.text());
    Ok(())
}
