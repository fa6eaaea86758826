import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { fileOffset } from '../../fakes/load-address.js';
import type { Machine } from '../machine.js';
import type { Row } from '../row.js';

const restore = (machine: Machine): void => {
  machine.restore('kubelet');
};

/** Rows 16 and 17, on real Go programs. */
export const MODULE_ROWS: readonly Row<Machine>[] = [
  {
    number: '16',
    act: 'a signed program that claims BoringCrypto and was built without it',
    by: 'event',
    commit: (machine) => {
      machine.restore('kube-proxy');
    },
    reason: () => 'module.absent module:kube-proxy',
    mend: (machine) => {
      rmSync(machine.path('kube-proxy'));
    },
  },
  {
    number: '17a',
    act: 'change a byte of the crypto module',
    by: 'event',
    commit: async (machine) => {
      const { path, address } = await moduleIn(machine);
      flipByte(path, (await fileOffset(path, address)) + 4000);
    },
    reason: () => 'module.corrupt module:kubelet',
    mend: restore,
  },
  {
    number: '17b',
    act: "change it and write the module's own HMAC anew",
    by: 'event',
    commit: async (machine) => {
      const { path, address, length, hash } = await moduleIn(machine);
      const bytes = readFileSync(path);
      const start = await fileOffset(path, address);
      bytes[start + 4000] = (bytes[start + 4000] ?? 0) ^ 0xff;
      const anew = createHmac('sha512', Buffer.alloc(64))
        .update(bytes.subarray(start, start + length))
        .digest();
      anew.copy(bytes, bytes.indexOf(Buffer.from(hash, 'hex')));
      machine.replace('kubelet', bytes);
    },
    reason: (machine) => `file.digest-mismatch ${machine.subject('kubelet')}`,
    mend: restore,
  },
];

async function moduleIn(machine: Machine): Promise<{ path: string; address: number; length: number; hash: string }> {
  const path = machine.path('kubelet');
  const observation = await observeFile(path);
  if (observation.state !== 'program' || observation.facts.boring.state !== 'found') throw new Error('no module');
  return { path, ...observation.facts.boring };
}
