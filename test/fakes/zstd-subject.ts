/**
 * Bytes that make a compressor use all it has, the same every time: words, repeats near and far, noise and zeros.
 * `test/vectors/zstd` holds what zstd 1.5.4 made of them.
 */
export function zstdSubject(bytes: number, seed = 1): Buffer {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const words = Array.from({ length: 300 }, () =>
    String.fromCharCode(...Array.from({ length: 2 + next(9) }, () => 97 + next(26))),
  );
  const parts: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const kind = next(40);
    const text = Array.from({ length: 1 + next(30) }, () => words[next(300)]).join(' ');
    const part =
      kind === 0
        ? Buffer.alloc(next(5000))
        : kind === 1
          ? Buffer.from(Array.from({ length: next(200) }, () => next(256)))
          : kind < 5
            ? (parts[next(parts.length + 1)] ?? Buffer.from('.'))
            : Buffer.from(text);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts).subarray(0, bytes);
}
