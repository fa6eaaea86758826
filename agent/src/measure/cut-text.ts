/** Text that takes at most `maxBytes` of UTF-8; where it was cut stands `…`. */
export function cutText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const kept: string[] = [];
  let left = maxBytes - Buffer.byteLength(MARK);
  for (const char of text) {
    left -= Buffer.byteLength(char);
    if (left < 0) break;
    kept.push(char);
  }
  return kept.join('') + MARK;
}

const MARK = '…';
