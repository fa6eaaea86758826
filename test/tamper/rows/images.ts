import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageArchive } from '../../fakes/containerd-image.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { COMPONENT, OTHER_PROGRAM, PROGRAM, REPOSITORY } from '../../fakes/image-world.js';
import { IMAGE, type Machine, PODS } from '../machine.js';
import type { Row } from '../row.js';

const SUBJECT = `image:${COMPONENT}`;
const POD = join(PODS, 'kube-apiserver.yaml');

const flipLayer = ({ images }: Machine): void => {
  flipByte(images.blob(images.image('v1').archive.layers[1]!), 20);
};
const flipUnpacked = async ({ images, container }: Machine): Promise<void> => {
  flipByte(await images.unpacked(container.id, OTHER_PROGRAM));
};
/** containerd takes the name for what the archive calls so; the same archive gives it back. */
const rightName = ({ images }: Machine): Promise<void> => images.import('v1');

/** What containerd keeps of images and containers. */
const stored = ({ images }: Machine): readonly string[] =>
  ['content.v1.content/blobs', 'snapshotter.v1.overlayfs/snapshots'].map((name) =>
    join(images.daemon.root, `io.containerd.${name}`),
  );

/** Done to a real containerd and to what runs under it. */
const ROWS: readonly Row<Machine>[] = [
  {
    number: '18',
    act: "change a byte of a layer in containerd's content store",
    by: 'scan',
    commit: flipLayer,
    reason: () => `image.blob-damaged ${SUBJECT}`,
    mend: flipLayer,
  },
  {
    number: '19',
    act: 'edit a file in the unpacked snapshot of an image',
    by: 'scan',
    commit: flipUnpacked,
    reason: () => `image.file-mismatch ${SUBJECT}`,
    mend: flipUnpacked,
  },
  {
    number: '20',
    act: 'write over the executable inside a running container',
    by: 'scan',
    commit: ({ images, container }) => {
      images.within(container, `cp ${OTHER_PROGRAM} /copy && mv /copy ${PROGRAM}`);
    },
    reason: () => `image.file-shadowed ${SUBJECT}`,
    mend: (machine) => machine.restartContainer(),
  },
  {
    number: '21a',
    act: "retag another image under a component's name",
    by: 'event',
    commit: async ({ images }) => {
      await images.daemon.ctr('images', 'tag', '--force', `${REPOSITORY}:evil`, IMAGE);
    },
    reason: () => `image.retagged ${SUBJECT}`,
    mend: rightName,
  },
  {
    number: '21b',
    act: 'import another image under the same name',
    by: 'event',
    commit: async ({ images }) => {
      const other = await imageArchive(IMAGE, [{ 'bin/other': { copyOf: images.programs.path('evil') } }]);
      await images.daemon.ctr('images', 'import', other.file);
      other.remove();
    },
    reason: () => `image.retagged ${SUBJECT}`,
    mend: rightName,
  },
  {
    number: '22a',
    act: "run a component's container from another image",
    by: 'event',
    commit: async (machine) => {
      await machine.runOther(`${REPOSITORY}:evil`);
    },
    reason: () => `image.unlisted ${SUBJECT}`,
    mend: (machine) => machine.endOthers(),
  },
  ...(
    [
      ['22b', 'image', { image: `${REPOSITORY}:v0` }, 'pod.image'],
      ['22c', 'command', { command: '/bin/sh' }, 'container.command'],
      ['22d', 'variables', { variable: 'GODEBUG' }, 'container.variable'],
      ['22e', 'mounts', { mount: PROGRAM }, 'container.mount'],
    ] as const
  ).map(([number, what, change, code]): Row<Machine> => ({
    number,
    act: `edit a static pod's ${what}`,
    by: 'event',
    prepare: () => {
      writeFileSync(POD, staticPod());
    },
    commit: () => {
      writeFileSync(POD, staticPod(change));
    },
    reason: () => `${code} ${SUBJECT}`,
    mend: () => {
      rmSync(POD);
    },
    directories: () => [PODS],
  })),
  {
    number: '23a',
    act: "exec another program in place of the container's first process",
    by: 'event',
    prepare: (machine) => machine.restartContainer([PROGRAM, OTHER_PROGRAM]),
    commit: ({ container }) => {
      process.kill(container.pid, 'SIGUSR1');
    },
    reason: () => `container.process ${SUBJECT}`,
    mend: (machine) => machine.restartContainer(),
  },
  {
    number: '23b',
    act: 'run another program beside it in the container',
    by: 'event',
    prepare: ({ images, container }) => {
      images.within(container, 'cp /bin/busybox /sleep && echo >> /sleep');
    },
    commit: (machine) => machine.execInContainer(['/sleep', '1000']),
    reason: () => `process.digest-mismatch process:${COMPONENT}`,
    mend: (machine) => machine.restartContainer(),
  },
];

/** Rows 18 to 23. */
export const IMAGE_ROWS: readonly Row<Machine>[] = ROWS.map((row) => ({ directories: stored, ...row }));

/** As kubeadm writes it, shortened. */
function staticPod(change: { image?: string; command?: string; variable?: string; mount?: string } = {}): string {
  const { image = IMAGE, command = 'kube-apiserver', variable = 'TZ', mount = '/etc/kubernetes/pki' } = change;
  return `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver, namespace: kube-system}
spec:
  containers:
  - name: kube-apiserver
    image: ${image}
    command: [${command}, --secure-port=6443]
    env: [{name: ${variable}, value: "fips140=off"}]
    volumeMounts: [{name: pki, mountPath: ${mount}, readOnly: true}]
  volumes: [{name: pki, hostPath: {path: /etc/kubernetes/pki, type: DirectoryOrCreate}}]
`;
}
