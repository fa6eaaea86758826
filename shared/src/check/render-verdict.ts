import type { JudgedFinding } from '../appraisal/evaluate.js';
import { printable } from '../runtime/printable.js';
import { checkPasses } from './check-passes.js';
import type { CheckResult, SubjectResult } from './check-result.js';
import { wrapped } from './wrapped.js';

/** The last paragraphs: the answer in one sentence, and what it rests on. */
export function renderVerdict(result: CheckResult): string[] {
  if (!checkPasses(result)) return [failure(result)];
  const success = 'Cryptographic module integrity verification was successful';
  if (result.demonstration) return [`${success} (demonstration policy)`];
  if (!hasGood(result, 'file')) {
    // a policy may require no file at all: then nothing about integrity was verified, and nothing is claimed
    return ['The policy in force is met, but no file of a component was verified'];
  }
  return [success, '', ...wrapped(basis(result))];
}

/** Names only what was looked at: each sentence has its evidence among the printed subjects. */
function basis(result: CheckResult): string {
  const { manifests, release } = result;
  const key = release === null ? 'the publisher key that was given' : 'a publisher key pinned in this cluster';
  const ids = manifests.map(({ id }) => printable(id)).join(', ');
  const sentences = [
    manifests.length === 0
      ? 'The component files marked [OK] above are the ones their publisher signed.'
      : `The component files marked [OK] above were verified against manifest ${ids}, ` +
        `sealed by ${key}, with a 4096-bit RSA signature for each file.`,
  ];
  if (hasGood(result, 'service')) {
    sentences.push('Each TLS service was asked what it accepts, and judged by the profile shown under it.');
  }
  if (hasGood(result, 'host')) sentences.push('Each host reported the FIPS state shown under Platform.');
  if (result.cached) sentences.push('The hosts were not asked: their last signed evidence was judged.');
  sentences.push('This answer rests on nothing else.', ...modulesInWords(result));
  return sentences.join(' ');
}

/** What others say about the modules in use; where nobody said anything, where to look. */
function modulesInWords({ certificates }: CheckResult): string[] {
  if (certificates !== undefined && certificates.modules.length > 0) return certificates.sentences.map(printable);
  return [
    'Sealwatch does not validate cryptographic modules: which module a component ' +
      'contains, and whether its validation is active, has to be read from its publisher and from the NIST CMVP list.',
  ];
}

function failure(result: CheckResult): string {
  const { verdict, cluster, coverage, hosts } = result;
  const counts = [
    `${String(coverage.failing.length)} of ${String(coverage.declared)} declared hosts not compliant`,
    ...(['fail', 'unknown', 'warn'] as const).map((severity) => count(result, severity)),
  ];
  if (cluster.mode !== 'fips') counts.unshift('a cluster in standard mode never passes');
  if (hosts.length === 0) counts.push('no host was judged');
  const outcome = verdict === 'unknown' ? 'was not possible' : 'failed';
  return `Cryptographic module integrity verification ${outcome}: verdict ${verdict}; ${counts.join('; ')}`;
}

function count(result: CheckResult, severity: JudgedFinding['severity']): string {
  const all = [
    ...result.findings,
    ...result.hosts.flatMap((host) => [...host.findings, ...host.subjects.flatMap(({ findings }) => findings)]),
  ];
  return `${String(all.filter((finding) => finding.severity === severity).length)} [${severity.toUpperCase()}]`;
}

function hasGood({ hosts }: CheckResult, kind: SubjectResult['kind']): boolean {
  return hosts.some(({ subjects }) => subjects.some((subject) => subject.kind === kind && subject.status === 'ok'));
}
