import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import {
  COMPONENT,
  ImageWorld,
  OTHER_LINK,
  OTHER_PROGRAM,
  PROGRAM,
  PROGRAM_LINK,
  REPOSITORY,
} from '../fakes/image-world.js';
import { waitUntil } from '../fakes/wait-until.js';

const NAME = `${REPOSITORY}:v1`;
const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const DENIED = 'GODEBUG=fips140=off';

/** As kubeadm writes it, shortened. */
function staticPod(changes: { image?: string; command?: string; env?: string; mount?: string } = {}): string {
  const { image = NAME, command = 'kube-apiserver', env = 'TZ', mount = '/etc/kubernetes/pki' } = changes;
  return `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver, namespace: kube-system}
spec:
  containers:
  - name: kube-apiserver
    image: ${image}
    command: [${command}, --secure-port=6443]
    env: [{name: ${env}, value: "fips140=off"}]
    volumeMounts: [{name: pki, mountPath: ${mount}, readOnly: true}]
  volumes: [{name: pki, hostPath: {path: /etc/kubernetes/pki, type: DirectoryOrCreate}}]
`;
}

/**
 * Rows 18 to 23 of the tamper catalogue and the honest acts beside them, done to a real containerd and runc: what each
 * is found as, and that all is good again once it is mended.
 */
describe.each(['overlayfs', 'native'] as const)('images of a component under the %s snapshotter', (snapshotter) => {
  let world: ImageWorld;
  let running: { id: string; pid: number };

  beforeAll(async () => {
    world = await ImageWorld.start(snapshotter);
    world.tree.write(MANIFEST, staticPod());
    await world.import('v1');
    running = await world.run(NAME);
  });
  afterAll(async () => {
    await world.dispose();
  });

  /** Each act begins with a host that is good, and ends with one. */
  beforeEach(async () => {
    expect(await world.findings()).toEqual([]);
  });

  const layer = (): string => world.blob(world.image('v1').archive.layers[1]!);

  describe('as they should be', () => {
    it('are seen in all four layers of evidence', async () => {
      const { entry } = world.image('v1');
      const program = entry.executables.find(({ path }) => path === PROGRAM)?.digest;
      expect(await world.measure()).toEqual({
        subject: { kind: 'image', component: COMPONENT },
        observed: {
          state: 'seen',
          stored: [{ names: [NAME], target: entry.manifest, config: entry.digest, faults: [], layersNotStored: 0 }],
          containers: [
            {
              image: NAME,
              config: entry.digest,
              snapshotter,
              unpacked: entry.executables.map(({ path, digest }) => ({ path, digest, shadowing: false })),
              settings: {
                state: 'read',
                arguments: [PROGRAM, '--secure-port=6443'],
                variables: [],
                mounts: expect.arrayContaining([{ destination: '/proc', source: 'proc', type: 'proc' }]) as unknown,
              },
              commandPath: null,
              process: { executable: PROGRAM, digest: program },
            },
          ],
          pods: [
            {
              file: MANIFEST,
              digest: expect.stringMatching(/^sha256:/) as unknown,
              image: NAME,
              settings: {
                state: 'read',
                arguments: ['kube-apiserver', '--secure-port=6443'],
                variables: [],
                mounts: [{ destination: '/etc/kubernetes/pki', source: '/etc/kubernetes/pki', type: 'hostPath' }],
              },
            },
          ],
        },
      });
    });

    it('give the same bytes again, also to an agent that has just started', async () => {
      const before = await world.body();
      expect(await world.body()).toBe(before);
      world.forget();
      expect(await world.body()).toBe(before);
    });

    it('are not read again layer by layer unless somebody asks or a file was touched', async () => {
      await world.measure(['v1'], true);
      const read = async (fresh: boolean): Promise<number> => {
        const before = world.bytesRead;
        await world.measure(['v1'], fresh);
        return world.bytesRead - before;
      };
      const unchanged = await read(false);
      const asked = await read(true);
      const layers = world.image('v1').entry.layers.reduce((sum, { size }) => sum + Number(size), 0);
      expect(asked - unchanged).toBe(layers);
      execFileSync('touch', [layer()]);
      expect((await read(false)) - unchanged).toBe(Number(world.image('v1').entry.layers[1]!.size));
    });
  });

  describe('row 18: a blob of the content store', () => {
    it.each(['manifest', 'config', 'layer'] as const)('whose byte is flipped is found: %s', async (kind) => {
      const { archive } = world.image('v1');
      const digest = { manifest: archive.manifest, config: archive.config, layer: archive.layers[1]! }[kind];
      flipByte(world.blob(digest), 20);
      const findings = await world.findings();
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'image.blob-damaged', expected: `${kind} ${digest}` }),
      );
      expect(evaluate(findings, world.context().release.policy).verdict).toBe('noncompliant');
      flipByte(world.blob(digest), 20);
      expect(await world.codes()).toEqual([]);
    });

    it('is found again by an agent that has just started, with what can still be told of the container', async () => {
      flipByte(world.blob(world.image('v1').archive.config), 20);
      world.forget();
      expect(await world.codes()).toEqual(['image.blob-damaged', 'image.unreadable']);
      expect((await world.seen()).containers[0]).toMatchObject({ config: world.image('v1').entry.digest });
      flipByte(world.blob(world.image('v1').archive.config), 20);
    });

    it('to which bytes were added, which containerd does not serve, is found by its size', async () => {
      appendFileSync(layer(), 'more');
      const findings = await world.findings();
      expect(findings.map(({ code }) => code)).toEqual(['image.blob-damaged']);
      expect(findings[0]?.observed).toContain('another size');
      truncateSync(layer(), Number(world.image('v1').entry.layers[1]!.size));
    });

    it('is found though its times were put back', async () => {
      execFileSync('cp', ['-p', layer(), `${layer()}.kept`]);
      flipByte(layer(), 4096);
      execFileSync('touch', ['-r', `${layer()}.kept`, layer()]);
      expect(await world.codes()).toEqual(['image.blob-damaged']);
      renameSync(`${layer()}.kept`, layer());
    });
  });

  describe('row 19: a file of the unpacked snapshot', () => {
    it.each(['/bin/busybox', PROGRAM])('that is edited while its blob stays good is found: %s', async (path) => {
      const file = await world.unpacked(running.id, path);
      execFileSync('cp', ['-p', file, `${file}.new`]);
      flipByte(`${file}.new`);
      renameSync(file, `${file}.kept`);
      renameSync(`${file}.new`, file);
      const findings = await world.findings();
      expect(findings).toEqual([
        expect.objectContaining({
          code: 'image.file-mismatch',
          expected: expect.stringContaining(`${path} sha256:`) as unknown,
        }),
      ]);
      renameSync(`${file}.kept`, file);
    });

    it('that is written in place is found', async () => {
      const file = await world.unpacked(running.id, OTHER_PROGRAM);
      flipByte(file);
      expect(await world.codes()).toEqual(['image.file-mismatch']);
      flipByte(file);
    });

    it('that is removed is found', async () => {
      const file = await world.unpacked(running.id, OTHER_PROGRAM);
      renameSync(file, `${file}.kept`);
      expect(await world.codes()).toEqual(['image.file-missing']);
      renameSync(`${file}.kept`, file);
    });
  });

  describe("row 20: the container's own layer", () => {
    it('with another executable over the one that runs is found', async () => {
      await world.during({ name: 'taken' }, async (taken) => {
        // busybox is signed, too: it is the place that is wrong, which only an overlay tells
        world.within(taken, `busybox cp /bin/busybox /new && busybox mv /new ${PROGRAM}`);
        expect(await world.codes()).toEqual(snapshotter === 'overlayfs' ? ['image.file-shadowed'] : []);
        world.within(taken, `busybox cp ${OTHER_PROGRAM} /new && echo >> /new && busybox mv /new ${PROGRAM}`);
        expect(await world.codes()).toEqual(['image.file-mismatch']);
      });
    });

    it('that removed one is found', async () => {
      await world.during({ name: 'removed' }, async (taken) => {
        world.within(taken, `busybox rm ${PROGRAM}`);
        expect(await world.codes()).toEqual(['image.file-missing']);
      });
    });

    it('is looked at as the process sees it: through a mount from inside', async () => {
      await world.during({ name: 'mounted' }, async (taken) => {
        const over = `busybox mount -o bind /new ${OTHER_PROGRAM}`;
        world.within(taken, `echo > /new && ${over}`);
        expect(await world.codes()).toEqual(['image.file-mismatch']);
        world.within(taken, `busybox umount ${OTHER_PROGRAM} && busybox cp ${OTHER_PROGRAM} /new && ${over}`);
        expect(await world.codes()).toEqual(['image.unpacked-unreadable']);
      });
    });
  });

  describe('row 21: a name of the component', () => {
    it('that is given to another image is found, and the container is still known by what it was made of', async () => {
      await world.import('evil');
      await world.daemon.ctr('images', 'tag', '--force', `${REPOSITORY}:evil`, NAME);
      const findings = await world.findings();
      expect(findings).toEqual([
        expect.objectContaining({
          code: 'image.retagged',
          observed: `${NAME}: ${world.image('evil').entry.digest}`,
        }),
      ]);
      world.forget();
      expect(await world.codes()).toEqual(['image.retagged']);
      await world.import('v1');
      await world.unname(`${REPOSITORY}:evil`);
    });

    it('under which another image is imported is found', async () => {
      await world.import('evil', undefined, '--base-name', REPOSITORY);
      await world.unname(NAME);
      await world.daemon.ctr('images', 'tag', `${REPOSITORY}:evil`, NAME);
      await world.unname(`${REPOSITORY}:evil`);
      expect(await world.codes()).toEqual(['image.retagged']);
      await world.import('v1');
    });
  });

  describe('row 22: what is run', () => {
    it('from another image, whatever it is called, is found', async () => {
      const image = `${REPOSITORY}:evil`;
      await world.import('evil');
      try {
        await world.during({ image, name: 'evil' }, async () => {
          expect(await world.codes()).toEqual(['image.mixed', 'image.unlisted']);
          // the name is the good image's now, which it was not made from
          await world.daemon.ctr('images', 'tag', '--force', NAME, image);
          expect(await world.codes()).toEqual(['image.mixed', 'image.unreadable']);
        });
      } finally {
        await world.unname(image);
      }
    });

    it('under no label at all is found by its image', async () => {
      await world.during({ name: 'bare', labels: {}, flags: ['--env', DENIED] }, async () => {
        expect(await world.codes()).toEqual(['container.variable']);
      });
    });

    it('with another command is found, before and in what runs', async () => {
      await world.during({ name: 'command', command: ['/bin/sleep', '1d'] }, async () => {
        expect(await world.codes()).toEqual(['container.command', 'container.process']);
      });
    });

    it('through a link of the image is found only if that leads to another program', async () => {
      await world.during({ name: 'linked', command: [PROGRAM_LINK, '--secure-port=6443'] }, async () => {
        expect(await world.codes()).toEqual([]);
        world.tree.write(MANIFEST, staticPod({ command: PROGRAM_LINK }));
        expect(await world.codes()).toEqual([]);
        world.tree.write(MANIFEST, staticPod());
      });
      await world.during({ name: 'linked', command: [OTHER_LINK] }, async () => {
        expect(await world.codes()).toEqual(['container.command', 'container.process']);
      });
    });

    it('with a denied variable is found, and no other variable leaves the host', async () => {
      const flags = ['--env', DENIED, '--env', 'SECRET=x'];
      await world.during({ name: 'variable', flags }, async () => {
        const findings = await world.findings();
        expect(findings).toEqual([expect.objectContaining({ code: 'container.variable' })]);
        expect(findings[0]?.observed).toContain(DENIED);
        expect(JSON.stringify(await world.measure())).not.toContain('SECRET');
      });
    });

    it('with a mount over an executable is found, however its place is written', async () => {
      const mount = `type=bind,src=${world.daemon.directory},dst=/usr/./local//bin/,options=rbind:ro`;
      await world.during({ name: 'mount', command: ['/bin/sleep', '1d'], flags: ['--mount', mount] }, async () => {
        expect(await world.codes()).toContain('container.mount');
      });
    });

    it.each([
      ['image', { image: 'registry.k8s.io/kube-apiserver:v0' }, 'pod.image'],
      ['image of another registry', { image: 'evil.io/kube-apiserver:v1' }, 'pod.image'],
      ['command', { command: '/bin/sh' }, 'container.command'],
      ['denied variable', { env: 'GODEBUG' }, 'container.variable'],
      ['mount', { mount: '/usr/local/bin' }, 'container.mount'],
    ] as const)("from a static pod's %s is found before it runs", async (_, changes, code) => {
      world.tree.write(MANIFEST, staticPod(changes));
      const findings = await world.findings();
      expect(findings).toEqual([expect.objectContaining({ code })]);
      expect(findings[0]?.observed).toContain(MANIFEST);
      world.tree.write(MANIFEST, staticPod());
    });

    it('from a second file that was forgotten there is found, and one that is no pod counts as one', async () => {
      world.tree.write(`${MANIFEST}.bak`, staticPod({ image: 'registry.k8s.io/kube-apiserver:v0' }));
      expect(await world.codes()).toEqual(['pod.image']);
      writeFileSync(world.tree.at(`${MANIFEST}.bak`), 'kind: [');
      expect(await world.codes()).toEqual(['container.settings-unreadable']);
      rmSync(world.tree.at(`${MANIFEST}.bak`));
    });
  });

  describe("row 23: the container's first process", () => {
    it('that runs another program in its own place is found', async () => {
      await world.during({ name: 'exec', command: [PROGRAM, OTHER_PROGRAM] }, async ({ pid }) => {
        expect(await world.codes()).toEqual([]);
        process.kill(pid, 'SIGUSR1');
        await waitUntil('it runs another program', async () => (await world.codes()).length > 0);
        expect(await world.findings()).toEqual([
          expect.objectContaining({
            code: 'container.process',
            observed: expect.stringContaining(OTHER_PROGRAM) as unknown,
          }),
        ]);
      });
    });
  });

  describe('an honest act is no finding', () => {
    it('when containerd restarts', async () => {
      const before = await world.body();
      await world.daemon.kill();
      expect(await world.codes()).toEqual(['containerd.unavailable']);
      await world.daemon.launch();
      await waitUntil('containerd is back', async () => (await world.codes()).length === 0);
      expect(await world.body()).toBe(before);
    });

    it('when the container is made anew, which changes nothing at all', async () => {
      const before = await world.body();
      for (let i = 0; i < 3; i++) {
        await world.end(running);
        running = await world.run(NAME, { name: `again-${String(i)}` });
        expect(await world.body()).toBe(before);
      }
    });

    it.each([
      ['a docker archive', ['docker-archive:%', '--format', 'v2s2']],
      ['an archive with gzip layers', ['oci-archive:%', '--dest-compress-format', 'gzip', '--dest-compress']],
      ['an archive with zstd layers', ['oci-archive:%', '--dest-compress-format', 'zstd', '--dest-compress']],
    ] as const)('when the image is imported again from %s', async (_, [to, ...flags]) => {
      const file = join(world.daemon.directory, 'again.tar');
      const from = `oci-archive:${world.image('v1').archive.file}`;
      execFileSync('skopeo', ['--insecure-policy', 'copy', ...flags, from, `${to.replace('%', file)}:${NAME}`]);
      await world.import('v1', file);
      rmSync(file);
      const { stored } = await world.seen();
      expect(await world.codes()).toEqual([]);
      expect(stored.map(({ config, faults }) => ({ config, faults }))).toEqual([
        { config: world.image('v1').entry.digest, faults: [] },
      ]);
      expect(stored[0]?.target).not.toBe(world.image('v1').entry.manifest);
      await world.import('v1');
    });

    it('when containerd discards the layers it has unpacked, which is noted', async () => {
      for (const digest of world.image('v1').archive.layers) await world.daemon.ctr('content', 'rm', digest);
      await waitUntil('the layers are gone', async () => (await world.seen()).stored[0]?.layersNotStored === 2);
      expect(await world.codes()).toEqual([]);
      await world.import('v1');
      expect((await world.seen()).stored[0]?.layersNotStored).toBe(0);
    });

    it('when two signed versions run side by side during an upgrade, which is a warning', async () => {
      const both = ['v1', 'v2'];
      await world.import('v2');
      const newer = await world.run(`${REPOSITORY}:v2`, { name: 'newer' });
      const findings = await world.findings(both);
      expect(findings.map(({ code }) => code)).toEqual(['image.mixed']);
      expect(evaluate(findings, world.context(both).release.policy).verdict).toBe('compliant');
      await world.end(newer);
      await world.unname(`${REPOSITORY}:v2`);
      expect(await world.codes(both)).toEqual([]);
    });
  });

  describe('what can not be told is never good', () => {
    it('when containerd hangs', async () => {
      await world.daemon.freeze();
      try {
        expect(await world.findings()).toEqual([
          expect.objectContaining({
            code: 'containerd.unavailable',
            observed: 'containerd does not answer in time',
          }),
        ]);
      } finally {
        world.daemon.thaw();
      }
    });

    it('when the component does not run, or its image is not there', async () => {
      await world.end(running);
      expect(await world.codes()).toEqual(['image.not-running']);
      await world.unname(NAME);
      expect(await world.codes()).toEqual(['image.missing']);
      await world.import('v1');
      running = await world.run(NAME);
    });

    it("when the manifest's blob is gone", async () => {
      const file = world.blob(world.image('v1').archive.manifest);
      copyFileSync(file, `${file}.kept`);
      rmSync(file);
      expect(await world.codes()).toEqual(['image.blob-damaged', 'image.unreadable']);
      renameSync(`${file}.kept`, file);
    });
  });
});
