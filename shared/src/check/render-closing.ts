import { printable } from '../runtime/printable.js';
import type { EvidenceKind } from '../subject/component.js';
import type { CheckResult } from './check-result.js';
import { changeWindowLines } from './render-change-window.js';
import { renderOwnLines } from './render-findings.js';

/** After the last host: what concerns the whole cluster, how much of it was seen, and what nobody looked at. */
export function renderClosing(result: CheckResult, color: boolean): string[] {
  const own = renderOwnLines(result.findings, color);
  return [
    ...(own.length === 0 ? [] : [...own, '']),
    ...clusterLines(result),
    ...changeWindowLines(result),
    ...coverageLines(result),
    ...certificateLines(result),
    `Not checked: ${notCheckedInWords(result.coverage.notMeasured)}`,
  ];
}

function clusterLines({ cluster, release, manifests }: CheckResult): string[] {
  const inForce = release === null ? 'no release' : `release ${String(release.version)}`;
  const lines = [`Cluster: ${printable(cluster.name)} [${printable(cluster.id)}], mode ${cluster.mode}, ${inForce}`];
  if (cluster.adopted !== null) {
    lines.push(
      `Adopted: the cluster ran before Sealwatch came; vouched for with: ${printable(cluster.adopted.reason)}`,
    );
  }
  for (const { id, digest, notAfter, until = null } of manifests) {
    const ends = until === null ? '' : `, in force until ${until}`;
    lines.push(`Manifest: ${printable(id)} [${digest}], valid until ${notAfter}${ends}`);
  }
  return lines;
}

function coverageLines({ coverage, hosts, cached }: CheckResult): string[] {
  const { declared, answered, failing, undeclared, removed } = coverage;
  const counted = `${String(answered)} of ${String(declared)} declared`;
  const unasked = declared - hosts.length;
  const lines = [
    cached
      ? `Hosts with recent evidence: ${counted} (not asked; last signed evidence judged)`
      : `Hosts answered: ${counted}${unasked > 0 ? `, ${String(unasked)} not asked` : ''}`,
  ];
  const printed = new Set(hosts.map(({ name }) => name));
  for (const { name, verdict } of failing) {
    lines.push(`Not compliant: ${printable(name)} (${verdict})${printed.has(name) ? '' : ', not printed above'}`);
  }
  for (const name of undeclared) lines.push(`Undeclared: ${printable(name)} is enrolled but not in cluster.yaml`);
  for (const { name, removedAt } of removed) {
    lines.push(`Removed: ${printable(name)} was taken out of the inventory at ${printable(removedAt)}`);
  }
  return lines;
}

/** Said where it could be misread: for another day than the rest of the answer, or by a list that names modules. */
function certificateLines({ certificates, checkedAt }: CheckResult): string[] {
  if (certificates === undefined) return [];
  const { on, asOf, source, modules } = certificates;
  const isToday = on === checkedAt.slice(0, 'YYYY-MM-DD'.length);
  if (isToday && modules.length === 0) return [];
  const what = modules.length === 0 ? 'no module names one' : `${String(modules.length)} named`;
  const day = isToday ? '' : `, as of ${on}: everything else above is as of now`;
  return [`Certificates: ${what}, by the ${printable(source)} of ${asOf}${day}`];
}

const IN_WORDS: Readonly<Record<EvidenceKind, string>> = {
  file: 'component files',
  image: 'image components',
  process: 'running processes',
  module: 'cryptographic modules',
  service: 'TLS services',
  host: 'host platform and FIPS mode',
};

function notCheckedInWords(kinds: readonly EvidenceKind[]): string {
  return kinds.length === 0 ? 'nothing was left out' : kinds.map((kind) => IN_WORDS[kind]).join(', ');
}
