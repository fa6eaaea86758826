import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Measurement } from '../measurement/measurement.js';
import { type Timestamp, wallTime } from '../runtime/timestamp.js';
import { MEASURED_EVIDENCE } from '../subject/component.js';
import type { ManifestInForce } from '../trust/release.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseFiles } from './appraise-files.js';
import { appraiseHost } from './appraise-host.js';
import { appraiseImages } from './appraise-images.js';
import { appraiseModules } from './appraise-modules.js';
import { appraiseProcesses } from './appraise-processes.js';
import { appraiseServices } from './appraise-services.js';
import { type Finding, finding } from './finding.js';

/** Raised whenever equal measurements could give other findings than before; reports name it. */
export const RULESET = 4;

/** The part of the rules that asks no clock: equal arguments give equal findings, whenever. */
export type AppraiseTimeless = (
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  context: TimelessContext,
) => readonly Finding[];

export type TimelessContext = Pick<AppraisalContext, 'inception' | 'release' | 'role'>;

/**
 * Measurements against reference values (RFC 9334 §2: Appraisal of Evidence). Pure, and the same code in the agent,
 * the collector and for an auditor: a host is never believed about its own conclusion. An empty list is the only success.
 * @param timeless for who appraises the same measurements again and again, and remembers; gives what the default gives
 */
export function appraise(
  measurements: readonly Measurement[],
  context: AppraisalContext,
  timeless: AppraiseTimeless = appraiseTimeless,
): Finding[] {
  const inForce = manifestsInForce(context);
  const valid = inForce.filter((entry) => validityFinding(entry, context.at) === undefined);
  const findings = [
    ...inForce.flatMap((entry) => validityFinding(entry, context.at) ?? []),
    ...timeless(measurements, valid, context),
    // a certificate of a service runs out
    ...appraiseServices(measurements, valid, context),
  ];
  return findings.sort((a, b) => compare(a.subject, b.subject) || compare(a.code, b.code));
}

export function appraiseTimeless(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  context: TimelessContext,
): Finding[] {
  return [
    ...appraiseFiles(measurements, valid, context),
    ...appraiseImages(measurements, valid, context),
    ...appraiseProcesses(measurements, valid, context),
    ...appraiseModules(measurements, valid, context),
    ...appraiseHost(measurements, context),
    ...unmeasuredEvidence(context),
  ];
}

/** Evidence the policy requires and nobody looks at: silence about it must not pass for agreement. */
function unmeasuredEvidence({ release }: Pick<AppraisalContext, 'release'>): Finding[] {
  return release.policy.require
    .filter((kind) => !MEASURED_EVIDENCE.includes(kind))
    .map((kind) => finding('evidence.missing', 'host', `${kind} evidence`, 'not measured by this version'));
}

/** The manifests whose window in the release contains `at`. */
export function manifestsInForce({ release, manifests, at }: AppraisalContext): VerifiedManifest[] {
  const windows = new Map(release.manifests.map((entry) => [entry.digest, entry]));
  return manifests.filter(({ digest }) => {
    const window = windows.get(digest);
    return window !== undefined && contains(window, wallTime(at));
  });
}

function contains({ from, until }: ManifestInForce, wall: number): boolean {
  return wallTime(from) <= wall && (until === null || wall < wallTime(until));
}

function validityFinding({ manifest }: VerifiedManifest, at: Timestamp): Finding | undefined {
  const subject = `manifest:${manifest.id}`;
  if (wallTime(at) >= wallTime(manifest.notAfter))
    return finding('manifest.expired', subject, `before ${manifest.notAfter}`, at);
  if (wallTime(at) < wallTime(manifest.notBefore))
    return finding('manifest.not-yet-valid', subject, `from ${manifest.notBefore}`, at);
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
