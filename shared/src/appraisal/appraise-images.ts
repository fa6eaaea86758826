import { imagesByName } from '../manifest/components-of-kind.js';
import type { ImageComponent } from '../manifest/manifest-component.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { ImageMeasurement, SeenImages, StoredImage } from '../measurement/image-measurement.js';
import type { Measurement } from '../measurement/measurement.js';
import { subjectId } from '../subject/subject.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseContainer } from './appraise-container.js';
import { appraisePod } from './appraise-pod.js';
import { type Finding, finding } from './finding.js';
import { sameReference } from './same-reference.js';
import { someOf } from './some-of.js';

/**
 * Each image component that the role requires, and each that a valid manifest lists and the host has. A name or a tag is
 * never believed: what counts is the digest of the config an image is made of, and the bytes that run.
 */
export function appraiseImages(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  context: Pick<AppraisalContext, 'release' | 'role'>,
): Finding[] {
  const required = requiredImages(context);
  if (!context.release.policy.require.includes('image')) return [];
  const listed = imagesByName(valid);
  const findings: Finding[] = [];
  for (const name of required) {
    if (!listed.has(name))
      findings.push(finding('component.unlisted', `component:${name}`, 'an entry in a manifest in force', 'none'));
  }
  for (const [name, entries] of listed) {
    const measurement = measurements.find((candidate): candidate is ImageMeasurement => isOf(candidate, name));
    findings.push(...appraiseComponent(name, entries, measurement, required.has(name)));
  }
  return findings;
}

/** Components of kind image that the release wants on this role, if it wants image evidence at all. */
export function requiredImages({ release, role }: Pick<AppraisalContext, 'release' | 'role'>): ReadonlySet<string> {
  if (!release.policy.require.includes('image')) return new Set();
  const components = Object.entries(release.policy.components[role] ?? {});
  return new Set(components.filter(([, kind]) => kind === 'image').map(([name]) => name));
}

function appraiseComponent(
  component: string,
  listed: readonly ImageComponent[],
  measurement: ImageMeasurement | undefined,
  required: boolean,
): Finding[] {
  const subject = subjectId({ kind: 'image', component });
  if (measurement === undefined) return [finding('evidence.missing', subject, 'a measurement', 'none')];
  const { observed } = measurement;
  switch (observed.state) {
    case 'absent':
      return required ? [finding('containerd.unavailable', subject, 'containerd', 'not here')] : [];
    case 'unreadable':
      return [finding('containerd.unavailable', subject, 'an answer of containerd', observed.reason)];
    case 'seen':
      return [
        ...observed.stored.flatMap((image) => appraiseStored(subject, image, observed, listed)),
        ...observed.containers.flatMap((container) => appraiseContainer(subject, container, listed)),
        ...observed.pods.flatMap((pod) => appraisePod(subject, pod, listed, observed.containers)),
        ...appraisePresence(subject, observed, listed, required),
      ];
  }
}

/** Images that only lie there under other names are notes; what a listed name points to, or what is in use, counts. */
function appraiseStored(
  subject: string,
  image: StoredImage,
  { containers }: SeenImages,
  listed: readonly ImageComponent[],
): Finding[] {
  const { names, config, faults } = image;
  const references = listed.flatMap((entry) => entry.references);
  const named = names.filter((name) => references.some((reference) => sameReference(reference, name)));
  const isListed = listed.some(({ digest }) => digest === config);
  const isUsed = config !== null && containers.some((container) => container.config === config);
  if (named.length === 0 && !isListed && !isUsed) return [];
  const findings = faults.map(({ blob, digest, fault, found }) => {
    const code = fault === 'unreadable' ? 'image.blob-unreadable' : 'image.blob-damaged';
    return finding(code, subject, `${blob} ${digest}`, found);
  });
  const what = someOf(names.length === 0 ? [image.target] : names);
  if (config === null) return [...findings, finding('image.unreadable', subject, 'an image config', what)];
  if (named.length > 0 && !isListed) {
    const expected = listed.map(({ digest }) => digest).join(' or ');
    findings.push(finding('image.retagged', subject, expected, `${someOf(named)}: ${config}`));
  }
  return findings;
}

function appraisePresence(
  subject: string,
  { stored, containers }: SeenImages,
  listed: readonly ImageComponent[],
  required: boolean,
): Finding[] {
  if (containers.length === 0) {
    if (!required) return [];
    const here = stored.some(({ config }) => listed.some(({ digest }) => digest === config));
    const expected = someOf(listed.flatMap(({ references }) => references));
    return [finding(here ? 'image.not-running' : 'image.missing', subject, expected, 'none')];
  }
  const used = new Set(containers.map(({ config }) => config ?? 'unknown'));
  return used.size > 1 ? [finding('image.mixed', subject, 'one image', [...used].sort().join(', '))] : [];
}

function isOf({ subject }: Measurement, component: string): boolean {
  return subject.kind === 'image' && subject.component === component;
}
