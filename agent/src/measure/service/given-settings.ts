import type { TlsSettings } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import type { ProtocolVersion } from '@sealwatch/shared/probe/protocol-version.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { cutText } from '../cut-text.js';
import { registeredSuite } from './registered-suite.js';

/** What one place gives, as it is written there; undefined: nothing. Empty is given, and means the default. */
export interface GivenSettings {
  readonly suites?: readonly string[] | undefined;
  readonly minVersion?: string | undefined;
  readonly maxVersion?: string | undefined;
}

/** Twice what Go's crypto/tls knows. */
const MAX_SUITES = 64;
const MAX_NAME_BYTES = 64;

/**
 * Suites in the order written, none twice, under their registered names; one that has none stays as it is written.
 * @param places the one that goes before the others first
 */
export function tlsSettings(places: readonly GivenSettings[]): TlsSettings | Unreadable {
  const first = <K extends keyof GivenSettings>(key: K): GivenSettings[K] =>
    places.map((given) => given[key]).find((value) => value !== undefined);
  const minVersion = versionNamed(first('minVersion'));
  const maxVersion = versionNamed(first('maxVersion'));
  const suites = [...new Set((first('suites') ?? []).map(suiteNamed))];
  if (typeof minVersion === 'object' && minVersion !== null) return minVersion;
  if (typeof maxVersion === 'object' && maxVersion !== null) return maxVersion;
  if (suites.length > MAX_SUITES) {
    return { state: 'unreadable', reason: `more than ${String(MAX_SUITES)} cipher suites` };
  }
  return { state: 'read', suites: suites.length === 0 ? null : suites, minVersion, maxVersion };
}

function suiteNamed(written: string): string {
  return registeredSuite(written) ?? cutText(printable(written), MAX_NAME_BYTES);
}

/** `VersionTLS12` as Kubernetes writes it, `TLS1.2` as etcd does. */
function versionNamed(written: string | undefined): ProtocolVersion | null | Unreadable {
  if (written === undefined || written === '') return null;
  switch (/^(?:VersionTLS1|TLS1\.)([0-3])$/.exec(written)?.[1]) {
    case '0':
      return 'TLS 1.0';
    case '1':
      return 'TLS 1.1';
    case '2':
      return 'TLS 1.2';
    case '3':
      return 'TLS 1.3';
    default:
      return { state: 'unreadable', reason: `no TLS version: ${cutText(printable(written), MAX_NAME_BYTES)}` };
  }
}
