// The border to the module: texts are written into its memory, and its answers read out of it. The other half is `border/`.

/** What the module exports. Lengths are in bytes; each call reads what was written, and gives the place of its answer. */
interface Exports {
  memory: WebAssembly.Memory;
  room(bytes: number): number;
  length(): number;
  call(name: number, parameter: number): number;
  call_request(name: number, request: number, rest: number): number;
  decoder_open(provider: number, operation: number): number;
  decoder_push(decoder: number, bytes: number): number;
  decoder_finish(decoder: number): number;
  decoder_partial(decoder: number): number;
  decoder_close(decoder: number): void;
}

let module: WebAssembly.Module;
let wasm: Exports | undefined;

/** What the running module exports; nothing before it was started. */
export const running = (): Exports | undefined => wasm;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Starts a module. */
export function start(source: WebAssembly.Module | BufferSource): void {
  module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  restart();
}

/** Leaves the instance as it is, and takes a new one. */
export function restart(): void {
  wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
}

function exported(): Exports {
  return wasm as Exports;
}

/** Writes texts one behind the other, and gives their lengths. */
function write(...texts: string[]): number[] {
  let letters = 0;
  for (const text of texts) letters += text.length;
  // A letter of JavaScript's takes three bytes at most.
  const room = bytesAt(exported().room(letters * 3), letters * 3);
  const lengths: number[] = [];
  let used = 0;
  for (const text of texts) {
    const { written } = encoder.encodeInto(text, used ? room.subarray(used) : room);
    lengths.push(written);
    used += written;
  }
  return lengths;
}

function read(at: number): string {
  return decoder.decode(bytesAt(at, exported().length()));
}

// The memory's buffer is another one whenever it has grown.
const bytesAt = (at: number, length: number): Uint8Array<ArrayBuffer> => new Uint8Array(exported().memory.buffer as ArrayBuffer, at >>> 0, length);

/** Runs an operation on a parameter. */
export function call(name: string, parameter: string): string {
  const [first = 0, second = 0] = write(name, parameter);
  return read(exported().call(first, second));
}

/** Runs an operation on a request that is text already. */
export function callRequest(name: string, request: string, rest: string): string {
  const [first = 0, second = 0, third = 0] = write(name, request, rest);
  return read(exported().call_request(first, second, third));
}

/** Opens a decoder, and gives its number. */
export function openDecoder(provider: string, operation: string): number {
  const [first = 0, second = 0] = write(provider, operation);
  return exported().decoder_open(first, second);
}

/** Gives a decoder the next bytes of its stream. */
export function push(decoder: number, bytes: Uint8Array): string {
  bytesAt(exported().room(bytes.length), bytes.length).set(bytes);
  return read(exported().decoder_push(decoder, bytes.length));
}

/** Ends a decoder's stream. */
export function finish(decoder: number): string {
  return read(exported().decoder_finish(decoder));
}

/** What a decoder has so far. */
export function partial(decoder: number): string {
  return read(exported().decoder_partial(decoder));
}

/** Forgets a decoder. */
export function closeDecoder(decoder: number): void {
  exported().decoder_close(decoder);
}
