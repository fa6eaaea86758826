import { suiteOf } from './cipher-suite.js';
import { type Enumeration, troubleOf } from './enumerate.js';
import { enumerateExchanges } from './enumerate-exchanges.js';
import { enumerateCurves, enumerateShareGroups } from './enumerate-groups.js';
import { acceptableSchemes, enumerateSchemes } from './enumerate-schemes.js';
import type { Interview } from './interview.js';
import { groupName } from './named-group.js';
import type { ProtocolVersion } from './protocol-version.js';
import { schemeName } from './signature-scheme.js';

/** Groups and signature schemes of one version. */
export interface Parameters {
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  readonly dhPrimeBits: number | null;
  readonly troubles: readonly string[];
}

export const NO_PARAMETERS: Parameters = { groups: [], signatureSchemes: [], dhPrimeBits: null, troubles: [] };

/** @param suites the accepted ones of the version */
export async function learnParameters(
  interview: Interview,
  version: ProtocolVersion,
  suites: readonly number[],
): Promise<Parameters> {
  if (version === 'TLS 1.3') {
    const [groups, schemes] = await Promise.all([
      enumerateShareGroups(interview, suites),
      acceptableSchemes(interview, suites),
    ]);
    return parameters(version, groups, schemes, null);
  }
  const ecdhe = suites.filter((id) => /^ECDHE|^ECDH_anon/.test(suiteOf(id).keyExchange ?? ''));
  const dhe = suites.filter((id) => /^DHE|^DH_anon|^PSK_DHE/.test(suiteOf(id).keyExchange ?? ''));
  const signed = suites.filter((id) => /^(ECDHE|DHE)_(RSA|ECDSA|DSS)$/.test(suiteOf(id).keyExchange ?? ''));
  const both = version === 'TLS 1.2' ? ecdhe.filter((id) => signed.includes(id)) : [];
  const [[groups, schemes], bits] = await Promise.all([
    enumerateExchanges(interview, both).then((found) =>
      Promise.all([
        ecdhe.length === 0 ? NONE : enumerateCurves(interview, version, ecdhe, found.groups),
        signed.length === 0 || version !== 'TLS 1.2' ? NONE : enumerateSchemes(interview, signed, found.schemes),
      ]),
    ),
    dhe.length === 0 ? null : primeBits(interview, version, dhe),
  ]);
  return parameters(version, groups, schemes, bits);
}

const NONE: Enumeration = { chosen: [], ending: null, unoffered: null };

/** The shortest prime: OpenSSL, for one, takes a longer one for a 256-bit cipher than for the others. */
async function primeBits(
  interview: Interview,
  version: ProtocolVersion,
  dhe: readonly number[],
): Promise<number | null> {
  const short = dhe.filter((id) => !/_256_|CHACHA20/.test(suiteOf(id).name));
  const offers = short.length === 0 || short.length === dhe.length ? [dhe] : [dhe, short];
  const answers = await Promise.all(offers.map((suites) => interview.ask({ version, suites }, 'key-exchange')));
  const found = answers.flatMap((answer) => {
    const bits = answer.kind === 'hello' ? answer.flight.keyExchange?.primeBits : null;
    return bits === null || bits === undefined ? [] : [bits];
  });
  return found.length === 0 ? null : Math.min(...found);
}

function parameters(
  version: ProtocolVersion,
  groups: Enumeration,
  schemes: Enumeration,
  dhPrimeBits: number | null,
): Parameters {
  const troubles = [
    ['groups', troubleOf(groups)],
    ['signature schemes', troubleOf(schemes)],
  ].flatMap(([what, trouble]) => (trouble === null ? [] : [`${version} ${String(what)}: ${String(trouble)}`]));
  return {
    groups: groups.chosen.map(groupName),
    signatureSchemes: schemes.chosen.map(schemeName),
    dhPrimeBits,
    troubles,
  };
}
