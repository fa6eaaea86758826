import type { SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { ContainerdHost } from '../fakes/containerd-host.js';
import { COMPONENT, ImageWorld, OTHER_PROGRAM, PROGRAM, REPOSITORY } from '../fakes/image-world.js';
import { TestCluster } from '../fakes/test-cluster.js';

const HOST = 'alpha';
const NAME = `${REPOSITORY}:v1`;
const SUBJECT = `image:${COMPONENT}`;

/** What the cluster says about the images of a host, whose scans of their own accord are an hour apart. */
describe('the images of a host', () => {
  let world: ImageWorld;
  let running: { id: string; pid: number };
  let cluster: TestCluster;
  let host: ContainerdHost;

  beforeAll(async () => {
    world = await ImageWorld.start('overlayfs');
    await world.import('v1');
    await world.import('evil');
    running = await world.run(NAME);
    const { file } = world.image('v1').archive;
    cluster = await TestCluster.create({
      hosts: [HOST],
      images: [{ name: COMPONENT, archive: file, reference: NAME, command: PROGRAM }],
      agentFlags: ['--containerd-socket', world.daemon.socket],
      settings: {
        'policy.require': ['file', 'image', 'host'],
        'policy.scanInterval': '1h',
        'policy.evidenceMaxAge': '3h',
      },
    });
    host = await ContainerdHost.show(world.daemon, cluster.hostRoot(HOST), `/proc/${String(running.pid)}`);
    await cluster.startAgents();
    await good();
  });
  afterAll(async () => {
    // before the tree is removed, and everything that is mounted there with it
    await host.dispose();
    await cluster.dispose();
    await world.dispose();
  });

  const good = (): Promise<void> =>
    cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'the host is good by itself');
  const noticed = (code: string): Promise<void> =>
    cluster.waitForHosts(({ reasons }) => reasons.includes(`${code} ${SUBJECT}`), `the agent reports ${code}`);

  async function check(): Promise<{ status: number | null; subject: SubjectResult }> {
    const { status, result } = await cluster.check();
    const subject = result.hosts[0]?.subjects.find(({ id }) => id === SUBJECT);
    if (subject === undefined) throw new Error(JSON.stringify(result, null, 1));
    return { status, subject };
  }

  it('are printed as the seed prints them, and pass', async () => {
    const { status, stdout } = await cluster.sealwatch('check', 'fips');
    expect(stdout).toMatch(/^kube-apiserver \[image\] Signature Validated {20,}\[OK\]$/m);
    expect(status).toBe(0);
  });

  it('are judged by the agent alone, with its release or with a manifest', async () => {
    const place = ['--root', cluster.hostRoot(HOST), '--containerd-socket', world.daemon.socket];
    const enrolled = ['--state-dir', cluster.agentState(HOST)];
    const alone = ['--manifest', 'manifest.dsse.json', '--publisher-key', 'publisher.pub'];
    const line = /^kube-apiserver \[image\] Signature Validated {20,}\[OK\]$/m;
    for (const against of [enrolled, alone]) {
      const { status, stdout } = await cluster.agentCommand(HOST, 'verify', ...against, ...place);
      expect(stdout).toMatch(line);
      expect(status).toBe(0);
    }
    const elsewhere = await cluster.agentCommand(HOST, 'verify', ...alone, '--root', cluster.hostRoot(HOST));
    expect(elsewhere.stdout).toContain('containerd.unavailable');
    expect(elsewhere.status).toBe(1);
  });

  it('are noticed by event when a name is given to another image, and when it is given back', async () => {
    await world.daemon.ctr('images', 'tag', '--force', `${REPOSITORY}:evil`, NAME);
    await noticed('image.retagged');
    await world.import('v1');
    await good();
  });

  it('are noticed by event when a container of the component starts from another image', async () => {
    const evil = await world.run(`${REPOSITORY}:evil`, { name: 'evil' });
    try {
      await noticed('image.unlisted');
    } finally {
      await world.end(evil);
    }
    await good();
  });

  it('fail when a file of the unpacked snapshot is edited, which is found when somebody asks', async () => {
    const file = await world.unpacked(running.id, OTHER_PROGRAM);
    flipByte(file);
    const { status, subject } = await check();
    expect(status).toBe(1);
    expect(subject).toMatchObject({ statement: 'Signature Invalid', status: 'fail' });
    expect(subject.findings.map(({ code }) => code)).toEqual(['image.file-mismatch']);
    flipByte(file);
    expect(await check()).toMatchObject({ status: 0, subject: { statement: 'Signature Validated', findings: [] } });
  });

  it('fail when a byte of a stored layer is flipped', async () => {
    const layer = world.blob(world.image('v1').archive.layers[0]!);
    flipByte(layer);
    expect((await check()).subject.findings.map(({ code }) => code)).toEqual(['image.blob-damaged']);
    flipByte(layer);
    expect((await check()).status).toBe(0);
  });

  it('are unknown while containerd is gone, and looked at without being asked once it is back', async () => {
    await world.daemon.kill();
    const { status, subject } = await check();
    expect(status).toBe(1);
    expect(subject.findings.map(({ code }) => code)).toEqual(['containerd.unavailable']);
    await world.daemon.launch();
    await good();
  });
});
