// What a client can do beyond plain calls: changed options, requests for anything, pages, answers read into schemas.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { Client, InvalidRequest, models, ResponseDecodeError } from './tramontane.mjs';

const completion = (text, finish = 'stop', message = {}) => ({
  id: '1', object: 'chat.completion', created: 1, model: 'mistral-small-2603',
  choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content: text, ...message } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** Runs `work` with a server that gives these answers, one after the other. */
async function script(answers, work) {
  const requests = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(pieces).toString() });
    const { status = 200, body = answers[requests.length - 1] } = answers[requests.length - 1]?.status ? answers[requests.length - 1] : {};
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.on('connection', () => connections++);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new Client({ apiKey: 'k', baseURL: `http://127.0.0.1:${server.address().port}` });
  try {
    await work(client, requests, () => connections);
  } finally {
    client.close();
    server.closeAllConnections();
    server.close();
  }
}

/** A Standard Schema, written by hand: what zod and others give. */
const harbour = {
  '~standard': {
    version: 1,
    vendor: 'hand',
    jsonSchema: { input: () => ({ $schema: 'x', title: 'a harbour', type: 'object', properties: { berths: { type: 'integer' } }, required: ['berths'] }) },
    validate: (value) => (Number.isInteger(value?.berths) ? { value: { count: value.berths } } : { issues: [{ message: 'no number', path: ['berths'] }] }),
  },
};
const request = { model: 'mistral-small-2603', messages: [{ role: 'user', content: 'Which harbour?' }] };

test('an answer is read into a schema', async () => {
  await script([completion('{"berths": 4}')], async (client, requests) => {
    const reply = await client.chat.parse(request, harbour);
    assert.deepEqual(reply.parsed, { count: 4 });
    assert.equal(reply.text, '{"berths": 4}');
    assert.equal(JSON.stringify(reply).includes('parsed'), false);
    const asked = JSON.parse(requests[0].body).response_format.json_schema;
    assert.deepEqual([asked.name, asked.strict, asked.schema.additionalProperties, asked.schema.$schema], ['a_harbour', true, false, undefined]);
  });
});

test('what does not fit keeps its text', async () => {
  await script([completion('{"berths": "x"}'), completion('no'), completion('{"a"', 'length')], async (client) => {
    const fails = async (why) => {
      const error = await client.chat.parse(request, harbour).then(() => assert.fail('it fits'), (error) => error);
      assert.ok(error instanceof ResponseDecodeError && why.test(error.message), String(error));
      return error;
    };
    assert.equal((await fails(/`berths`: no number/)).body, '{"berths": "x"}');
    await fails(/it is not valid JSON/);
    await fails(/raise `max_tokens`/);
    await assert.rejects(client.chat.parse(request, { '~standard': { version: 1, vendor: 'old', validate: () => ({ value: 1 }) } }), /gives no JSON Schema/);
    await assert.rejects(client.chat.parse({ ...request, responseFormat: { type: 'text' } }, harbour), /leave `response_format` out/);
  });
});

test('a JSON Schema gives plain data, and tool calls no answer', async () => {
  const call = { id: 'abcdefghi', function: { name: 'f', arguments: '{}' } };
  await script([completion('{"a": 1}'), completion('', 'tool_calls', { tool_calls: [call] })], async (client) => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false };
    assert.deepEqual((await client.chat.parse(request, schema)).parsed, { a: 1 });
    assert.equal((await client.chat.parse(request, schema)).parsed, null);
  });
});

test('anything is reached', async () => {
  await script(['{"jobs": [1]}', '[1]', { status: 404, body: { message: 'no Route matched with those values' } }], async (client, requests) => {
    const jobs = await client.request('GET', '/v1/jobs', { query: { page: 2, tag: ['a', 'b'] }, headers: { 'x-a': '1' } });
    assert.deepEqual([jobs.jobs, jobs.raw.status, jobs.raw.body], [[1], 200, '{"jobs": [1]}']);
    assert.equal(jobs.raw.headers['content-type'], 'application/json');
    assert.deepEqual((await client.request('POST', '/v1/jobs', { body: { a: null } })).data, [1]);
    await assert.rejects(client.request('DELETE', '/v1/nothing'), { kind: 'not_found' });
    assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`), ['GET /v1/jobs?page=2&tag=a&tag=b', 'POST /v1/jobs', 'DELETE /v1/nothing']);
    assert.equal(requests[0].headers['x-a'], '1');
    assert.equal(requests[1].body, '{"a":null}');
  });
});

test('options are changed, and connections shared', async () => {
  // A connection goes back a moment after its answer: on a busy machine the next call may be faster. Two clients that shared
  // nothing would never have one connection.
  const opened = [];
  for (let tries = 0; tries < 5 && !opened.includes(1); tries++) await script([completion('a'), completion('b')], async (client, requests, connections) => {
    const changed = client.withOptions({ maxRetries: 0, checks: 'off', extraHeaders: { 'x-b': '2' } });
    await changed.chat.complete({ ...request, seed: 7 });
    await client.chat.complete(request);
    await assert.rejects(client.chat.complete({ ...request, seed: 7 }), InvalidRequest);
    assert.deepEqual(requests.map(({ headers }) => headers['x-b']), ['2', undefined]);
    opened.push(connections());
  });
  assert.ok(opened.includes(1), `${opened} connections`);
});

test('pages follow one another', async () => {
  const page = (from, to) => ({ object: 'list', total: 5, data: Array.from({ length: to - from }, (_, at) => ({ id: String(from + at), object: 'file' })) });
  await script([page(0, 2), page(2, 4), page(4, 5)], async (client, requests) => {
    const files = client.files.list({ pageSize: 2 });
    assert.equal((await files).total, 5);
    const ids = [];
    for await (const file of files) ids.push(file.id);
    assert.deepEqual(ids, ['0', '1', '2', '3', '4']);
    assert.deepEqual(requests.map(({ url }) => new URLSearchParams(url.split('?')[1]).get('page')), [null, '1', '2']);
  });
});

test('a server that gives the same page again is asked no more', async () => {
  const page = { object: 'list', data: [{ id: 'a', object: 'file' }] };
  await script([page, page, page], async (client, requests) => {
    const all = async () => {
      for await (const _ of client.files.list());
    };
    await assert.rejects(all, { kind: 'decode', reason: 'page 1 of the list is the same as the one before it' });
    assert.equal(requests.length, 2);
  });
});

test('the list of models lies over the catalogue', async () => {
  const card = { id: 'wind-1', name: 'wind-1', object: 'model', max_context_length: 9, capabilities: { vision: true } };
  await script([{ object: 'list', data: [card] }], async (client) => {
    const { overlay, differences } = await client.models.sync();
    assert.deepEqual(differences.filter(({ model }) => model === 'wind-1').map(({ field }) => field), ['new']);
    assert.equal(models.get('wind-1', { overlay: JSON.parse(JSON.stringify(overlay)) }).context, 9);
  });
});
