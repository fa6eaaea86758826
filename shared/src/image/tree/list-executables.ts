import type { Digest } from '../../hashing/digest.js';
import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';
import { isAbsolutePathText, pathText } from '../../subject/path-text.js';
import type { FileSystemTree } from './file-system-tree.js';
import type { FileContent } from './tree-node.js';

/** An executable or shared library of an image. */
export interface ImageFile {
  /** Path text, from the image's root. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes, decimal. */
  readonly size: string;
  /** Four octal digits: setuid, setgid, sticky, then permissions. */
  readonly mode: string;
}

/**
 * Every regular file that has an execute bit or begins as an ELF object, under each of its names.
 * @throws CodedError('image.unsupported') for a path no manifest can hold
 */
export function listExecutables(tree: FileSystemTree): ImageFile[] {
  const files: ImageFile[] = [];
  for (const { path, node } of tree.entries()) {
    if (node.kind === 'file' && node.content.digest !== undefined)
      files.push(imageFile(path, node.content, node.content.digest));
  }
  return files;
}

/** @param path bytes, one character each (`latin1`) */
export function imageFile(path: string, { size, mode }: FileContent, digest: Digest): ImageFile {
  const text = pathText(Buffer.from(path, 'latin1'));
  if (!isAbsolutePathText(text)) {
    throw new CodedError('image.unsupported', `the path ${printable(text.slice(0, 200))}… is too long to be listed`);
  }
  return { path: text, digest, size: String(size), mode: mode.toString(8).padStart(4, '0') };
}
