import { CodedError } from '../../runtime/coded-error.js';

/** Files by name below one place: a directory, or an archive that is not unpacked. Holds descriptors: close it. */
export interface NamedFiles {
  /** For messages: the path of the directory or archive. */
  readonly place: string;
  /** Bytes, or undefined when there is no such file. @param name `blobs/sha256/…` */
  size(name: string): Promise<number | undefined>;
  /** At most `limit` bytes from the first on; a chunk stands only until the next one is asked for. */
  read(name: string, limit: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A small file, whole. @throws CodedError('image.malformed') when it is not there or larger than `maxBytes` */
export async function readNamedFile(files: NamedFiles, name: string, maxBytes: number): Promise<Buffer> {
  const size = await files.size(name);
  if (size === undefined) throw new CodedError('image.malformed', `${files.place} has no ${name}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(name, maxBytes + 1)) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxBytes) {
    throw new CodedError('image.malformed', `${name} in ${files.place} has more than ${String(maxBytes)} bytes`);
  }
  return bytes;
}
