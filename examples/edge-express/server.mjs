// A back end in Express that has the key: it sends what an edge function built, and streams the answer back.
//
// `send` checks again what comes in. Another host, method or path, a credential that was added, and a body that the provider
// would refuse are errors; nothing of the request is sent as it stands.
import express from 'express';
import { Client, InvalidRequest, TramontaneError } from 'tramontane';

const client = new Client(process.env.TRAMONTANE_BASE_URL ? { baseURL: process.env.TRAMONTANE_BASE_URL } : {}); // MISTRAL_API_KEY
const app = express();

app.post('/relay', express.text({ type: '*/*', limit: '20mb' }), async (request, response) => {
  try {
    const answer = await client.send(request.body);
    if (!(Symbol.asyncIterator in answer)) return response.json(answer);
    for await (const event of answer) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  } catch (error) {
    if (!(error instanceof TramontaneError)) throw error;
    const body = { error: error.message, path: error.path, findings: error.report?.findings };
    if (response.headersSent) response.end(`data: ${JSON.stringify(body)}\n\n`);
    else response.status(error instanceof InvalidRequest ? 422 : (error.status ?? 502)).json(body);
  }
});

const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
