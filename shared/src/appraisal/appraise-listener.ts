import { commandsOf, filesByName, imagesByName } from '../manifest/components-of-kind.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { ListenerObservation, ListeningProgram } from '../measurement/service-measurement.js';
import { type Finding, finding } from './finding.js';
import { someOf } from './some-of.js';

/**
 * The service is the one meant if every program that holds its socket is, byte for byte, one its component's manifests
 * list. Where nobody listens nobody answers, and the probe has said so; an answer from nobody comes from elsewhere.
 */
export function appraiseListener(
  subject: string,
  component: string,
  listener: ListenerObservation,
  valid: readonly VerifiedManifest[],
  isAnswered: boolean,
): Finding[] {
  switch (listener.state) {
    case 'none':
      return isAnswered
        ? [finding('service.listener-unknown', subject, `the program of ${component}`, 'an answer, and no listener')]
        : [];
    case 'elsewhere':
      return [finding('service.listener-unknown', subject, `${component} on this host`, 'an address of another host')];
    case 'unreadable':
      return [finding('service.listener-unknown', subject, `the program of ${component}`, listener.reason)];
    case 'found': {
      const signed = signedPrograms(component, valid);
      if (signed.size === 0) {
        const programs = someOf(listener.programs.map(({ executable }) => executable));
        return [finding('service.listener-unlisted', subject, `${component} in a manifest in force`, programs)];
      }
      return [
        ...listener.programs.flatMap((program) => appraiseProgram(subject, component, program, signed)),
        ...appraiseUnseen(subject, listener.unseen),
      ];
    }
  }
}

/** Root sees every process; what keeps an agent from it is worth a look, and no proof of anything. */
function appraiseUnseen(subject: string, unseen: string | null): Finding[] {
  return unseen === null ? [] : [finding('service.listener-unseen', subject, 'every process visible', unseen)];
}

function appraiseProgram(
  subject: string,
  component: string,
  { executable, digest, deleted }: ListeningProgram,
  signed: ReadonlySet<string>,
): Finding[] {
  if (typeof digest !== 'string') {
    return [finding('service.listener-unknown', subject, `the program of ${component}`, digest.reason)];
  }
  if (signed.has(digest)) return [];
  const gone = deleted ? ' (deleted)' : '';
  const found = `${someOf([executable])}${gone}, ${digest}`;
  return [finding('service.listener-other', subject, `a signed program of ${component}`, found)];
}

/** Digests of the programs that the manifests list for a component. */
function signedPrograms(component: string, valid: readonly VerifiedManifest[]): ReadonlySet<string> {
  const files = filesByName(valid).get(component) ?? [];
  const images = imagesByName(valid).get(component) ?? [];
  return new Set([...files, ...images.flatMap(commandsOf)].map(({ digest }) => digest));
}
