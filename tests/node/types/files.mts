// What a TypeScript program sees of files, batches and sound. Compiled, never run.
import { BatchRow, Client, Download, TramontaneError, type EmbeddingResponse, type FileSource, type Reply } from 'tramontane';

const client = new Client({ apiKey: 'k', baseURL: 'http://127.0.0.1:1' });

export async function files(web: ReadableStream<Uint8Array>): Promise<void> {
  const sources: FileSource[] = ['a.pdf', new URL('file:///a.pdf'), new Uint8Array(1), new ArrayBuffer(1), new Blob([]), new File([], 'a'), web];
  for (const file of sources) await client.files.upload({ file, filename: 'a.pdf', contentType: 'application/pdf', purpose: 'ocr', expiry: 24, visibility: 'user' }, { timeout: 5 });
  const file = await client.files.upload({ file: { name: 'a.txt', text: 'a' } });
  const id: string = file.id;
  // @ts-expect-error a file is no number
  await client.files.upload({ file: 7 });
  // @ts-expect-error there must be a file
  await client.files.upload({ purpose: 'ocr' });
  const download: Download = client.files.download(id, { signal: new AbortController().signal });
  for await (const piece of download) piece.byteLength.toFixed();
  new Response(client.files.download({ file_id: id }).stream());
  const whole: Uint8Array = await client.files.download({ file_id: id }).bytes();
  const written: number = await client.files.download(id).save(new URL('file:///copy'));
  const length: number | undefined = (await client.files.download(id).opened()).length;
  await using disposed = client.files.download(id);
  void [whole, written, length, disposed];
}

export async function batches(): Promise<void> {
  const job = await client.batch.wait('job', { onProgress: ({ status }) => status.length, timeout: 5, interval: 1, signal: null });
  for await (const row of client.batch.results(job)) {
    const name: string | undefined = row.customId;
    const text: string | undefined = row.data?.text;
    const error: TramontaneError | undefined = row.error;
    void [name, text, error, row.unwrap().usage];
  }
  for await (const row of client.batch.results<Reply<EmbeddingResponse>>('job')) {
    const same: BatchRow<Reply<EmbeddingResponse>> = row;
    same.unwrap().data.length.toFixed();
  }
  // @ts-expect-error a job is waited for by its id
  await client.batch.wait(7);
}

export async function sound(): Promise<void> {
  const model = 'voxtral-mini-2602';
  const { text } = await client.audio.transcriptions.create({ model, file: new Blob([]), filename: 'a.mp3', timestampGranularities: ['word'] });
  await client.audio.transcriptions.create({ model, fileUrl: 'https://example.com/a.mp3' });
  const stream = client.audio.transcriptions.stream({ model, file: 'a.mp3', diarize: true });
  for await (const event of stream) event.type.length.toFixed();
  for await (const piece of stream.textStream()) piece.toUpperCase();
  const language: string | null | undefined = (await stream.final()).language;
  // @ts-expect-error a model is needed
  await client.audio.transcriptions.create({ file: 'a.mp3' });
  const audio: Uint8Array = (await client.audio.speech.create({ model: 'voxtral-mini-tts-2603', input: text })).audio;
  for await (const piece of client.audio.speech.stream({ model: 'voxtral-mini-tts-2603', input: text }).audioStream()) piece.byteLength.toFixed();
  void [language, audio];
}

export async function spellings(id: string): Promise<void> {
  await client.files.retrieve({ fileId: id });
  await client.files.retrieve({ file_id: id });
  await client.files.signedUrl({ fileId: id, expiry: 2 });
  await client.conversations.append({ conversationId: id, inputs: 'More' });
  await client.conversations.append({ conversation_id: id, inputs: 'More', completionArgs: { maxTokens: 5 } });
  // @ts-expect-error the id is needed, in one of its spellings
  await client.files.retrieve({});
  // @ts-expect-error ids are text
  await client.files.retrieve({ fileId: 7 });
}
