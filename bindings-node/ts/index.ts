// tramontane: LLM requests that are checked before they are sent.

export { build, check, Decoder, estimateCost, models, parse, providers, resolve } from './doors.js';
export type { HeadersInput, ModelQuery, RequestInput, ResolveOptions, Use } from './doors.js';
export type { ChatInput, EitherSpelling, FimInput } from './spelling.js';
export { Chat, Client, Fim } from './client.js';
export { ChatStream } from './stream.js';
export type { StreamEvent } from './content.js';
export type { ChatReply, Surroundings } from './answer.js';
export type { CallOptions, ClientOptions, Policy } from './options.js';
export * from './errors.js';
export type * from './types.js';
