// Pages: one request gives the first, the rest are fetched while they are walked through.

import type { Reply } from './answer.js';
import { invalid, ResponseDecodeError } from './errors.js';

/** An answer that is a page of a list. */
interface ListAnswer<Item> {
  data: Item[];
  total?: number | null;
}

/** A list that is fetched when it is awaited (its first page) or iterated (all of them, one request for each page). */
export class Paged<Item, Answer> implements PromiseLike<Reply<Answer>>, AsyncIterable<Item> {
  readonly #fetch: (request: Record<string, unknown>) => Promise<Reply<Answer>>;
  readonly #request: unknown;
  #first: Promise<Reply<Answer>> | undefined;

  /** @internal */
  constructor(fetch: (request: Record<string, unknown>) => Promise<Reply<Answer>>, request: unknown) {
    this.#fetch = fetch;
    this.#request = request;
  }

  /** The first page, with what stands around it. */
  first(): Promise<Reply<Answer>> {
    return (this.#first ??= this.#page(0));
  }

  /** Awaiting a list gives its first page. */
  then<Result = Reply<Answer>, Failure = never>(
    fulfilled?: ((page: Reply<Answer>) => Result | PromiseLike<Result>) | null,
    rejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.first().then(fulfilled, rejected);
  }

  /** Every page. */
  async *pages(): AsyncGenerator<Reply<Answer>, void, undefined> {
    const size = this.#fields()['page_size'] ?? this.#fields()['pageSize'];
    let seen = 0;
    let before = '';
    for (let at = 0; ; at++) {
      const page = at === 0 ? await this.first() : await this.#page(at);
      const { data, total } = page as unknown as ListAnswer<Item>;
      // Who gives the same page again would give it for ever.
      const text = JSON.stringify(data ?? []);
      if (text === before) throw repeated(this.#number(at), page.requestId);
      before = text;
      yield page;
      const found = data?.length ?? 0;
      seen += found;
      if (found === 0 || (total != null && seen >= total) || (total == null && typeof size === 'number' && found < size)) return;
    }
  }

  /** Everything on all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* (page as unknown as ListAnswer<Item>).data ?? [];
  }

  #fields(): Record<string, unknown> {
    if (typeof this.#request === 'object' && this.#request !== null && !(this.#request instanceof Uint8Array)) return this.#request as Record<string, unknown>;
    throw invalid('a list is asked for with an object');
  }

  async #page(at: number): Promise<Reply<Answer>> {
    const fields = this.#fields();
    return await this.#fetch(at === 0 ? fields : { ...fields, page: this.#number(at) });
  }

  #number(at: number): number {
    const first = this.#fields()['page'];
    return (typeof first === 'number' ? first : 0) + at;
  }
}

function repeated(page: number, requestId: string | undefined): ResponseDecodeError {
  return new ResponseDecodeError({
    kind: 'decode',
    message: `page ${page} of the list is the same as the one before it`,
    hint: 'the server seems to ignore `page`: `first()` is all that it gives',
    request_id: requestId ?? null,
  });
}
