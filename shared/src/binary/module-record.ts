import type { BinaryObservation } from './binary-facts.js';
import type { HmacAlgorithm } from './module/known-boring-modules.js';

/** What a publisher puts on record of the module in a binary, so that this build of it is known from then on. */
export interface ModuleRecord {
  readonly hmac: HmacAlgorithm;
  /** Hex. */
  readonly hash: string;
  /** Of the hashed text, in bytes. */
  readonly length: number;
}

/** Null unless the binary holds a BoringCrypto module whose bytes are whole. */
export function moduleRecordOf(observation: BinaryObservation): ModuleRecord | null {
  if (observation.state !== 'program' || observation.facts.boring.state !== 'found') return null;
  const { hmac, hash, length } = observation.facts.boring;
  return { hmac, hash, length };
}
