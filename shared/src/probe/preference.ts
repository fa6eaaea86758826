import { chooseSuite } from './enumerate-suites.js';
import type { Interview } from './interview.js';
import type { ProtocolVersion } from './protocol-version.js';

/**
 * Whose order decides. `hints`: neither's alone; Go since 1.17 looks at what the client puts first and guesses its
 * hardware. `single`: there is one suite, so nothing to prefer.
 */
export const PREFERENCES = ['server', 'client', 'hints', 'single', 'unknown'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** How the preferred suite is found out, as it stands in every result. */
export const PREFERENCE_METHOD =
  'the choice among all suites, AES-GCM first, strongest first; then among the accepted ones in reverse';

/**
 * The accepted suites once more, in reverse: the same choice means the server decides, the first of the reversed list
 * means the client does.
 * @param accepted in the order the server chose them
 */
export async function preferenceOf(
  interview: Interview,
  version: ProtocolVersion,
  accepted: readonly number[],
): Promise<Preference> {
  if (accepted.length < 2) return 'single';
  const reversed = [...accepted].reverse();
  const { chosen } = await chooseSuite(interview, version, reversed);
  if (chosen === null) return 'unknown';
  if (chosen === accepted[0]) return 'server';
  return chosen === reversed[0] ? 'client' : 'hints';
}
