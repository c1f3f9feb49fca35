// Requests in either spelling, as types: `max_tokens` or `maxTokens`. What the caller owns (JSON Schemas, metadata,
// arguments) has no spelling of ours.

import type { ChatRequest, FimRequest } from './generated.js';

type CamelKey<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : Key;

/** The keys that camel case changes. */
type Snake<T> = Extract<keyof T, `${string}_${string}`>;

/** A part of a request in either spelling; parts of it may differ. Maps with keys of the caller's choice stay as they are. */
export type EitherSpelling<T> = T extends readonly (infer Item)[]
  ? readonly EitherSpelling<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : Fields<T> | ([Snake<T>] extends [never] ? never : CamelFields<T>)
    : T;

type Fields<T> = { [Key in keyof T]: EitherSpelling<T[Key]> };
type CamelFields<T> = { [Key in keyof T as Key extends string ? CamelKey<Key> : Key]: EitherSpelling<T[Key]> };

/** A whole request in either spelling: fields of both may stand beside each other. */
type Either<Request> = Fields<Omit<Request, Needed<Request>>> & Needs<Request> & {
  [Key in Exclude<Snake<Request>, Needed<Request>> as CamelKey<Key>]?: EitherSpelling<Request[Key]>;
};

/** The keys with two spellings that must be there, in one of them. */
type Needed<Request> = { [Key in Snake<Request>]-?: undefined extends Request[Key] ? never : Key }[Snake<Request>];

type Needs<Request> = [Needed<Request>] extends [never] ? unknown : AllOf<{ [Key in Needed<Request>]: (given: OneOf<Request, Key>) => void }[Needed<Request>]>;
type OneOf<Request, Key extends keyof Request & string> = { [Name in Key]: EitherSpelling<Request[Key]> } | { [Name in CamelKey<Key>]: EitherSpelling<Request[Key]> };
type AllOf<Takers> = Takers extends never ? never : (Takers extends unknown ? Takers : never) extends infer Each ? ([Each] extends [(given: infer All) => void] ? All : never) : never;

/** A request in either spelling, as data or as JSON text. */
export type Input<Request> = Either<Request> | string | Uint8Array;

/** A chat request in either spelling. */
export type ChatInput = Either<ChatRequest>;

/** A request to fill in the middle, in either spelling. Where no method says what it is, `operation` does. */
export type FimInput = Either<FimRequest>;
