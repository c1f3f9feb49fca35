// Loads the native module. Nothing else may name it.

/** What the native module exports: text in, text out. */
export interface Native {
  call(name: string, parameter: string): string;
  callWithRequest(name: string, request: string, rest: string): string;
  collect(operation: string, batches: string[]): string;
  runCommand(args: string[]): number;
  telemetry(operation: string, provider?: string, baseUrl?: string): string;
  Bridge: new (deliver: (id: number, kind: number, text: string, meta: string, vectors: Uint8Array | null) => void) => NativeBridge;
  Budget: new (options: string) => NativeBudget;
  Client: new (options: string, budget?: NativeBudget, limiter?: NativeLimiter) => NativeClient;
  FileInput: {
    path(path: string, name?: string, contentType?: string): NativeFileInput;
    bytes(bytes: Uint8Array, name: string, contentType?: string): NativeFileInput;
    pieces(length: number | undefined, name: string, contentType?: string): NativeFileInput;
  };
  Decoder: new (provider: string, operation: string) => NativeDecoder;
  Limiter: new (options: string) => NativeLimiter;
  Sandbox: new (options: string) => NativeSandbox;
}

export interface NativeSandbox {
  readonly url: string;
  readonly key: string;
  stop(): void;
}

export interface NativeBridge {
  cancel(id: number): void;
  more(id: number, reads: number): void;
}

export interface NativeBudget {
  state(): number[];
}

/** Known by its identity alone. */
export type NativeLimiter = object;

export interface NativeClient {
  baseUrl(): string | null;
  cost(answer: string, around: string, options?: string): string;
  rows(endpoint: string, model?: string): NativeRowReader;
  withOptions(options: string, budget?: NativeBudget, limiter?: NativeLimiter): NativeClient;
  complete(bridge: NativeBridge, id: number, operation: string, request: string, options?: string, file?: NativeFileInput): void;
  open(bridge: NativeBridge, id: number, operation: string, request: string, options?: string, file?: NativeFileInput): void;
  download(bridge: NativeBridge, id: number, operation: string, request: string, options?: string): void;
}

export interface NativeFileInput {
  push(piece: Uint8Array): void;
  end(): void;
  fail(why: string): void;
}

export interface NativeRowReader {
  readonly answer: string;
  push(bytes: Uint8Array): string;
  end(): string;
}

export interface NativeDecoder {
  push(bytes: Uint8Array): string;
  finish(): string;
  partial(): string;
}

/** `linux-x64-gnu` and so on: the name of the package with the module for this machine. */
function platform(): string {
  if (process.platform === 'linux') return `linux-${process.arch}-${musl() ? 'musl' : 'gnu'}`;
  if (process.platform === 'win32') return `win32-${process.arch}-msvc`;
  return `${process.platform}-${process.arch}`;
}

function musl(): boolean {
  // `getReport()` is slow, because it looks at the network too; the loader's own libraries tell as well.
  const report = process.report as { excludeNetwork?: boolean; getReport(): unknown } | undefined;
  if (!report) return false;
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (before !== undefined) report.excludeNetwork = before;
  return header.glibcVersionRuntime === undefined;
}

function load(): Native {
  const tried: string[] = [];
  const attempt = (name: string): Native | undefined => {
    try {
      return require(name) as Native;
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
      return undefined;
    }
  };
  // On Linux the usual case is tried before the question which C library it is.
  if (process.platform === 'linux') {
    const found = attempt(`../npm/linux-${process.arch}-gnu/tramontane.node`) ?? attempt(`@tramontane/linux-${process.arch}-gnu`);
    if (found) return found;
  }
  const name = platform();
  const found = attempt(`../npm/${name}/tramontane.node`) ?? attempt(`@tramontane/${name}`);
  if (found) return found;
  throw new Error(
    `tramontane has no native module for ${name} here; install \`@tramontane/${name}\` ` +
      `(npm leaves it out with --omit=optional), or use \`@tramontane/edge\`. Tried:\n  ${tried.join('\n  ')}`,
  );
}

export const native: Native = load();
