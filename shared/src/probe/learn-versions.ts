import type { Answer } from './answer.js';
import { answerText, troubleOf } from './enumerate.js';
import { enumerateSuites } from './enumerate-suites.js';
import type { Interview } from './interview.js';
import { type Preference, preferenceOf } from './preference.js';
import { PROTOCOL_VERSIONS, type ProtocolVersion } from './protocol-version.js';
import type { NoTls } from './tls-observation.js';

/** A version the server accepts. */
export interface AcceptedVersion {
  readonly version: ProtocolVersion;
  /** In the server's order; never empty. */
  readonly suites: readonly number[];
  readonly preference: Preference;
}

export type Versions =
  | { readonly state: 'served'; readonly accepted: readonly AcceptedVersion[]; readonly troubles: readonly string[] }
  | NoTls;

/** After so many versions that met the same wall, the others would meet it too. */
const ENOUGH_WALLS = 2;

/** Every version, newest first, with its suites. Ends early at an address where nothing answers in TLS. */
export async function learnVersions(interview: Interview): Promise<Versions> {
  const accepted: AcceptedVersion[] = [];
  const troubles: string[] = [];
  const endings: Answer[] = [];
  for (const version of PROTOCOL_VERSIONS) {
    const enumeration = await enumerateSuites(interview, version);
    const { chosen: suites, ending } = enumeration;
    const trouble = troubleOf(enumeration);
    if (trouble !== null) troubles.push(`${version} suites: ${trouble}`);
    if (suites.length > 0)
      accepted.push({ version, suites, preference: await preferenceOf(interview, version, suites) });
    else if (ending !== null) endings.push(ending);
    if (accepted.length === 0 && isWall(endings)) break;
  }
  if (accepted.length > 0) return { state: 'served', accepted, troubles };
  return noTls(endings);
}

function isWall(endings: readonly Answer[]): boolean {
  if (endings.some(({ kind }) => kind === 'unreachable' || kind === 'stopped')) return true;
  const walls = endings.filter(({ kind }) => kind === 'timeout' || kind === 'not-tls' || kind === 'too-much');
  return walls.length >= ENOUGH_WALLS;
}

/** The gravest of the answers says what stands there. */
function noTls(endings: readonly Answer[]): NoTls {
  for (const kind of ['stopped', 'unreachable', 'not-tls', 'too-much', 'timeout'] as const) {
    const answer = endings.find((ending) => ending.kind === kind);
    if (answer === undefined) continue;
    return { state: kind === 'too-much' ? 'not-tls' : kind, reason: answerText(answer) };
  }
  const alert = endings.find(({ kind }) => kind === 'alert') ?? endings[0];
  return { state: 'refused', reason: alert === undefined ? 'it answers otherwise than asked' : answerText(alert) };
}
