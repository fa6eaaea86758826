import type { FileObservation } from '../measurement/file-measurement.js';
import { type Finding, finding } from './finding.js';

type Present = Extract<FileObservation, { state: 'present' }>;

const SET_ID = 0o6000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * Whether somebody other than root may change a component's file, or who runs it becomes somebody else or gets
 * capabilities. A manifest says nothing of owners, so what the host's other components belong to decides whether root
 * should own this one: a tree that is wholly an ordinary user's was made by that user.
 * @param others the host's other component files
 */
export function appraiseFileAccess(
  subject: string,
  { mode, uid, gid, capabilities }: Pick<Present, 'mode' | 'uid' | 'gid' | 'capabilities'>,
  others: readonly Pick<Present, 'uid'>[],
): Finding[] {
  const bits = Number.parseInt(mode, 8);
  const groupWrites = (bits & GROUP_WRITES) !== 0 && uid === 0 && gid !== 0;
  const findings: Finding[] = [];
  if ((bits & (SET_ID | OTHERS_WRITE)) !== 0 || groupWrites) {
    findings.push(finding('file.permissions', subject, 'no set-id bit, writable by root alone', `mode ${mode}`));
  }
  if (uid !== 0 && others.some((other) => other.uid === 0)) {
    findings.push(finding('file.owner', subject, 'root, as other components', `uid ${String(uid)}`));
  }
  return [...findings, ...appraiseCapabilities(subject, capabilities)];
}

/** No component needs any: the cluster's run as root. Evidence that was never asked for says nothing either way. */
function appraiseCapabilities(subject: string, capabilities: Present['capabilities']): Finding[] {
  if (capabilities === undefined || capabilities === '') return [];
  if (typeof capabilities === 'string') return [finding('file.capabilities', subject, 'none', capabilities)];
  return [finding('file.capabilities-unknown', subject, 'none', capabilities.reason)];
}
