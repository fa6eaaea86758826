import { CERTIFICATE_FINDINGS, type CertificateFindingCode } from '../cmvp/certificate-findings.js';
import { PLATFORM_FINDINGS, type PlatformFindingCode } from '../platform/platform-findings.js';
import { TLS_FINDINGS, type TlsFindingCode } from '../probe/tls-findings.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import { CLUSTER_FINDINGS, type ClusterFindingCode } from './cluster-findings.js';
import { COMPONENT_FINDINGS, type ComponentFindingCode } from './component-findings.js';
import { HOST_FINDINGS, type HostFindingCode } from './host-findings.js';
import { IMAGE_FINDINGS, type ImageFindingCode } from './image-findings.js';
import { MODULE_FINDINGS, type ModuleFindingCode } from './module-findings.js';
import { PROCESS_FINDINGS, type ProcessFindingCode } from './process-findings.js';
import { SERVICE_FINDINGS, type ServiceFindingCode } from './service-findings.js';

export type FindingCode =
  | ComponentFindingCode
  | ImageFindingCode
  | ProcessFindingCode
  | ModuleFindingCode
  | ServiceFindingCode
  | TlsFindingCode
  | HostFindingCode
  | PlatformFindingCode
  | CertificateFindingCode
  | ClusterFindingCode;

/** Every deviation Sealwatch can name. Once shipped a code is for ever. */
const CATALOGUE: Readonly<Record<FindingCode, CatalogueEntry>> = {
  ...COMPONENT_FINDINGS,
  ...IMAGE_FINDINGS,
  ...PROCESS_FINDINGS,
  ...MODULE_FINDINGS,
  ...SERVICE_FINDINGS,
  ...TLS_FINDINGS,
  ...HOST_FINDINGS,
  ...PLATFORM_FINDINGS,
  ...CERTIFICATE_FINDINGS,
  ...CLUSTER_FINDINGS,
};

export const FINDING_CODES: readonly FindingCode[] = Object.keys(CATALOGUE) as FindingCode[];

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(CATALOGUE, text);
}

export function catalogued(code: FindingCode): CatalogueEntry {
  return CATALOGUE[code];
}
