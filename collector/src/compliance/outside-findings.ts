import { type Finding, finding } from '@sealwatch/shared/appraisal/finding.js';
import { requiredServices } from '@sealwatch/shared/appraisal/appraise-services.js';
import { someOf } from '@sealwatch/shared/appraisal/some-of.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { TlsObservation } from '@sealwatch/shared/probe/tls-observation.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { Role } from '@sealwatch/shared/subject/component.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import type { HostState } from './host-state.js';
import type { Difference } from './outside-view.js';

/**
 * What the looks from outside say of a host. A difference stands until another look takes it back: the host's own word
 * never does.
 */
export function outsideFindings(state: HostState, release: Release, role: Role): Finding[] {
  return outsideServices(release, role).flatMap((service) => {
    const subject = subjectId({ kind: 'service', name: service.name, address: service.address });
    const view = state.outside.get(service.name);
    if (view === undefined) {
      return [finding('service.outside-unseen', subject, "the collector's own probe", 'none yet')];
    }
    if (view.trouble !== null) {
      return [finding('service.outside-unseen', subject, `an answer at ${view.address}`, view.trouble)];
    }
    if (view.differences.length > 0) {
      return view.differences.map(({ inside, outside }) =>
        finding('service.outside-differs', subject, `as the host says: ${inside}`, `${view.address}: ${outside}`),
      );
    }
    const now = insideOf(state.evidence?.measurements ?? [], service);
    return now === view.inside ? [] : [finding('service.outside-pending', subject, 'a probe since it changed')];
  });
}

/** Those of the role that the collector looks at, too. */
export function outsideServices(release: Release, role: Role): ServicePolicy[] {
  return requiredServices({ release, role }).filter(({ outside }) => outside);
}

/** What of a host's word is compared, as one text; empty if it said nothing of this service. */
export function insideOf(measurements: readonly Measurement[], service: ServicePolicy): string {
  const tls = tlsOf(measurements, service);
  return tls === undefined ? '' : JSON.stringify(aspectsOf(tls));
}

/** What the collector saw against what the host said; undefined if the host said nothing. */
export function differencesOf(
  measurements: readonly Measurement[],
  service: ServicePolicy,
  outside: TlsObservation,
): Difference[] | undefined {
  const tls = tlsOf(measurements, service);
  if (tls === undefined) return undefined;
  const [inside, seen] = [aspectsOf(tls), aspectsOf(outside)];
  return ASPECTS.filter((aspect) => inside[aspect].join() !== seen[aspect].join()).map((aspect) => ({
    inside: `${aspect} ${textOf(inside[aspect])}`,
    outside: `${aspect} ${textOf(seen[aspect])}`,
  }));
}

const ASPECTS = ['certificates', 'suites'] as const;
type Aspects = Readonly<Record<(typeof ASPECTS)[number], readonly string[]>>;

/** Sorted: the order in which a server chooses may hang on who asks. */
function aspectsOf(tls: TlsObservation): Aspects {
  if (tls.state !== 'served') return { certificates: [], suites: [] };
  return {
    certificates: tls.certificates.map(({ fingerprint }) => fingerprint).sort(),
    suites: tls.versions.flatMap(({ version, suites }) => suites.map((suite) => `${version} ${suite}`)).sort(),
  };
}

function textOf(items: readonly string[]): string {
  return items.length === 0 ? 'none' : someOf(items);
}

function tlsOf(measurements: readonly Measurement[], { name, address }: ServicePolicy): TlsObservation | undefined {
  for (const { subject, observed } of measurements) {
    if (subject.kind === 'service' && subject.name === name && subject.address === address && 'tls' in observed) {
      return observed.tls;
    }
  }
  return undefined;
}
