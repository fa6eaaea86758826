import type { FinishedHandshake, Handshake } from './complete-handshake.js';
import type { Interview } from './interview.js';

export interface FinishedHandshakes {
  readonly handshakes: readonly FinishedHandshake[];
  /** Why a certificate may not have been seen. */
  readonly troubles: readonly string[];
}

export interface HandshakeQuestion {
  /** Null: nothing is finished. */
  readonly handshake: Handshake | null;
  readonly serverName: string | undefined;
  /** PEM. */
  readonly authorities: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * The second pass: finished handshakes, one for each kind of key the server can sign TLS 1.3 with, as it shows the
 * certificate that goes with what its client can check (RFC 8446 §4.4.2.2).
 * @param schemes names of the signature schemes accepted in TLS 1.3
 */
export async function learnHandshakes(
  interview: Interview,
  schemes: readonly string[],
  question: HandshakeQuestion,
): Promise<FinishedHandshakes> {
  const { handshake, serverName, authorities, signal } = question;
  if (handshake === null) return { handshakes: [], troubles: [] };
  const shake = (restriction: { signatureSchemes?: readonly string[] }): Promise<FinishedHandshake | null> =>
    interview.connect(
      (timeoutMs) => handshake({ serverName, authorities, timeoutMs, signal, ...restriction }),
      () => null,
    );
  const kinds = byKeyKind(schemes);
  if (kinds.length <= 1) return { handshakes: finished([await shake({})]), troubles: [] };
  const shaken = await Promise.all(kinds.map((signatureSchemes) => shake({ signatureSchemes })));
  const missing = kinds.filter((_, index) => shaken[index] === null);
  const troubles = missing.map((kind) => `TLS 1.3 certificate for ${kind.join(', ')}: no handshake could be finished`);
  return { handshakes: finished(shaken), troubles };
}

function finished(shaken: readonly (FinishedHandshake | null)[]): FinishedHandshake[] {
  return shaken.filter((each) => each !== null);
}

/** RSA keys sign with any hash; of the others every scheme has a key of its own. */
function byKeyKind(schemes: readonly string[]): string[][] {
  const kinds = new Map<string, string[]>();
  for (const name of schemes) {
    const kind = /^rsa_(pss_pss|pss_rsae|pkcs1)/.exec(name)?.[0].replace('pkcs1', 'pss_rsae') ?? name;
    kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  }
  return [...kinds.values()];
}
