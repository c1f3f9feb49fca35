// Files on their way out: a path, bytes, or pieces that are given when they are wanted.

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { invalid } from './errors.js';
import { native, type NativeFileInput } from './native.js';
import { isBytes } from './text.js';
import type { FilePartParam } from './types.js';

/** A sequence of bytes in pieces: a stream of Node's or of the web, or a generator. */
export type Pieces = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * A file to upload: its path (or a `file:` URL), its bytes, a `Blob` or `File`, or its pieces. A path and bytes are read
 * again when the upload has to be repeated; pieces can be had once.
 */
export type FileSource = string | URL | Uint8Array | ArrayBuffer | Blob | Pieces;

/** What can be said of a file beside its content. */
export interface FileNaming {
  /** Its name, as the provider shall know it; that of the path, or of the `File`, when absent. */
  filename?: string | undefined;
  /** What it is, for example `application/pdf`; told from the name's ending when absent. */
  contentType?: string | undefined;
  content_type?: string | undefined;
}

/** A file on its way out, of one call. */
export class Outgoing {
  readonly #source: AsyncIterator<unknown> | undefined;
  readonly native: NativeFileInput;
  /** What the caller's own pieces failed with, for the error of the call. */
  cause: ErrorOptions | undefined;

  constructor(made: NativeFileInput, source?: AsyncIterator<unknown>) {
    this.native = made;
    this.#source = source;
  }

  /** Gives the piece that is wanted. Never throws: what goes wrong ends the call. */
  give(): void {
    this.#next().then(
      (piece) => (piece === undefined ? this.native.end() : this.native.push(piece)),
      (cause: unknown) => {
        this.cause = { cause };
        this.native.fail(cause instanceof Error ? cause.message : String(cause));
      },
    );
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await (this.#source as AsyncIterator<unknown>).next();
      if (done) return undefined;
      const piece = isBuffer(value) ? new Uint8Array(value) : value;
      if (!isBytes(piece)) throw new TypeError(`a piece must be a Uint8Array, not a ${typeof value}`);
      // An empty piece is not the end.
      if (piece.length > 0) return piece;
    }
  }

  /** The call is over: whoever makes the pieces may tidy up. */
  close(): void {
    this.#source?.return?.().catch(() => {});
  }
}

/** Takes a file out of a request: what is left of the request, and the file. A file that stands in it as data stays. */
export function takeFile(request: unknown): { request: unknown; file?: Outgoing } {
  if (typeof request !== 'object' || request === null || isBytes(request)) return { request };
  const { file, filename, contentType, content_type, ...rest } = request as FileNaming & { file?: unknown };
  if (file == null) {
    // Names without a file are for the check to refuse.
    return { request };
  }
  const kind = contentType ?? content_type;
  for (const [name, value] of Object.entries({ filename, contentType: kind })) {
    if (value !== undefined && typeof value !== 'string') throw invalid(`\`${name}\` must be a string, not ${value === null ? 'null' : `a ${typeof value}`}`, name);
  }
  const made = outgoing(file as FileSource, filename, kind);
  return made === undefined ? { request } : { request: rest, file: made };
}

/** A file to send; `undefined` when it is data. */
function outgoing(file: FileSource | FilePartParam, filename: string | undefined, kind: string | undefined): Outgoing | undefined {
  const { FileInput } = native;
  if (typeof file === 'string') return new Outgoing(FileInput.path(file, filename, kind));
  if (file instanceof URL) return new Outgoing(FileInput.path(pathOf(file), filename, kind));
  if (isBytes(file)) return new Outgoing(FileInput.bytes(file, named(filename), kind));
  if (isBuffer(file)) return new Outgoing(FileInput.bytes(new Uint8Array(file), named(filename), kind));
  if (typeof file !== 'object') throw invalid(`a file is a path, bytes, a Blob or a stream, not a ${typeof file}`, 'file');
  if (isBlob(file)) {
    const { name } = file as Blob & { name?: unknown };
    const known = named(filename ?? (typeof name === 'string' && name !== '' ? name : undefined));
    return new Outgoing(FileInput.pieces(file.size, known, kind ?? (file.type || undefined)), piecesOf(file.stream()));
  }
  const pieces = piecesOf(file as Pieces);
  if (pieces === undefined) return undefined;
  // What `createReadStream` gives knows where it reads.
  const { path } = file as { path?: unknown };
  const known = filename ?? (typeof path === 'string' && path !== '' ? basename(path) : undefined);
  return new Outgoing(FileInput.pieces(undefined, named(known), kind), pieces);
}

function named(filename: string | undefined): string {
  if (filename === undefined) throw invalid('the file has no name; say `filename`', 'filename');
  return filename;
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw invalid('the URL of a file to upload must be a `file:` URL', 'file', { cause });
  }
}

/** Of whatever realm. */
function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function isBlob(value: object): value is Blob {
  return /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(value)) && typeof (value as Blob).stream === 'function';
}

function piecesOf(file: Pieces): AsyncIterator<unknown> | undefined {
  return (file as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator]?.();
}
