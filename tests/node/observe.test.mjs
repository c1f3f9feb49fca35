// What a host hears of calls: its log, and its OpenTelemetry.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { APITimeoutError, AuthenticationError, Client, InvalidRequest, RequestCancelledError, StreamTruncatedError } from './tramontane.mjs';
import { chat, chunk, completion, events, frame, json, loopback, until } from './loopback.mjs';
import { requireFromPackage } from './tramontane.mjs';

const { metrics, SpanKind, SpanStatusCode, trace } = requireFromPackage('@opentelemetry/api');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = requireFromPackage('@opentelemetry/sdk-trace-base');
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = requireFromPackage('@opentelemetry/sdk-metrics');

const exporter = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 3_600_000 });
const KEY = 'a-key-for-tests-0123456789';

let answer;
let server;
before(async () => {
  server = await loopback((...exchange) => answer(...exchange));
});
after(async () => {
  server.close();
  trace.disable();
  metrics.disable();
  await reader.shutdown();
});

const client = (more = {}) => new Client({ apiKey: KEY, baseURL: server.baseURL, maxRetries: 0, ...more });
const succeed = (_, response) => json(response, 200, completion);
const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
const whole = [chunk('Com'), chunk('té'), chunk('.', 'stop', { usage })];
const play = (...frames) => (_, response) => events(response).end(frames.map(frame).join(''));

function log() {
  const lines = [];
  const logger = { info: (text) => lines.push(['info', text]), debug: (text) => lines.push(['debug', text]) };
  return { lines, logger };
}

test('nothing is loaded for a program that does not use it', async () => {
  answer = succeed;
  await client().chat.complete(chat());
  assert.equal(exporter.getFinishedSpans().length, 0);
});

test('a logger hears a line for each call, and no body', async () => {
  const { lines, logger } = log();
  answer = succeed;
  await client({ logger }).chat.complete(chat('a secret wish'));
  answer = (_, response) => json(response, 401, { message: 'not you' });
  await assert.rejects(client({ logger }).chat.complete(chat()), AuthenticationError);
  assert.equal(lines.length, 2);
  assert.match(lines[0][1], /^chat mistral-small-2603: 200 in \d+\.\d{3} s, request req-7$/);
  assert.match(lines[1][1], /^chat mistral-small-2603: failed after \d+\.\d{3} s, authentication: .*not you/);
  assert.ok(!JSON.stringify(lines).includes('a secret wish') && !JSON.stringify(lines).includes(KEY));
});

test('bodies are logged where they were asked for', async () => {
  const { lines, logger } = log();
  answer = succeed;
  await client({ logger, logLevel: 'debug', logBodies: true }).chat.complete(chat('a wish'));
  assert.deepEqual(lines.map(([level]) => level), ['debug', 'info', 'debug']);
  assert.match(lines[0][1], /request \{.*a wish/);
  assert.match(lines[2][1], /answer \{.*Emmental/);
  assert.ok(!JSON.stringify(lines).includes(KEY));
  await client({ logger, logLevel: 'off' }).chat.complete(chat());
  assert.equal(lines.length, 3);
});

test('a request that cannot be read does not break what listens', async () => {
  const { lines, logger } = log();
  const odd = Object.defineProperty({ messages: [] }, 'model', { enumerable: true, get: () => { throw new Error('not now'); } });
  await assert.rejects(client({ logger }).chat.complete(odd), InvalidRequest);
  assert.deepEqual(lines, []);
});

test('with OpenTelemetry', async (t) => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const spans = () => exporter.getFinishedSpans();

  await t.test('a call is a span', async () => {
    exporter.reset();
    answer = succeed;
    await client().chat.complete({ ...chat(), temperature: 0.5, maxTokens: 9, stop: ['x'] });
    const [span] = spans();
    assert.equal(span.name, 'chat mistral-small-2603');
    assert.equal(span.kind, SpanKind.CLIENT);
    assert.deepEqual(span.attributes, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'mistral-small-2603',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.stop_sequences': ['x'],
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(server.baseURL).port),
      'gen_ai.response.id': 'cmpl-1',
      'gen_ai.response.model': 'mistral-small-2603',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 4,
      'http.response.status_code': 200,
    });
  });

  await t.test('a failure is a span too', async () => {
    exporter.reset();
    answer = (_, response) => json(response, 401, { message: 'no' });
    await assert.rejects(client().chat.complete(chat()), AuthenticationError);
    answer = () => {};
    await assert.rejects(client().chat.complete(chat(), { timeout: 80 }), APITimeoutError);
    await assert.rejects(client().chat.complete(chat(), { signal: AbortSignal.timeout(80) }), RequestCancelledError);
    const [refused, late, cancelled] = spans();
    assert.equal(refused.attributes['error.type'], 'authentication');
    assert.equal(refused.attributes['http.response.status_code'], 401);
    assert.equal(refused.status.code, SpanStatusCode.ERROR);
    assert.equal(late.attributes['error.type'], 'timeout');
    assert.equal(cancelled.attributes['error.type'], 'cancelled');
  });

  await t.test('a stream is one span, however it ends', async () => {
    exporter.reset();
    answer = play(...whole, '[DONE]');
    for await (const event of client().chat.stream(chat())) void event;
    answer = play(...whole.slice(0, 2));
    await assert.rejects(client().chat.stream(chat()).final(), StreamTruncatedError);
    answer = (_, response) => events(response).write(frame(whole[0]));
    for await (const event of client().chat.stream(chat())) {
      void event;
      break;
    }
    await until(() => spans().length === 3, 'three spans');
    const [read, cut, left] = spans();
    assert.equal(read.attributes['gen_ai.usage.output_tokens'], 3);
    assert.deepEqual(read.attributes['gen_ai.response.finish_reasons'], ['stop']);
    assert.equal(cut.attributes['error.type'], 'stream_truncated');
    assert.equal(left.status.code, SpanStatusCode.UNSET);
  });

  await t.test('metrics', async () => {
    await reader.forceFlush();
    const found = Object.fromEntries(measured.getMetrics().at(-1).scopeMetrics.flatMap(({ metrics: list }) => list.map((metric) => [metric.descriptor.name, metric])));
    assert.deepEqual(Object.keys(found).sort(), ['gen_ai.client.operation.duration', 'gen_ai.client.operation.time_to_first_chunk', 'gen_ai.client.token.usage']);
    assert.equal(found['gen_ai.client.token.usage'].descriptor.unit, '{token}');
    const sum = (kind) => found['gen_ai.client.token.usage'].dataPoints.filter(({ attributes }) => attributes['gen_ai.token.type'] === kind).reduce((all, point) => all + point.value.sum, 0);
    assert.deepEqual([sum('input'), sum('output')], [17, 7]);
    const failed = found['gen_ai.client.operation.duration'].dataPoints.filter(({ attributes }) => 'error.type' in attributes);
    assert.equal(failed.length, 4);
  });

  await t.test('a region is where a call goes', async () => {
    exporter.reset();
    const regional = client({ baseURL: undefined, region: 'eu', proxy: 'http://127.0.0.1:9' });
    for (const one of [regional, regional.withOptions({ timeout: 5000 }), regional.withOptions({ region: 'us' }), regional.withOptions({ baseURL: 'http://a.test:81' })]) {
      await assert.rejects(one.chat.complete(chat()), { kind: 'connection' });
    }
    const places = spans().map(({ attributes }) => [attributes['server.address'], attributes['server.port']]);
    assert.deepEqual(places, [['api.eu.mistral.ai', 443], ['api.eu.mistral.ai', 443], ['api.us.mistral.ai', 443], ['a.test', 81]]);
  });
});
