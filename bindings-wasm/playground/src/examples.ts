// Requests to begin with. The names of the models come from the catalogue, so that no example grows old.

import { models } from '@tramontane/edge';

/** An example: a title, and the request. */
export interface Example {
  readonly title: string;
  readonly request: () => Record<string, unknown>;
}

const WEATHER = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

const best = (): string => models.recommend('default').id;
const ofCode = (): string => models.recommend('code').id;

/** The provider's own model that went last. */
function retired(on: string): string {
  const gone = models.list({ status: 'retired', on }).filter((model) => model.vendor === null && model.replacement !== null && model.capabilities.includes('completion_chat'));
  return gone.sort((one, other) => (other.retires_on ?? '').localeCompare(one.retires_on ?? ''))[0]?.id ?? best();
}

/** A name whose target moves. */
const floating = (): string => models.get(best()).floating[0] ?? best();

/** All examples, for a day. */
export function examples(on: string): Example[] {
  return [
    { title: 'A chat', request: () => ({ model: best(), messages: [{ role: 'user', content: 'Which cheese goes with Savagnin?' }] }) },
    {
      title: 'A retired model and a wrong tool id',
      request: () => ({
        model: retired(on),
        messages: [
          { role: 'user', content: 'What is the weather in Arles?' },
          { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city": "Arles"}' } }] },
          { role: 'tool', tool_call_id: 'call_1', name: 'weather', content: '18 °C, wind from the north' },
        ],
        tools: [WEATHER],
      }),
    },
    {
      title: 'Fields of another dialect',
      request: () => ({
        model: floating(),
        messages: [{ role: 'user', content: 'Say hello.' }],
        max_completion_tokens: 64,
        seed: 7,
        stream_options: { include_usage: true },
      }),
    },
    {
      title: 'An answer as JSON',
      request: () => ({
        model: best(),
        messages: [{ role: 'user', content: 'Name a wind and where it blows.' }],
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'wind',
            strict: true,
            schema: { type: 'object', properties: { name: { type: 'string' }, region: { type: 'string' } }, required: ['name', 'region'], additionalProperties: false },
          },
        },
      }),
    },
    {
      title: 'Code to fill in',
      request: () => ({ operation: 'fim', model: ofCode(), prompt: 'def fibonacci(n: int) -> int:\n', suffix: '\n\nprint(fibonacci(10))\n', max_tokens: 128, temperature: 0 }),
    },
  ];
}
