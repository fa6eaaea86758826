/** A file's number, and that of the file system it is on: two of one host are the same file if these are equal. */
export function fileId({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${String(dev)}:${String(ino)}`;
}
