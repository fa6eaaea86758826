import type { Answer } from './answer.js';
import { troubleOf } from './enumerate.js';
import { enumerateSuites } from './enumerate-suites.js';
import type { Interview } from './interview.js';
import { noTls } from './no-tls.js';
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

/** What came of one version. */
export interface VersionAnswer {
  readonly accepted: AcceptedVersion | null;
  readonly trouble: string | null;
  readonly ending: Answer | null;
}

/**
 * Asks for every version, newest first: one after the other until TLS is spoken, then the others at the same time. Fewer
 * answers than versions: at this address nothing speaks TLS.
 */
export async function askVersions(interview: Interview): Promise<readonly Promise<VersionAnswer>[]> {
  const asked: Promise<VersionAnswer>[] = [];
  const silent: VersionAnswer[] = [];
  const spoken = interview.spoken.then(() => null);
  for (const version of PROTOCOL_VERSIONS) {
    const answer = learnVersion(interview, version);
    asked.push(answer);
    const heard = await Promise.race([answer, spoken]);
    if (heard === null || !isSilence(heard.ending)) continue;
    silent.push(heard);
    if (isWall(silent)) break;
  }
  return asked;
}

async function learnVersion(interview: Interview, version: ProtocolVersion): Promise<VersionAnswer> {
  const enumeration = await enumerateSuites(interview, version);
  const { chosen: suites, ending } = enumeration;
  const accepted =
    suites.length === 0 ? null : { version, suites, preference: await preferenceOf(interview, version, suites) };
  const trouble = troubleOf(enumeration);
  return { accepted, trouble: trouble === null ? null : `${version} suites: ${trouble}`, ending };
}

export function versionsOf(answers: readonly VersionAnswer[]): Versions {
  const accepted = answers.flatMap((answer) => (answer.accepted === null ? [] : [answer.accepted]));
  const troubles = answers.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
  if (accepted.length > 0) return { state: 'served', accepted, troubles };
  return noTls(answers.flatMap(({ ending }) => (ending === null ? [] : [ending])));
}

/** What tells nothing of a server yet. */
function isSilence(answer: Answer | null): boolean {
  switch (answer?.kind) {
    case 'unreachable':
    case 'stopped':
    case 'timeout':
    case 'not-tls':
    case 'too-much':
      return true;
    default:
      return false;
  }
}

function isWall(answers: readonly VersionAnswer[]): boolean {
  const endings = answers.map(({ ending }) => ending);
  if (endings.some((ending) => ending?.kind === 'unreachable' || ending?.kind === 'stopped')) return true;
  return endings.filter(isSilence).length >= ENOUGH_WALLS;
}
