// tramontane: LLM requests that are checked before they are sent.

export { build, check, Decoder, estimateCost, models, parse, providers, resolve } from './doors.js';
export { lintText } from './lint.js';
export type { LintOptions } from './lint.js';
export type { HeadersInput, ModelQuery, RequestInput, ResolveOptions, Use } from './doors.js';
export type { ChatInput, EitherSpelling, FimInput, Input } from './spelling.js';
export { Client } from './client.js';
export { Chat } from './by-hand/chat.js';
export type { ParsedReply, StandardResult, StandardSchema } from './by-hand/chat.js';
export { Models } from './by-hand/models.js';
export { Paged } from './page.js';
export * from './resources.js';
export { Budget, Limiter } from './settings.js';
export type { BudgetOptions, KeyOptions, KeySource, LimiterOptions } from './settings.js';
export { ChatStream, ConversationStream } from './stream.js';
export type { StreamEvent } from './content.js';
export type { ChatReply, ConversationReply, OcrReply, Reply, Surroundings } from './answer.js';
export type { PreparedInput, SentReply } from './relay.js';
export type { CallOptions, ClientOptions, Policy } from './options.js';
export * from './errors.js';
export type * from './types.js';
