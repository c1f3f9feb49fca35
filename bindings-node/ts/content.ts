// What can be read from an answer's content.

import type { Event } from './types.js';

/** An event of a stream. What is not the provider's data is not enumerable: it is not in `JSON.stringify(event)`. */
export type StreamEvent = Event & {
  /** The text that the event adds to the first choice; empty when it adds none. */
  readonly text: string;
};

const TEXT: PropertyDescriptor = {
  get(this: Event) {
    const choices = this.choices ?? [];
    const first = choices.length === 1 ? choices[0] : choices.find((choice) => (choice.index ?? 0) === 0);
    return (first?.index ?? 0) === 0 ? contentText(first?.delta?.content) : '';
  },
  enumerable: false,
  configurable: true,
};

/** Reads an array of events. */
export function eventsFrom(text: string): StreamEvent[] {
  return withText(JSON.parse(text) as Event[]);
}

/** Gives events their text; a transcription's have one of their own. */
export function withText(events: Event[]): StreamEvent[] {
  for (const event of events) if (!('text' in event)) Object.defineProperty(event, 'text', TEXT);
  return events as StreamEvent[];
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
