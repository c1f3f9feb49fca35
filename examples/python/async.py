"""Three chats at once. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox."""

import asyncio
import os

import tramontane


async def main() -> None:
    async with tramontane.AsyncClient(base_url=os.environ.get("TRAMONTANE_BASE_URL")) as client:
        asked = [
            client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": f"What is a {wind}?"}])
            for wind in ("tramontane", "mistral", "sirocco")
        ]
        for reply in await asyncio.gather(*asked):
            print(reply.text)


asyncio.run(main())
