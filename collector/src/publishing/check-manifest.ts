import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { appraiseFiles } from '@sealwatch/shared/appraisal/appraise-files.js';
import { offlineContext } from '@sealwatch/shared/appraisal/offline-context.js';
import { evaluate, type JudgedFinding } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import type { SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { componentResults } from '@sealwatch/shared/check/component-results.js';
import { groupBySubject } from '@sealwatch/shared/check/group-findings.js';
import type { HashOptions } from '@sealwatch/shared/hashing/hash-file.js';
import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import { filesByName, isFile } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import type { FileMeasurement } from '@sealwatch/shared/measurement/file-measurement.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';

/** A directory tree held against one manifest. */
export interface ManifestCheck {
  readonly verdict: Verdict;
  /** One per path that is there or should be. */
  readonly components: readonly SubjectResult[];
  /** About the manifest itself: expired, not valid yet. */
  readonly findings: readonly JudgedFinding[];
}

/** Measures every path the manifest names below `root` and appraises that at `at`. Images are no part of a tree. */
export async function checkManifest(
  manifest: VerifiedManifest,
  { root, at, ...options }: { root: string; at: Timestamp } & Pick<HashOptions, 'onBytes'>,
): Promise<ManifestCheck> {
  const measurements: FileMeasurement[] = [];
  for (const [component, entries] of filesByName([manifest])) {
    for (const path of entries.flatMap(({ paths }) => paths)) {
      measurements.push(await measureFile(root, { kind: 'file', component, path }, options));
    }
  }
  const required = manifest.manifest.components.filter(isFile).map(({ name }) => name);
  const wanted = { components: required, require: ['file'], mode: 'fips', demonstration: false } as const;
  const context = { ...offlineContext(manifest, wanted), at };
  // an expired manifest is said once; its components are still compared
  const validity = appraise([], context).filter(({ subject }) => subject.startsWith('manifest:'));
  const found = [...validity, ...appraiseFiles(measurements, [manifest], context)];
  const { verdict, findings } = evaluate(found, context.release.policy);
  const bySubject = groupBySubject(findings);
  const evidence = { measurements, findings: bySubject, context, hasEvidence: true };
  const components = componentResults(evidence, [manifest]);
  const printed = new Set(components.map(({ id }) => id));
  return { verdict, components, findings: findings.filter(({ subject }) => !printed.has(subject)) };
}
