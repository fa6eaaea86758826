/** A service as the collector saw it, beside what the host said of it at that time. */
export interface OutsideView {
  /** Where the collector looked. */
  readonly address: string;
  /** Empty: both saw the same. */
  readonly differences: readonly Difference[];
  /** Why the collector could not look; null: it could. */
  readonly trouble: string | null;
  /** What of the host's own word it was compared with; another word asks for another look. */
  readonly inside: string;
}

export interface Difference {
  readonly inside: string;
  readonly outside: string;
}
