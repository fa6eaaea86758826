import { createReadStream } from 'node:fs';
import { CodedError } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';
import { pathText } from '../subject/path-text.js';
import { openBelow } from './walk-path.js';

/** The bytes of a regular file below a root directory, in chunks. @throws CodedError('file.unreadable') */
export async function* readBelow(root: string, path: Buffer): AsyncIterable<Uint8Array> {
  const opened = await openBelow(root, path);
  if (opened.state !== 'opened') {
    throw new CodedError(
      'file.unreadable',
      `${printable(pathText(path))} below ${root} can't be read (${opened.state})`,
    );
  }
  try {
    const stream = createReadStream('', { fd: opened.fd, autoClose: false, start: 0, highWaterMark: 256 * 1024 });
    for await (const chunk of stream) yield chunk as Buffer;
  } finally {
    await opened.close();
  }
}
