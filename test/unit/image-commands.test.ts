import { imageCommands } from '@sealwatch/collector/publishing/image-commands.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { ReadImage } from '@sealwatch/shared/image/read-image.js';
import type { Entrypoint } from '@sealwatch/shared/image/tree/resolve-entrypoint.js';
import { describe, expect, it } from 'vitest';

type Program = ReadImage['executables'][number];
const at = (path: string): Program => ({ path, digest: sha256(Buffer.from(path)), size: '1', mode: '0755' });
const runs = (path: string, ...interpreters: string[]): Entrypoint => {
  return { state: 'resolved', arguments: [path], file: at(path), interpreters: interpreters.map(at) };
};
const nothing: Entrypoint = { state: 'none', reason: 'the config names no program' };
const commands = (entrypoint: Entrypoint, paths: string[], given: string[] = []): readonly string[] =>
  imageCommands('etcd', { entrypoint, executables: paths.map(at) }, given).paths;

describe('what a container of an image may run', () => {
  it.each<[string, Entrypoint, string[], string[]]>([
    ['its entrypoint', runs('/go-runner'), ['/go-runner', '/lib/c.so'], ['/go-runner']],
    [
      'what is called like the component',
      nothing,
      ['/bin/etcd', '/bin/etcdctl', '/sbin/etcd'],
      ['/bin/etcd', '/sbin/etcd'],
    ],
    ['both', runs('/go-runner'), ['/go-runner', '/bin/etcd'], ['/go-runner', '/bin/etcd']],
    ['one that is both', runs('/bin/etcd'), ['/bin/etcd'], ['/bin/etcd']],
  ])('is %s', (_, entrypoint, paths, expected) => {
    expect(commands(entrypoint, paths)).toEqual(expected);
  });

  it('is only what the publisher says, once something is said', () => {
    expect(commands(runs('/go-runner'), ['/go-runner', '/bin/etcd'], ['/bin/etcd'])).toEqual(['/bin/etcd']);
  });

  it('is never a shell because the entrypoint is a script', () => {
    const script = runs('/start', '/usr/bin/env', '/bin/dash');
    const { paths, notes } = imageCommands(
      'etcd',
      { entrypoint: script, executables: [at('/bin/etcd'), at('/start')] },
      [],
    );
    expect(paths).toEqual(['/bin/etcd']);
    expect(notes.join()).toMatch(/script \/start; its process would be \/bin\/dash.*is not allowed/);
    expect(() => commands(script, ['/start', '/bin/dash'])).toThrow(
      /--command etcd=PATH; there are: \/start, \/bin\/dash/,
    );
  });

  it('has to be said when neither the image nor its name tells', () => {
    expect(() => commands(nothing, ['/bin/a', '/bin/xetcd'])).toThrow(
      /the config names no program.*no executable is called etcd.*--command etcd=PATH; there are: \/bin\/a, \/bin\/xetcd$/,
    );
  });

  it('is an executable of the image', () => {
    expect(() => commands(runs('/bin/etcd'), ['/bin/etcd'], ['/bin/sh'])).toThrow(
      /--command etcd=\/bin\/sh: the image has no such executable.*there are: \/bin\/etcd$/,
    );
  });

  it('names no more executables in an error than people read', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `/bin/${String(i)}`);
    expect(() => commands(nothing, many)).toThrow(/\/bin\/19 and 980 more$/);
  });
});
