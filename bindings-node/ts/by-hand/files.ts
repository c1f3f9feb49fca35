// Files: uploaded from a path, from bytes, from a Blob or from a stream, downloaded piece by piece.

import type { Reply } from '../answer.js';
import { GeneratedFiles } from '../resources.js';
import { Download } from '../download.js';
import type { CallOptions } from '../options.js';
import type { Input } from '../spelling.js';
import type { FileObject, FilesDownloadRequest, FilesUploadRequest } from '../types.js';
import { takeFile, type FileNaming, type FileSource } from '../upload.js';

/** A file to upload, with what is said of it. */
export type FileUpload = Omit<Exclude<Input<FilesUploadRequest>, string | Uint8Array>, 'file'> & FileNaming & { file: FileSource };

/** Files at the provider: uploaded, listed, fetched, deleted. */
export class Files extends GeneratedFiles {
  /**
   * Uploads a file: 512 MB at most. It is read while it goes out, and never lies in memory as a whole, unless it was given
   * as bytes.
   */
  async upload(request: FileUpload | Input<FilesUploadRequest>, options?: CallOptions): Promise<Reply<FileObject>> {
    const taken = takeFile(request);
    return await this.send<FileObject>('files_upload', 'FileObject', taken.request, options, taken.file);
  }

  /**
   * Fetches the content of a file, by its id, piece by piece. Nothing is awaited: errors come with the first piece.
   */
  download(file: string | Exclude<Input<FilesDownloadRequest>, string>, options?: CallOptions): Download {
    return new Download(this.sender, 'files_download', typeof file === 'string' ? { file_id: file } : file, options);
  }
}
