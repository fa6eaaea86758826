/**
 * The objects that `/etc/ld.so.preload` forces into every dynamic program: words between white space and colons,
 * `#` to the end of a line is a comment (glibc, elf/rtld.c, do_preload).
 */
export function parsePreloadList(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1').replace(/#[^\n]*/g, '');
  return text
    .split(/[\s:\0]+/)
    .filter((word) => word !== '')
    .map((word) => Buffer.from(word, 'latin1'));
}
