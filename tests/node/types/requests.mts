// Requests, as types: both spellings, unions of chunks and tools, and what must not compile.
import { check, Client, type ChatRequest, type FimRequest, type KnownModel, type MessageParam } from 'tramontane';

const client = new Client({ apiKey: 'k' });
const messages: MessageParam[] = [{ role: 'user', content: 'hi' }];

export const model: KnownModel = 'mistral-small-2603';
// @ts-expect-error a name that articles print is no known model, and no known model is retired
export const documented: KnownModel = 'mistral-small-4';

// Any other name is possible too.
check({ model: 'ft:my-own', messages });

const plain: ChatRequest = { model, messages, max_tokens: 5, top_p: 0.5, response_format: { type: 'json_object' } };
check(plain);
check({ model, messages, maxTokens: 5, topP: 0.5, responseFormat: { type: 'json_schema', jsonSchema: { name: 'a', schema: { any_thing: { at_all: 1 } } } } });
check({
  model,
  messages: [
    { role: 'system', content: 'x' },
    { role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url', imageUrl: 'https://example.com/a.png' }, { type: 'document_url', document_url: 'x' }] },
    { role: 'assistant', toolCalls: [{ id: 'abcdefghi', function: { name: 'f', arguments: { any_key: 1 } } }] },
    { role: 'tool', tool_call_id: 'abcdefghi', content: 'x' },
  ],
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', additional_properties: false } } }, { type: 'web_search' }],
  tool_choice: { type: 'function', function: { name: 'f' } },
});

// @ts-expect-error another API's word
check({ model, messages, seed: 5 });
// @ts-expect-error another API's word, in camel case
check({ model, messages, maxCompletionTokens: 5 });
// @ts-expect-error a misspelt field
check({ model, messages, temprature: 1 });
// @ts-expect-error a number as text
check({ model, messages, maxTokens: '5' });
// @ts-expect-error a role that does not exist
check({ model, messages: [{ role: 'developer', content: 'x' }] });
// @ts-expect-error no messages
check({ model });
// @ts-expect-error a chunk without what it is about
check({ model, messages: [{ role: 'user', content: [{ type: 'image_url' }] }] });

/** Code between a prompt and a suffix: what it is, is said by the method, or in the request. */
export async function fill(): Promise<string> {
  const request: FimRequest = { model: 'codestral-2508', prompt: 'def f(', suffix: null, max_tokens: 5 };
  check({ operation: 'fim', model, prompt: 'x', maxTokens: 5 });
  // @ts-expect-error nothing says that this is no chat
  check({ model, prompt: 'x' });
  // @ts-expect-error a field of chats
  await client.fim.complete({ model, prompt: 'x', messages });
  // @ts-expect-error no prompt
  client.fim.stream({ model });
  for await (const { text } of client.fim.stream({ ...request, topP: 0.5 })) text.trim();
  return (await client.fim.complete(request)).text;
}

/** An answer may be part of the next request. */
export async function talk(): Promise<void> {
  const reply = await client.chat.complete(plain);
  const said = reply.choices[0]?.message;
  if (said) await client.chat.complete({ model, messages: [...messages, said, { role: 'user', content: 'and then?' }] });
  for (const call of reply.toolCalls) {
    const named: string = call.function.name;
    await client.chat.complete({ ...plain, messages: [...messages, { role: 'tool', name: named, toolCallId: call.id, content: '{}' }] });
  }
}
