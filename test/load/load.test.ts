import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { EnrollmentBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatedAgent, type SimulatedState } from '../fakes/simulated-agent.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { FULL } from './length.js';
import { platformMeasurement } from '../fakes/platform-observations.js';

const AGENTS = Number(process.env['AGENTS'] ?? (FULL ? 1000 : 60));
const REPORTS_EACH = Number(process.env['REPORTS'] ?? (FULL ? 40 : 30));
const names = Array.from({ length: AGENTS }, (_, index) => `node-${String(index).padStart(4, '0')}`);

let cluster: TestCluster;
const agents: SimulatedAgent[] = [];

beforeAll(async () => {
  // the sizes are the point here: identities may report as fast as they can
  // what a simulated agent measures
  const settings = { 'policy.require': ['file', 'host'] };
  cluster = await TestCluster.create({ hosts: ['alpha'], simulated: names, settings });
  for (const name of names) {
    const bundle = JSON.parse(
      readFileSync(join(cluster.directory, '.sealwatch', 'bundles', `${name}.json`), 'utf8'),
    ) as EnrollmentBundle;
    agents.push(await SimulatedAgent.enroll(bundle));
  }
}, 600_000);

afterAll(async () => {
  for (const agent of agents) agent.close();
  await cluster.dispose();
});

/** User and system time of a process so far, microseconds. */
function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function states(): [SimulatedState, SimulatedState] {
  const good: Measurement[] = [
    ...cluster.components.map(({ name, path }) => file(name, sha256(readFileSync(path)))),
    platformMeasurement(),
    { subject: { kind: 'host', aspect: 'kubernetes-ca' }, observed: { state: 'absent' } },
    { subject: { kind: 'host', aspect: 'etcd-ca' }, observed: { state: 'absent' } },
  ];
  const [first, ...rest] = cluster.components;
  if (first === undefined) throw new Error('no components');
  const changed = sha256(Buffer.from('changed'));
  const bad: Measurement[] = [file(first.name, changed), ...good.slice(1)];
  expect(rest.length).toBeGreaterThan(0);
  const expected = sha256(readFileSync(first.path));
  const findings: Finding[] = [
    finding('file.digest-mismatch', `file:${first.name}:/usr/bin/${first.name}`, expected, changed),
  ];
  return [
    { measurements: good, findings: [] },
    { measurements: bad, findings },
  ];
}

function file(component: string, digest: Digest): Measurement {
  const path = `/usr/bin/${component}`;
  return {
    subject: { kind: 'file', component, path },
    observed: { state: 'present', realPath: path, size: '1', digest, mode: '0755', uid: 0, gid: 0 },
  };
}

it(`${String(AGENTS)} agents report ${String(REPORTS_EACH)} changes each; all are recorded, and the last word counts`, async () => {
  const [good, bad] = states();
  const pid = cluster.collector.pid;
  const connecting = cpuTime(pid);
  for (const agent of agents) await agent.connect();
  const connected = cpuTime(pid);
  const started = performance.now();
  const latencies: number[] = [];
  await Promise.all(
    agents.map(async (agent) => {
      for (let index = 0; index < REPORTS_EACH; index++)
        latencies.push(await agent.report(index % 2 === REPORTS_EACH % 2 ? bad : good));
    }),
  );
  const elapsed = performance.now() - started;
  const spent = cpuTime(pid) - connected;
  latencies.sort((a, b) => a - b);
  const total = AGENTS * REPORTS_EACH;
  const at = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(0);
  console.log(
    `load: ${String(AGENTS)} connections (${((connected - connecting) / AGENTS / 1000).toFixed(2)} ms CPU each), ${String(total)} signed reports in ${(elapsed / 1000).toFixed(1)} s: ` +
      `${(total / (elapsed / 1000)).toFixed(0)}/s, ${(spent / total).toFixed(0)} us of collector CPU per report, ack p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
  const hosts = (await cluster.hostSummaries()).filter(({ name }) => name.startsWith('node-'));
  expect(hosts).toHaveLength(AGENTS);
  expect(hosts.filter(({ sequence, verdict }) => sequence !== REPORTS_EACH || verdict !== 'compliant')).toEqual([]);
});
