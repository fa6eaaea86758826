/** The lines of a configuration file, without the white space around them. */
export function textLines(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
}
