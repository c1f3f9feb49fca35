// What can be read from an answer's content.

import type { ConversationEvent, Event, SpeechEvent, TranscriptionEvent } from './types.js';

/** An event, of whatever stream. */
export type AnyEvent = Event | ConversationEvent | TranscriptionEvent | SpeechEvent;

/** An event of a stream. What is not the provider's data is not enumerable: it is not in `JSON.stringify(event)`. */
export type StreamEvent<E = Event> = E & {
  /** The text that the event adds to the answer (of a chat, to its first choice); empty when it adds none. */
  readonly text: string;
};

const TEXT: PropertyDescriptor = {
  get(this: Event & { type?: string; content?: unknown }) {
    if (this.type === 'message.output.delta') return contentText(typeof this.content === 'string' ? this.content : [this.content].flat());
    const choices = this.choices ?? [];
    const first = choices.length === 1 ? choices[0] : choices.find((choice) => (choice.index ?? 0) === 0);
    return (first?.index ?? 0) === 0 ? contentText(first?.delta?.content) : '';
  },
  enumerable: false,
  configurable: true,
};

/** Reads an array of events. */
export function eventsFrom<E extends AnyEvent = Event>(text: string): StreamEvent<E>[] {
  return withText(JSON.parse(text) as E[]);
}

/** Gives events their text; a transcription's have one of their own. */
export function withText<E extends AnyEvent>(events: E[]): StreamEvent<E>[] {
  for (const event of events) if (!('text' in event)) Object.defineProperty(event, 'text', TEXT);
  return events as StreamEvent<E>[];
}

/** The text of a content: a string as it is, the text chunks of a list in their order. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const chunk of content as { type?: string; text?: unknown }[]) {
    if (chunk?.type === 'text' && typeof chunk.text === 'string') text += chunk.text;
  }
  return text;
}
