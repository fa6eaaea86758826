import type { TlsConfiguration, TlsSettings } from '../measurement/service-measurement.js';
import { PROTOCOL_VERSIONS, type ProtocolVersion } from '../probe/protocol-version.js';
import type { ServedTls, TlsObservation } from '../probe/tls-observation.js';
import { type Finding, finding } from './finding.js';
import { someOf } from './some-of.js';

/**
 * What the service was told to accept against what it accepts. A wider answer is worth a look, a narrower one is
 * ordinary: a server without an ECDSA certificate can't serve ECDSA suites. What the wire accepts decides, by the
 * profile; these only explain.
 */
export function appraiseConfigured(
  subject: string,
  tls: TlsObservation,
  configured: readonly TlsConfiguration[],
): Finding[] {
  const running = settingsOf(configured, PROCESS);
  const files = configured.filter(({ source }) => source !== PROCESS);
  return [
    ...configured.flatMap(({ source, settings }) =>
      settings.state === 'unreadable'
        ? [finding('service.configuration-unreadable', subject, source, settings.reason)]
        : [],
    ),
    ...(running === undefined || tls.state !== 'served' ? [] : againstWire(subject, tls, running)),
    ...files.flatMap((file) => pending(subject, running, file)),
  ];
}

/** The `source` of the running process's own flags. */
const PROCESS = 'process';

function settingsOf(configured: readonly TlsConfiguration[], source: string): TlsSettings | undefined {
  const settings = configured.find((candidate) => candidate.source === source)?.settings;
  return settings?.state === 'read' ? settings : undefined;
}

function againstWire(subject: string, { versions }: ServedTls, settings: TlsSettings): Finding[] {
  const outside = versions.map(({ version }) => version).filter((version) => !isWithin(version, settings));
  const findings: Finding[] = [];
  if (outside.length > 0) {
    findings.push(finding('service.configuration-differs', subject, rangeText(settings), someOf(outside)));
  }
  const { suites } = settings;
  if (suites !== null) {
    // the suites of TLS 1.3 are no option of these programs
    const accepted = versions.filter(({ version }) => version !== 'TLS 1.3').flatMap((version) => version.suites);
    const unasked = [...new Set(accepted)].filter((suite) => !suites.includes(suite));
    if (unasked.length > 0) {
      findings.push(finding('service.configuration-differs', subject, someOf(suites), someOf(unasked)));
    }
  }
  return findings;
}

/** Newest first in the list. */
function isWithin(version: ProtocolVersion, { minVersion, maxVersion }: TlsSettings): boolean {
  const at = PROTOCOL_VERSIONS.indexOf(version);
  return (
    (minVersion === null || at <= PROTOCOL_VERSIONS.indexOf(minVersion)) &&
    (maxVersion === null || at >= PROTOCOL_VERSIONS.indexOf(maxVersion))
  );
}

function rangeText({ minVersion, maxVersion }: TlsSettings): string {
  return [minVersion === null ? '' : `from ${minVersion}`, maxVersion === null ? '' : `to ${maxVersion}`]
    .filter((part) => part !== '')
    .join(' ');
}

function pending(subject: string, running: TlsSettings | undefined, { source, settings }: TlsConfiguration): Finding[] {
  if (running === undefined || settings.state !== 'read') return [];
  const [now, then] = [settingsText(running), settingsText(settings)];
  return now === then ? [] : [finding('service.configuration-pending', subject, `${source}: ${then}`, now)];
}

function settingsText({ suites, minVersion, maxVersion }: TlsSettings): string {
  const parts = [
    ...(suites === null ? [] : [someOf(suites)]),
    ...(minVersion === null ? [] : [`from ${minVersion}`]),
    ...(maxVersion === null ? [] : [`to ${maxVersion}`]),
  ];
  return parts.length === 0 ? "the program's defaults" : parts.join('; ');
}
