import type { Severity } from '../appraisal/catalogue-entry.js';
import { TLS_FINDINGS, type TlsFindingCode } from './tls-findings.js';

/** One deviation of a service from a profile; a value like every finding. */
export interface ProfileFinding {
  readonly code: TlsFindingCode;
  /** `unknown` fails as `fail` does; `warn` does not. */
  readonly severity: Severity;
  /** The version, suite, group, scheme, certificate it is about; the reason if nothing was served. */
  readonly item: string;
  readonly meaning: string;
  /** The rule's source. */
  readonly source: string;
}

export function profileFinding(code: TlsFindingCode, item: string, source: string): ProfileFinding {
  const { severity, meaning } = TLS_FINDINGS[code];
  return { code, severity, item, meaning, source };
}
