import { IANA_CIPHER_SUITES } from './iana-cipher-suites.js';
import type { ProtocolVersion } from './protocol-version.js';
import { UNREGISTERED_CIPHER_SUITES } from './unregistered-cipher-suites.js';

export interface CipherSuite {
  readonly id: number;
  readonly name: string;
  /** `ECDHE_RSA`, `DH_anon`, `PSK`; null in TLS 1.3, where the suite does not say. */
  readonly keyExchange: string | null;
}

/** RFC 8446 §B.4 and after: no key exchange in the name, an AEAD and a hash. */
const TLS13_NAMES = /^TLS_(AES_|CHACHA20_|AEGIS_|SM4_|SHA\d+_SHA\d+$|GOSTR341112_256_WITH_\w+_MGM_[LS]$)/;

const KEY_EXCHANGES = [/^ECDHE_(ECDSA|RSA)$/, /^DHE_(RSA|DSS)$/, /^RSA$/, /^ECDH_(ECDSA|RSA)$/];
const CIPHERS = [/AES_256_GCM/, /AES_128_GCM/, /CHACHA20/, /AES_256_CCM/, /AES_128_CCM/, /AES_256/, /AES_128/];

/** Every known suite: AES-GCM first, the strongest first; the others after it in the same manner. */
export const CIPHER_SUITES: readonly CipherSuite[] = [...IANA_CIPHER_SUITES, ...UNREGISTERED_CIPHER_SUITES]
  .map(([id, name]) => ({ id, name, keyExchange: keyExchangeOf(name) }))
  .sort((a, b) => rank(a) - rank(b) || a.id - b.id);

const BY_ID = new Map(CIPHER_SUITES.map((suite) => [suite.id, suite]));

const ID_BY_NAME = new Map(CIPHER_SUITES.map(({ id, name }) => [name, id]));

/** The number of a name in an observation; undefined for one that never was in the list. */
export function suiteId(name: string): number | undefined {
  return ID_BY_NAME.get(name);
}

export function suiteOf(id: number): CipherSuite {
  return BY_ID.get(id) ?? { id, name: `suite 0x${id.toString(16).padStart(4, '0')}`, keyExchange: 'unknown' };
}

export function suiteName(id: number): string {
  return suiteOf(id).name;
}

/** What can be offered in a version: TLS 1.3's suites in TLS 1.3 alone, all others in all versions before it. */
export function suitesFor(version: ProtocolVersion): readonly number[] {
  const is13 = version === 'TLS 1.3';
  return CIPHER_SUITES.filter(({ keyExchange }) => (keyExchange === null) === is13).map(({ id }) => id);
}

function keyExchangeOf(name: string): string | null {
  if (TLS13_NAMES.test(name)) return null;
  return /^(?:TLS|SSL)_(.+?)_WITH_/.exec(name)?.[1] ?? 'NULL';
}

/** AES-GCM before all; within it and after it the better key exchange, then the stronger cipher. */
function rank({ name, keyExchange }: CipherSuite): number {
  const exchange = KEY_EXCHANGES.findIndex((pattern) => keyExchange === null || pattern.test(keyExchange));
  const cipher = CIPHERS.findIndex((pattern) => pattern.test(name));
  const last = CIPHERS.length;
  const gcm = cipher === 0 || cipher === 1 ? 0 : 1000;
  return gcm + (exchange === -1 ? last : exchange) * 20 + (cipher === -1 ? last : cipher);
}
