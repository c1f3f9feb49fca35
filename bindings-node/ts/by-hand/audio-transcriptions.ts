// Sound to text: the recording is a path, bytes, a Blob, a stream, a URL, or the id of a file that was uploaded before.

import type { Reply } from '../answer.js';
import { GeneratedAudioTranscriptions } from '../resources.js';
import type { CallOptions } from '../options.js';
import type { Input } from '../spelling.js';
import { TranscriptionStream } from '../stream.js';
import type { Transcription, TranscriptionRequest } from '../types.js';
import { takeFile, type FileNaming, type FileSource } from '../upload.js';

/** A recording to write down: `file`, with its content, or where it is to be had. */
export type RecordingInput =
  | (Omit<Exclude<Input<TranscriptionRequest>, string | Uint8Array>, 'file'> & FileNaming & { file: FileSource })
  | Input<TranscriptionRequest>;

/** Sound to text. */
export class AudioTranscriptions extends GeneratedAudioTranscriptions {
  /** Writes down what is said in a recording: `file`, `fileUrl` or `fileId`. */
  async create(request: RecordingInput, options?: CallOptions): Promise<Reply<Transcription>> {
    const taken = takeFile(request);
    return await this.send<Transcription>('audio_transcription', 'Transcription', taken.request, options, taken.file);
  }

  /** Writes down what is said in a recording, in pieces. Errors of the provider come with the first event. */
  stream(request: RecordingInput, options?: CallOptions): TranscriptionStream {
    const taken = takeFile(request);
    return new TranscriptionStream(this.sender, 'audio_transcription_stream', taken.request, options, taken.file);
  }
}
