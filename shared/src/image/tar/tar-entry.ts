/** What an archive says of one member. Names are bytes, one character each (`latin1`), as they stand in the archive. */
export interface TarEntry {
  readonly kind: TarKind;
  readonly name: string;
  /** Of a symlink or hard link; else empty. */
  readonly linkName: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of content, holes included; 0 for what has none. */
  readonly size: number;
  /** Where the content begins in the archive. */
  readonly offset: number;
  /** Whether the content is stored in one piece, from `offset` on. */
  readonly contiguous: boolean;
}

export type TarKind = 'file' | 'hard-link' | 'symlink' | 'directory' | 'character-device' | 'block-device' | 'fifo';
