"""A chat. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox."""

import os

import tramontane

with tramontane.Client(base_url=os.environ.get("TRAMONTANE_BASE_URL")) as client:
    reply = client.chat.complete(
        model="mistral-small-4",
        messages=[{"role": "user", "content": "What is a tramontane?"}],
    )

print(reply.text)
print(f"{reply.resolution.requested} was sent as {reply.resolution.sent_as}; {reply.usage.total_tokens} tokens")
