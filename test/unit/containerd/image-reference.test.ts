import { formatImageReference, parseImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import { describe, expect, it } from 'vitest';

const HEX = 'a'.repeat(64);
const DIGEST = `sha256:${HEX}`;

describe('an image reference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['rancher/k3s', 'docker.io/rancher/k3s:latest'],
    ['index.docker.io/busybox:1', 'docker.io/library/busybox:1'],
    ['docker.io/busybox', 'docker.io/library/busybox:latest'],
    ['registry.k8s.io/kube-apiserver:v1.20.2', 'registry.k8s.io/kube-apiserver:v1.20.2'],
    ['registry.k8s.io/a/b/c@' + DIGEST, 'registry.k8s.io/a/b/c@' + DIGEST],
    ['registry.k8s.io/etcd:3.4@' + DIGEST, 'registry.k8s.io/etcd:3.4@' + DIGEST],
    ['localhost/x', 'localhost/x:latest'],
    ['localhost:5000/x:y', 'localhost:5000/x:y'],
    ['127.0.0.1:5000/x', '127.0.0.1:5000/x:latest'],
    ['[::1]:5000/x', '[::1]:5000/x:latest'],
    ['Upper/x', 'Upper/x:latest'],
    ['a__b/c-d.e', 'docker.io/a__b/c-d.e:latest'],
  ])('%s means %s', (text, whole) => {
    const reference = parseImageReference(text);
    expect(reference && formatImageReference(reference)).toBe(whole);
    expect(parseImageReference(whole)).toEqual(reference);
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a slash', '/'],
    ['a leading slash', '/busybox'],
    ['a trailing slash', 'busybox/'],
    ['two slashes', 'a//b'],
    ['dots for a step', 'a/../b'],
    ['a path', '../etc/passwd'],
    ['an empty tag', 'busybox:'],
    ['a tag that starts with a dash', 'busybox:-tag'],
    ['a long tag', `busybox:${'t'.repeat(129)}`],
    ['two tags', 'busybox:a:b'],
    ['upper case', 'Busybox'],
    ['upper case in a path', 'registry.k8s.io/Kube'],
    ['three underscores', 'a___b'],
    ['a leading separator', '_a'],
    ['a trailing separator', 'a.'],
    ['a host that ends with a dash', 'host-.x/y'],
    ['a port that is no number', 'host:port/y'],
    ['an empty digest', 'busybox@'],
    ['a short digest', 'busybox@sha256:abc'],
    ['a digest in upper case', `busybox@sha256:${'A'.repeat(64)}`],
    ['another kind of digest', `busybox@sha512:${'a'.repeat(128)}`],
    ['two digests', `busybox@${DIGEST}@${DIGEST}`],
    ['the id of an image', DIGEST],
    ['the bare id of an image', HEX],
    ['a line end', 'busybox\n'],
    ['NUL', 'busy\u0000box'],
    ['an umlaut', 'b\u00fcsybox'],
    ['a mark that turns text around', '\u202exobysub'],
    ['a long name', `a/${'b'.repeat(256)}`],
    ['a hundred thousand steps', 'a/'.repeat(100_000)],
    ['a thousand dashes', `a${'-'.repeat(1000)}`],
    ['a URL', 'https://registry.k8s.io/x'],
  ])('%s is none', (_, text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });
});
