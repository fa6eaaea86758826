import { commandOption, imageOption, platformOption, referenceOption } from '@sealwatch/collector/cli/image-option.js';
import { wantedImages } from '@sealwatch/collector/cli/image-options.js';
import { describe, expect, it } from 'vitest';

const options = {
  platform: { os: 'linux', architecture: 'amd64', variant: null },
  containerdSocket: '/run/c.sock',
  containerdNamespace: 'k8s.io',
};
const wanted = (text: string, more: { reference?: string; command?: string } = {}): unknown =>
  wantedImages({
    ...options,
    image: imageOption(text, []),
    reference: more.reference === undefined ? new Map() : referenceOption(more.reference, new Map()),
    command: more.command === undefined ? new Map() : commandOption(more.command, new Map()),
  });

describe('--image', () => {
  it.each([
    ['etcd=oci:./layout', { kind: 'oci', path: './layout', name: undefined }],
    ['etcd=oci:/a/b:v1=x', { kind: 'oci', path: '/a/b', name: 'v1=x' }],
    ['etcd=oci-archive:f.tar:k8s.io/etcd:3', { kind: 'oci-archive', path: 'f.tar', name: 'k8s.io/etcd:3' }],
    ['etcd=docker-archive:f.tar', { kind: 'docker-archive', path: 'f.tar', name: undefined }],
    ['etcd=containerd:registry.k8s.io/etcd:3', { kind: 'containerd', name: 'registry.k8s.io/etcd:3' }],
  ])('reads %s', (text, location) => {
    expect(imageOption(text, [])).toEqual([{ name: 'etcd', location, shown: text.slice('etcd='.length) }]);
  });

  it.each([
    ['etcd', /NAME=SOURCE/],
    ['etcd=', /NAME=SOURCE/],
    ['ETCD=oci:layout', /lower-case/],
    ['etcd=registry.k8s.io/etcd:3', /docker-archive:FILE.* or containerd:REF/],
    ['etcd=docker://registry.k8s.io/etcd:3', /skopeo copy/],
    ['etcd=oci:', /write oci:PATH/],
    ['etcd=containerd:', /no image reference/],
    ['etcd=containerd:Up/Per', /no image reference/],
  ])('refuses %s', (text, why) => {
    expect(() => imageOption(text, [])).toThrow(why);
  });

  it('refuses one name twice', () => {
    const one = imageOption('etcd=oci:a', []);
    expect(imageOption('pause=oci:a', one)).toHaveLength(2);
    expect(() => imageOption('etcd=oci:b', one)).toThrow(/given twice/);
  });
});

describe('the references of an image', () => {
  it.each([
    ['containerd:etcd', ['docker.io/library/etcd:latest'], undefined],
    ['oci:l:registry.k8s.io/etcd:3', ['registry.k8s.io/etcd:3'], undefined],
    ['docker-archive:f:busybox:1', ['docker.io/library/busybox:1'], undefined],
    ['oci:l:v1', ['docker.io/library/b:1'], 'b:1'],
    ['oci:l:a/a:1', ['docker.io/a/a:1', 'registry.k8s.io/b:1'], 'registry.k8s.io/b:1'],
    ['oci:l:a/a:1', ['docker.io/a/a:1'], 'docker.io/a/a:1'],
  ])('of %s are %j', (source, references, reference) => {
    const text = reference === undefined ? {} : { reference: `etcd=${reference}` };
    expect(wanted(`etcd=${source}`, text)).toMatchObject([{ references }]);
  });

  it.each([['oci:layout'], ['oci:layout:latest'], ['oci-archive:a.tar:v1.19.7'], ['docker-archive:a.tar']])(
    'have to be given for %s',
    (source) => {
      expect(() => wanted(`etcd=${source}`)).toThrow(/no name that hosts could know.*--reference etcd=REF/);
    },
  );

  it('and commands belong to an image', () => {
    expect(() => wanted('etcd=oci:l:a/a:1', { reference: 'ectd=a/a:1' })).toThrow(/--reference ectd=….*no --image/);
    expect(() => wanted('etcd=oci:l:a/a:1', { command: 'ectd=/a' })).toThrow(/--command ectd=….*no --image/);
  });
});

it('what is no reference, path or platform is refused', () => {
  expect(() => referenceOption('etcd=UPPER', new Map())).toThrow(/no image reference/);
  expect(() => commandOption('etcd=bin/etcd', new Map())).toThrow(/no absolute path/);
  expect(() => platformOption('amd64')).toThrow(/os\/architecture/);
  expect(platformOption('linux/arm64/v8')).toEqual({ os: 'linux', architecture: 'arm64', variant: 'v8' });
});
