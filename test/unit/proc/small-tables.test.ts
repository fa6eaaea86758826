import { unitOf } from '@sealwatch/shared/proc/control-group.js';
import { parseLinkerConfiguration } from '@sealwatch/shared/proc/linker-configuration.js';
import { parsePreloadList } from '@sealwatch/shared/proc/preload-list.js';
import { parseProcessStatus } from '@sealwatch/shared/proc/process-status.js';
import { describe, expect, it } from 'vitest';

describe('the unit of a process', () => {
  it.each([
    ['12:pids:/system.slice/kubelet.service\n1:name=systemd:/system.slice/kubelet.service\n0::/\n', 'kubelet.service'],
    ['0::/system.slice/containerd.service\n', 'containerd.service'],
    ['0::/system.slice/system-getty.slice/getty@tty1.service\n', 'getty@tty1.service'],
    ['0::/user.slice/user-0.slice/session-1.scope\n', 'session-1.scope'],
    [
      '0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope/system.slice/kubelet.service\n',
      'cri-containerd-1.scope',
    ],
    ['0::/system.slice/docker.service/kubelet.service\n', 'docker.service'],
    ['0::/\n', null],
    ['1:name=systemd:/\n0::/system.slice/kubelet.service\n', 'kubelet.service'],
    ['11:memory:/system.slice/kubelet.service\n0::/\n', null],
    ['0::/kubelet.service/x\n', 'kubelet.service'],
    ['0::/init.scope\n', 'init.scope'],
    ['0::/k8s.io/1234\n', null],
    ['', null],
    ['nonsense\n', undefined],
    ['0:x\n', undefined],
  ])('of %j is %j', (table, unit) => {
    expect(unitOf(Buffer.from(table))).toBe(unit);
  });
});

describe('a process’s status', () => {
  const STATUS = 'Name:\tx\\nUid:\t9\nState:\tS (sleeping)\nTracerPid:\t77\nUid:\t0\t1\t2\t3\nNSpid:\t812\t1\n';

  it('gives its users, its pids and its tracer, whatever it calls itself', () => {
    expect(parseProcessStatus(Buffer.from(STATUS))).toEqual({
      uids: [0, 1, 2, 3],
      namespacePids: [812, 1],
      tracer: 77,
    });
  });

  it('is read without pids of namespaces, as old kernels write it', () => {
    expect(parseProcessStatus(Buffer.from(STATUS.replace(/NSpid.*\n/, '')))?.namespacePids).toEqual([]);
  });

  it.each([
    ['no tracer', STATUS.replace(/Tracer.*\n/, '')],
    ['three users', STATUS.replace('\t3\n', '\n')],
    ['a tracer that is no number', STATUS.replace('77', '-1')],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    expect(parseProcessStatus(Buffer.from(text))).toBeUndefined();
  });
});

describe('the list of preloaded objects', () => {
  it.each([
    ['', []],
    ['\n  \t\n', []],
    ['# nothing\n', []],
    ['/a.so', ['/a.so']],
    ['/a.so:/b.so /c.so\n\t/d.so # /e.so\n/f.so', ['/a.so', '/b.so', '/c.so', '/d.so', '/f.so']],
    ['/a#b\n/c', ['/a', '/c']],
  ])('%j names %j', (text, names) => {
    expect(parsePreloadList(Buffer.from(text)).map(String)).toEqual(names);
  });
});

describe('a line of the linker’s configuration', () => {
  it.each([
    ['/usr/local/lib/\n', [{ kind: 'directory', path: '/usr/local/lib' }]],
    ['include /etc/ld.so.conf.d/*.conf\n', [{ kind: 'include', pattern: '/etc/ld.so.conf.d/*.conf' }]],
    [
      'include a b # c',
      [
        { kind: 'include', pattern: 'a' },
        { kind: 'include', pattern: 'b' },
      ],
    ],
    ['# /x\nhwcap 1 nosegneg\nrelative/lib\n\n', []],
    ['/opt/lib =libc5 # old', [{ kind: 'directory', path: '/opt/lib' }]],
  ])('%j says %j', (text, lines) => {
    expect(parseLinkerConfiguration(Buffer.from(text))).toEqual(lines);
  });
});
