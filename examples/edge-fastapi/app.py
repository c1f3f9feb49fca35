"""A back end in FastAPI that has the key: it sends what an edge function built, and streams the answer back.

``uvicorn app:app``; ``send`` checks again what comes in. Another host, method or path, a credential that was added, and a body
that the provider would refuse are errors; nothing of the request is sent as it stands.
"""

import json
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

import tramontane


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with tramontane.AsyncClient(base_url=os.environ.get("TRAMONTANE_BASE_URL")) as client:  # MISTRAL_API_KEY
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(tramontane.TramontaneError)
async def refused(request: Request, error: tramontane.TramontaneError) -> JSONResponse:
    status = 422 if isinstance(error, tramontane.InvalidRequest) else error.status or 502
    findings = error.report.findings if error.report else None
    return JSONResponse({"error": str(error), "path": error.path, "findings": findings}, status)


@app.post("/relay")
async def relay(request: Request):
    answer = await app.state.client.send(await request.body())
    if not hasattr(answer, "__aiter__"):
        return JSONResponse(answer)
    events = aiter(answer)
    # The first event decides whether this is a stream or an error with a status.
    first = await anext(events, None)

    async def lines():
        if first is not None:
            yield f"data: {json.dumps(first.data)}\n\n"
        async for event in events:
            yield f"data: {json.dumps(event.data)}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")
