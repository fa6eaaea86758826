/** A frame that breaks RFC 8878, or asks for more memory than this decoder gives. Says no more than the reader can use. */
export class CorruptZstd extends Error {
  constructor(what: string) {
    super(`zstd data is corrupt: ${what}`);
    this.name = 'CorruptZstd';
  }
}
