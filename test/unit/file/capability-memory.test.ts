import { chmodSync, statSync } from 'node:fs';
import { CapabilityMemory } from '@sealwatch/agent/measure/file/capability-memory.js';
import type { SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
let asked: string[];
let answer: FileCapabilities;
let signals: (AbortSignal | undefined)[];
let memory: CapabilityMemory;
beforeEach(() => {
  tree = new HostTree();
  tree.write('/kubelet', 'binary').write('/runc', 'other');
  asked = [];
  signals = [];
  answer = '';
  memory = new CapabilityMemory(({ realPath }, { signal }) => {
    asked.push(realPath.toString());
    signals.push(signal);
    return Promise.resolve(answer);
  });
});
afterEach(() => {
  tree.remove();
});

const seen = (path: string): SeenFile => ({
  root: tree.root,
  realPath: Buffer.from(path),
  stat: statSync(tree.at(path), { bigint: true }),
});
const look = (path: string, fresh = false): Promise<FileCapabilities> => memory.begin({ fresh })(seen(path));

describe('the capabilities of a file', () => {
  it('are asked for at first sight, and not again while the file is the same', async () => {
    answer = 'cap_net_raw=ep';
    expect([await look('/kubelet'), await look('/kubelet')]).toEqual(['cap_net_raw=ep', 'cap_net_raw=ep']);
    await look('/runc');
    await look('/kubelet');
    expect(asked).toEqual(['/kubelet', '/runc']);
  });

  it('are asked for again once its ctime moved', async () => {
    await look('/kubelet');
    chmodSync(tree.at('/kubelet'), 0o700);
    answer = 'cap_net_raw=ep';
    expect(await look('/kubelet')).toBe('cap_net_raw=ep');
    expect(asked).toEqual(['/kubelet', '/kubelet']);
  });

  it('are asked for in every look that somebody asked for, and what came of it is kept', async () => {
    await look('/kubelet');
    answer = 'cap_net_raw=ep';
    expect(await look('/kubelet', true)).toBe('cap_net_raw=ep');
    expect(await look('/kubelet')).toBe('cap_net_raw=ep');
    expect(asked).toEqual(['/kubelet', '/kubelet']);
  });

  it('are asked for again after there was no answer, also where there was one before', async () => {
    await look('/kubelet');
    answer = { state: 'unreadable', reason: 'getcap was killed' };
    expect(await look('/kubelet', true)).toEqual(answer);
    expect(await look('/kubelet')).toEqual(answer);
    answer = '';
    expect(await look('/kubelet')).toBe('');
    expect(asked).toHaveLength(4);
  });

  it('are asked for no longer than the look lasts', async () => {
    const { signal } = new AbortController();
    await memory.begin({ fresh: false, signal })(seen('/kubelet'));
    await look('/runc');
    expect(signals).toEqual([signal, undefined]);
  });
});
