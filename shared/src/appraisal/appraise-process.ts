import type { SeenProcess } from '../measurement/process-measurement.js';
import type { ExecutableFacts, Known, ProcessFacts } from '../proc/process-facts.js';
import { appraiseMapping } from './appraise-mapping.js';
import { type Finding, finding } from './finding.js';
import type { ProcessReference } from './process-reference.js';
import { someOf } from './some-of.js';

/** One running process, from its program to its surroundings. */
export function appraiseProcess(
  subject: string,
  { by, facts }: Extract<SeenProcess, { state: 'running' }>,
  reference: ProcessReference,
): Finding[] {
  const { executable } = facts;
  const isSigned = executable.digest.state === 'known' && reference.programs.has(executable.digest.value);
  return [
    ...appraiseExecutable(subject, executable, by, reference),
    ...(isSigned ? appraiseOnDisk(subject, executable, reference) : []),
    ...oncePerRule(facts.files.flatMap((file) => appraiseMapping(subject, file, reference))),
    ...appraiseMemory(subject, facts, reference),
    ...appraiseSurroundings(subject, facts, by === 'container', reference),
  ];
}

/** Ten libraries of one kind are one finding that names them. */
function oncePerRule(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const one of findings) {
    const key = `${one.code} ${one.expected ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const [{ code, subject, expected }] = group;
    return { code, subject, expected, observed: someOf(group.map(({ observed }) => observed ?? '')) };
  });
}

function appraiseExecutable(
  subject: string,
  { path, digest, onDisk }: ExecutableFacts,
  by: SeenProcess['by'],
  { programs }: ProcessReference,
): Finding[] {
  const expected = `a signed program: ${someOf([...programs], 2)}`;
  if (onDisk.state === 'memory') return [finding('process.from-memory', subject, expected, path)];
  if (digest.state === 'unreadable') return [finding('process.unreadable', subject, expected, digest.reason)];
  if (programs.has(digest.value)) return [];
  return [finding(foreignCode(by), subject, expected, `${path}, ${digest.value}`)];
}

function foreignCode(by: SeenProcess['by']): 'process.renamed' | 'process.unit-foreign' | 'process.digest-mismatch' {
  switch (by) {
    case 'name':
      return 'process.renamed';
    case 'unit':
      return 'process.unit-foreign';
    case 'executable':
    case 'container':
      return 'process.digest-mismatch';
  }
}

/** What is at the path of a signed program that runs. */
function appraiseOnDisk(
  subject: string,
  { path, digest, onDisk }: ExecutableFacts,
  { programs, installed }: ProcessReference,
): Finding[] {
  switch (onDisk.state) {
    case 'same':
    case 'memory':
      return [];
    case 'replaced':
      return programs.has(onDisk.digest)
        ? [finding('process.running-stale', subject, `${path} ${onDisk.digest}`, 'the version before')]
        : [finding('process.running-replaced', subject, `a signed file at ${path}`, onDisk.digest)];
    case 'deleted': {
      // an upgrade that moved the component leaves nothing at the old path
      const successor = installed.find((file) => digest.state === 'known' && file.digest !== digest.value);
      if (successor === undefined) return [finding('process.running-deleted', subject, path, 'deleted')];
      const expected = `${successor.path} ${successor.digest}`;
      return [finding('process.running-stale', subject, expected, `the version before, deleted from ${path}`)];
    }
    case 'hidden':
      return [finding('process.running-replaced', subject, `the running file at ${path}`, 'hidden')];
    case 'unreadable':
      return [finding('process.unreadable', subject, path, onDisk.reason)];
  }
}

function appraiseMemory(
  subject: string,
  { anonymous, vdso, moreFiles }: ProcessFacts,
  { compilesAtRunTime }: ProcessReference,
): Finding[] {
  const findings: Finding[] = [];
  if (anonymous.length > 0 && !compilesAtRunTime) {
    const names = anonymous.map(
      ({ name, writable }) => `${name === '' ? 'unnamed' : name}${writable ? ', writable' : ''}`,
    );
    findings.push(finding('process.anonymous-code', subject, 'none', someOf([...new Set(names)])));
  }
  if (vdso === 'different') findings.push(finding('process.text-modified', subject, "the kernel's vdso", 'another'));
  if (moreFiles) findings.push(finding('process.unreadable', subject, 'all mapped files', 'too many to list'));
  return findings;
}

/** What can't be told without a look at process 1 is told apart from what can't be told of this one. */
type Unknown = 'process.unreadable' | 'process.unseen';

function appraiseSurroundings(
  subject: string,
  { environment, preload, tracer, root, mountNamespace, mounts }: ProcessFacts,
  inContainer: boolean,
  { variables }: ProcessReference,
): Finding[] {
  const findings: Finding[] = [];
  const known = <T>(fact: Known<T>, what: string, code: Unknown = 'process.unreadable'): T | undefined => {
    if (fact.state === 'known') return fact.value;
    findings.push(finding(code, subject, what, fact.reason));
    return undefined;
  };
  const denied = (known(environment, 'its environment') ?? [])
    .map(({ name, value }) => `${name}=${value}`)
    .filter((variable) => !variables.has(variable));
  if (denied.length > 0) findings.push(finding('process.environment', subject, 'none', someOf(denied)));
  const preloaded = known(preload, '/etc/ld.so.preload') ?? [];
  if (preloaded.length > 0) findings.push(finding('process.preload', subject, 'none', someOf(preloaded)));
  const tracing = known(tracer, 'its tracer') ?? null;
  if (tracing !== null) findings.push(finding('process.traced', subject, 'nobody', tracing));
  // a container has its own of all these, and what is mounted over its executables is asked of its settings
  if (inContainer) return findings;
  if (root === 'own' || known(mountNamespace, "its mount namespace beside init's", 'process.unseen') === 'own') {
    const observed = root === 'own' ? 'a root of its own' : 'a mount namespace of its own';
    findings.push(finding('process.namespace', subject, "the host's", observed));
  }
  for (const { on, mountPoint, fsType, root: part } of known(
    mounts,
    'the mounts over it, as init sees them',
    'process.unseen',
  ) ?? []) {
    const observed = `${fsType} (${part}) at ${mountPoint}`;
    if (on === 'path') findings.push(finding('process.mounted-over', subject, 'nothing', observed));
    // a partition of its own, such as /usr, is ordinary
    else if (part !== '/' || fsType === 'overlay') {
      findings.push(finding('process.mounted-above', subject, 'no bind or overlay mount', observed));
    }
  }
  return findings;
}
