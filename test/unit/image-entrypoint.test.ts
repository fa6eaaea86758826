import type { ContainerCommand } from '@sealwatch/shared/image/document/image-config.js';
import { type Entrypoint, resolveEntrypoint } from '@sealwatch/shared/image/tree/resolve-entrypoint.js';
import { describe, expect, it } from 'vitest';
import { appliedTree } from '../fakes/applied-tree.js';
import { directory, file, program, symlink, tarOf } from '../fakes/tar-writer.js';

const tree = appliedTree([
  tarOf([
    program('usr/local/bin/etcd'),
    program('usr/bin/tool'),
    program('bin/busybox'),
    file('usr/bin/data', 'not executable'),
    directory('usr/bin/folder'),
    symlink('bin/sh', 'busybox'),
    symlink('up', '../../../../bin/sh'),
    symlink('absolute', '/usr/bin/tool'),
    symlink('loop', 'loop'),
    symlink('nowhere', '/nothing'),
    program('run.sh', '#! /bin/sh -e\nexec'),
    program('twice', '#!/run.sh'),
    program('endless', '#!/endless\n'),
    program('lost', '#!/bin/missing\n'),
    program('srv/app/serve'),
  ]),
]);

const said: ContainerCommand = { entrypoint: [], arguments: [], environment: [], workingDirectory: '', user: '' };
const resolve = (command: Partial<ContainerCommand>): Entrypoint => resolveEntrypoint(tree, { ...said, ...command });

describe('what a container runs', () => {
  it.each<[string, Partial<ContainerCommand>, string]>([
    ['an absolute path', { entrypoint: ['/usr/bin/tool'] }, '/usr/bin/tool'],
    ['the first argument when there is no entrypoint', { arguments: ['/usr/bin/tool', '-v'] }, '/usr/bin/tool'],
    ['a name found on the default PATH', { entrypoint: ['etcd'] }, '/usr/local/bin/etcd'],
    [
      'a name found on the image’s PATH',
      { entrypoint: ['serve'], environment: ['PATH=/bin:/srv/app'] },
      '/srv/app/serve',
    ],
    [
      'the last PATH, if there are two',
      { entrypoint: ['serve'], environment: ['PATH=/bin', 'PATH=/srv/app'] },
      '/srv/app/serve',
    ],
    ['a path from the working directory', { entrypoint: ['./serve'], workingDirectory: '/srv/app' }, '/srv/app/serve'],
    ['a link', { entrypoint: ['/bin/sh'] }, '/bin/busybox'],
    ['an absolute link, inside the root', { entrypoint: ['/absolute'] }, '/usr/bin/tool'],
    ['a link that climbs out, inside the root', { entrypoint: ['/up'] }, '/bin/busybox'],
  ])('%s', (_, command, path) => {
    expect(resolve(command)).toMatchObject({ state: 'resolved', file: { path }, interpreters: [] });
  });

  it('keeps all words, the arguments last', () => {
    expect(resolve({ entrypoint: ['etcd', '-a'], arguments: ['-b'] })).toMatchObject({
      arguments: ['etcd', '-a', '-b'],
    });
  });

  it('names what runs a script, and what runs that', () => {
    const paths = (found: Entrypoint): unknown =>
      found.state === 'resolved' && found.interpreters.map(({ path }) => path);
    expect(paths(resolve({ entrypoint: ['/run.sh'] }))).toEqual(['/bin/busybox']);
    expect(paths(resolve({ entrypoint: ['/twice'] }))).toEqual(['/run.sh', '/bin/busybox']);
  });

  it.each<[string, Partial<ContainerCommand>, string]>([
    ['nothing is said', {}, 'the config names no program'],
    ['it is not there', { entrypoint: ['/missing'] }, '/missing is no executable file of the image'],
    ['it is not executable', { entrypoint: ['data'] }, 'data is no executable file of the image'],
    ['it is a directory', { entrypoint: ['/usr/bin/folder'] }, '/usr/bin/folder is no executable file of the image'],
    ['its links go round', { entrypoint: ['/loop'] }, '/loop is no executable file of the image'],
    ['its link leads nowhere', { entrypoint: ['/nowhere'] }, '/nowhere is no executable file of the image'],
    [
      'its interpreter is missing',
      { entrypoint: ['/lost'] },
      'its interpreter /bin/missing is no executable file of the image',
    ],
    ['it is its own interpreter', { entrypoint: ['/endless'] }, 'scripts run one another without an end'],
  ])('is not known when %s', (_, command, reason) => {
    expect(resolve(command)).toEqual({ state: 'none', reason });
  });
});
