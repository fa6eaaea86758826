const NEWLINE = 0x0a;

/** The lines of a kernel table, without their newlines; an empty last one is none. */
export function* linesOf(bytes: Buffer): Iterable<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from);
    const end = newline === -1 ? bytes.length : newline;
    yield bytes.subarray(from, end);
    from = end + 1;
  }
}
