"""A chat, printed as it arrives. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox."""

import os

import tramontane

client = tramontane.Client(base_url=os.environ.get("TRAMONTANE_BASE_URL"))
with client.chat.stream(
    model="mistral-small-2603",
    messages=[{"role": "user", "content": "What is a tramontane?"}],
) as stream:
    for event in stream:
        print(event.text, end="", flush=True)
    reply = stream.final()

print(f"\n{reply.usage.total_tokens} tokens, request {reply.request_id}")
