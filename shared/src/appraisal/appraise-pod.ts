import { parseImageReference } from '../containerd/image-reference.js';
import type { ImageComponent } from '../manifest/manifest-component.js';
import type { RunningContainer, StaticPod } from '../measurement/image-measurement.js';
import { appraiseSettings } from './appraise-settings.js';
import { type Finding, finding } from './finding.js';
import { sameReference } from './same-reference.js';
import { someOf } from './some-of.js';

/**
 * A static pod before the kubelet acts on it: its image has to be one the manifests name, by reference or by digest, and
 * its settings as a container's. Every other edit is a change of the file's digest, which is recorded.
 * @param containers of the component: a file says nothing of the links in an image, a container that runs from it does
 */
export function appraisePod(
  subject: string,
  pod: StaticPod,
  listed: readonly ImageComponent[],
  containers: readonly RunningContainer[],
): Finding[] {
  const { file, image, settings } = pod;
  if (settings.state === 'unreadable') return appraiseSettings(subject, settings, listed, file, null);
  const meant = listed.filter((entry) => isNamed(image, entry));
  if (meant.length === 0) {
    const expected = someOf(listed.flatMap(({ references }) => references));
    return [finding('pod.image', subject, expected, `${file}: ${image}`)];
  }
  return appraiseSettings(subject, settings, meant, file, leadsTo(settings.arguments[0], meant, containers));
}

function leadsTo(
  command: string | undefined,
  meant: readonly ImageComponent[],
  containers: readonly RunningContainer[],
): string | null {
  const told = containers.find(
    ({ config, settings, commandPath }) =>
      commandPath !== null &&
      settings.state === 'read' &&
      settings.arguments[0] === command &&
      meant.some(({ digest }) => digest === config),
  );
  return told?.commandPath ?? null;
}

function isNamed(image: string, { references, manifest }: ImageComponent): boolean {
  const wanted = parseImageReference(image);
  if (wanted === undefined) return false;
  if (wanted.digest !== undefined) {
    const repositories = references.flatMap((reference) => parseImageReference(reference) ?? []);
    const here = repositories.some(({ domain, path }) => domain === wanted.domain && path === wanted.path);
    return here && (wanted.digest === manifest || references.some((reference) => sameReference(reference, image)));
  }
  return references.some((reference) => sameReference(reference, image));
}
