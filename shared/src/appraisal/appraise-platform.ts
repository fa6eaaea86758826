import type { HostMeasurement } from '../measurement/host-measurement.js';
import { judgePlatform } from '../platform/judge-platform.js';
import type { PlatformDeviation } from '../platform/platform-deviation.js';
import type { PlatformObservation } from '../platform/platform-observation.js';
import { type Finding, finding } from './finding.js';

/** Far below what a report takes for one text; whole lists of settings can be longer. */
const MAX_TEXT = 1000;

/**
 * Of observations that are still held: their judgement hangs on nothing else, and hosts that say the same share one
 * decoded measurement.
 */
const judged = new WeakMap<PlatformObservation, readonly PlatformDeviation[]>();

/** What the host says about its operating system and its FIPS mode, held against what a FIPS host says. */
export function appraisePlatform(subject: string, { observed }: HostMeasurement): Finding[] {
  const expected = 'what the host says about its FIPS mode';
  switch (observed.state) {
    case 'platform':
      return deviationsOf(observed.platform).map((deviation) =>
        finding(deviation.code, subject, bounded(deviation.expected), bounded(deviation.observed)),
      );
    case 'absent':
      return [finding('host.fips-unreadable', subject, expected, 'nothing')];
    case 'unreadable':
      return [finding('host.fips-unreadable', subject, expected, observed.reason)];
    case 'authority':
      return [finding('host.fips-unreadable', subject, expected, 'a measurement of another kind')];
  }
}

function deviationsOf(platform: PlatformObservation): readonly PlatformDeviation[] {
  let deviations = judged.get(platform);
  if (deviations === undefined) judged.set(platform, (deviations = judgePlatform(platform).deviations));
  return deviations;
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
