import type { Answer } from './answer.js';
import { type Choice, enumerate, type Enumeration } from './enumerate.js';
import type { Interview } from './interview.js';
import { P256 } from './named-group.js';
import { VERSION_CODE } from './protocol-version.js';
import { SIGNATURE_SCHEMES } from './signature-scheme.js';

/**
 * What a server of TLS 1.2 signs its key exchange with. Last of all it is asked by a client that says nothing about
 * signatures, to whom old servers answer with SHA-1 (RFC 5246 §7.4.1.4.1).
 * @param signed accepted suites whose ServerKeyExchange is signed
 * @param found schemes that were chosen before
 */
export async function enumerateSchemes(
  interview: Interview,
  signed: readonly number[],
  found: readonly number[] = [],
): Promise<Enumeration> {
  const choose = async (signatureSchemes: readonly number[] | null): Promise<Choice> => {
    const answer = await interview.ask({ version: 'TLS 1.2', suites: signed, signatureSchemes }, 'key-exchange');
    const scheme = answer.kind === 'hello' ? answer.flight.keyExchange?.scheme : null;
    return scheme === null || scheme === undefined ? { chosen: null, answer } : { chosen: scheme };
  };
  const [listed, silent] = await Promise.all([
    enumerate(
      SIGNATURE_SCHEMES.map(({ id }) => id),
      choose,
      { found },
    ),
    choose(null),
  ]);
  const chosen = new Set(listed.chosen);
  // a server that signs with what it was not offered really signs with it
  if (listed.unoffered !== null) chosen.add(listed.unoffered);
  if (silent.chosen !== null) chosen.add(silent.chosen);
  return { chosen: [...chosen], ending: listed.ending, unoffered: null };
}

/** Schemes that need the same kind of key stand together, first those of the usual keys. */
const FAMILIES = [
  /^ecdsa_secp/,
  /^rsa_pss_rsae/,
  /^rsa_pss_pss/,
  /^ed/,
  /^mldsa/,
  /^rsa_pkcs1/,
  /^(sm2|ecdsa_brain)/,
  /_sha1$/,
].map((family) => SIGNATURE_SCHEMES.filter(({ name }) => family.test(name)).map(({ id }) => id));

const USUAL = 2;

/**
 * In TLS 1.3 the signature is encrypted, but a server that can't sign as it is asked to refuses before its ServerHello
 * (RFC 8446 §4.2.3): the unusual ones all at once, family by family, then one by one. In the order of our list, as the
 * server's is not to be seen.
 */
export async function acceptableSchemes(interview: Interview, suites: readonly number[]): Promise<Enumeration> {
  let ending: Answer | null = null;
  const accepts = async (signatureSchemes: readonly number[]): Promise<boolean> => {
    const answer = await interview.ask({ version: 'TLS 1.3', suites, signatureSchemes, shares: [P256] });
    if (answer.kind === 'hello' && answer.flight.hello.version === VERSION_CODE['TLS 1.3']) return true;
    if (ending === null || answer.kind !== 'alert') ending = answer;
    return false;
  };
  const acceptedOf = async (schemes: readonly number[]): Promise<number[]> => {
    if (!(await accepts(schemes))) return [];
    const each = await Promise.all(schemes.map((id) => accepts([id])));
    return schemes.filter((_, index) => each[index]);
  };
  const unusual = FAMILIES.slice(USUAL);
  const [usual, others] = await Promise.all([
    Promise.all(FAMILIES.slice(0, USUAL).map(acceptedOf)),
    (async () => ((await accepts(unusual.flat())) ? Promise.all(unusual.map(acceptedOf)) : []))(),
  ]);
  return { chosen: [...new Set([...usual, ...others].flat())], ending, unoffered: null };
}
