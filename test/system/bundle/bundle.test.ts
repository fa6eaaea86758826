import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentBundle } from '../../fakes/agent-bundle.js';
import { Daemon } from '../../fakes/daemon.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { publishedNode } from '../../fakes/published-node.js';
import { mustRun, runCommand } from '../../fakes/run-command.js';
import { TestCluster } from '../../fakes/test-cluster.js';
import { waitUntil } from '../../fakes/wait-until.js';

/** As the packages run it; see docs/packaging.md. */
const MEMORY = ['--expose-gc', '--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=1'];
const NO_COMPILERS = ['--no-opt', '--no-sparkplug'];
const flagsFor = (major: number): string[] => [...MEMORY, ...NO_COMPILERS, ...(major >= 20 ? ['--no-maglev'] : [])];
const MAJORS = [16, 20, 22, 24] as const;

let directory: string;
let bundle: string;
let cluster: TestCluster;
const nodes = new Map<number, string>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-bundle-'));
  bundle = await agentBundle(directory);
  for (const major of MAJORS) nodes.set(major, await publishedNode(major));
  cluster = await TestCluster.create({ hosts: ['usual'], simulated: MAJORS.map(hostOf) });
}, 600_000);

afterAll(async () => {
  await cluster.dispose();
  rmSync(directory, { recursive: true });
});

describe.each(MAJORS)('the bundled agent on Node %i', (major) => {
  /** Alone in an empty directory: nothing of the project can help it. */
  const argv = (...args: string[]): string[] => [nodes.get(major) ?? '', ...flagsFor(major), bundle, ...args];
  const run = (...args: string[]): ReturnType<typeof runCommand> => runCommand(argv(...args), { cwd: directory });

  it('says what it can, on a Node of that version', async () => {
    expect((await mustRun([nodes.get(major) ?? '', '--version'])).stdout).toMatch(new RegExp(`^v${String(major)}\\.`));
    const { status, stdout, stderr } = await run('--help');
    expect([status, stderr]).toEqual([0, '']);
    for (const command of ['enroll', 'inspect', 'probe', 'run', 'status', 'verify']) expect(stdout).toContain(command);
  });

  it('verifies a host by a manifest alone, and finds one changed byte', async () => {
    const given = ['--manifest', join(cluster.directory, 'manifest.dsse.json')];
    given.push('--publisher-key', join(cluster.directory, 'publisher.pub'));
    const root = join(directory, `root-${String(major)}`);
    cpSync(cluster.hostRoot('usual'), root, { recursive: true, verbatimSymlinks: true });
    const good = await run('verify', ...given, '--root', root, '--output', 'json');
    flipByte(join(root, 'usr', 'bin', cluster.components[0]!.name));
    const bad = await run('verify', ...given, '--root', root, '--output', 'json');
    expect([good.status, (JSON.parse(good.stdout) as CheckResult).verdict]).toEqual([0, 'compliant']);
    expect([bad.status, (JSON.parse(bad.stdout) as CheckResult).verdict]).toEqual([1, 'noncompliant']);
    expect(bad.stdout).toContain('file.digest-mismatch');
  });

  it('probes a TLS service', async () => {
    const address = readFileSync(join(cluster.directory, 'cluster.yaml'), 'utf8').match(/listen: (\S+)/)?.[1] ?? '';
    const { status, stdout } = await run('probe', address, '--output', 'json');
    expect(status).toBe(0);
    expect(stdout).toContain('TLS_AES_256_GCM_SHA384');
    expect(stdout).toContain('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
  });

  it('enrols, reports to the collector, is found compliant, and stops cleanly', async () => {
    const host = hostOf(major);
    const state = join(directory, host);
    const root = join(directory, `live-${String(major)}`);
    cpSync(cluster.hostRoot('usual'), root, { recursive: true, verbatimSymlinks: true });
    const enrolment = join(cluster.directory, '.sealwatch', 'bundles', `${host}.json`);
    await mustRun(argv('enroll', '--bundle', enrolment, '--state-dir', state), { cwd: directory });
    const started = performance.now();
    const agent = new Daemon(argv('run', '--state-dir', state, '--host-root', root), { cwd: directory });
    try {
      await waitUntil(
        `${host} has reported`,
        async () => (await cluster.hostSummaries()).some(({ name, sequence }) => name === host && sequence > 0),
        { timeoutMs: 60_000, explain: () => agent.output },
      );
      const firstReport = performance.now() - started;
      const { result } = await cluster.check('--host', host);
      expect(
        result.hosts.map(({ name, verdict }) => [name, verdict]),
        agent.output,
      ).toEqual([[host, 'compliant']]);
      const bare = await bareNode(nodes.get(major) ?? '', flagsFor(major));
      const rss = rssOf(agent.pid);
      console.log(
        `Node ${String(major)}: agent ${mib(rss)} MiB RSS, bare Node ${mib(bare)}, above it ${mib(rss - bare)}; ` +
          `bundle ${String(Math.round(statSync(bundle).size / 1024))} KiB; seen in \`hosts list\` after ${firstReport.toFixed(0)} ms`,
      );
      expect(await agent.stop()).toBe(0);
      expect(agent.output).not.toMatch(/Warning|Error/);
    } finally {
      await agent.kill();
    }
  });
});

function hostOf(major: number): string {
  return `node-${String(major)}`;
}

/** What a Node that does nothing holds, with the same flags. */
async function bareNode(node: string, flags: readonly string[]): Promise<number> {
  const idle = new Daemon([node, ...flags, '-e', 'setInterval(() => {}, 1000); console.log("up")']);
  try {
    await waitUntil('bare Node is up', () => idle.output.includes('up'));
    return rssOf(idle.pid);
  } finally {
    await idle.kill();
  }
}

/** Bytes. */
function rssOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

function mib(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
