import { readFileSync } from 'node:fs';
import { parseProcessStat } from '@sealwatch/shared/proc/process-stat.js';
import { describe, expect, it } from 'vitest';

/** `/proc/PID/stat` of a kubelet, with the name that is wanted in it. */
function line(comm: string): Buffer {
  return Buffer.from(
    `812 (${comm}) S 1 812 812 0 -1 4194560 9 8 7 6 5 4 3 2 20 0 17 0 1194050 3133440 414 18446744073709551615 1 1 0\n`,
  );
}

describe('a status line', () => {
  it('gives who a process is', () => {
    expect(parseProcessStat(line('kubelet'))).toEqual({
      pid: 812,
      comm: Buffer.from('kubelet'),
      state: 'S',
      parent: 1,
      session: 812,
      threads: 17,
      kernelThread: false,
      startTime: '1194050',
    });
  });

  it.each(['a) S 1 1 1', ') R (', '((((', 'x\ny', '', ' ', '))'])(
    'is not led astray by a program called %j',
    (comm) => {
      const stat = parseProcessStat(line(comm));
      expect(stat).toMatchObject({ parent: 1, state: 'S', startTime: '1194050' });
      expect(stat?.comm.toString()).toBe(comm);
    },
  );

  it('tells a thread of the kernel', () => {
    const kthreadd = '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 18446744073709551615 0\n';
    expect(parseProcessStat(Buffer.from(kthreadd))?.kernelThread).toBe(true);
  });

  it('of this very process is read', () => {
    expect(parseProcessStat(readFileSync('/proc/self/stat'))).toMatchObject({
      pid: process.pid,
      parent: process.ppid,
      kernelThread: false,
    });
  });

  it.each([
    '',
    '812',
    '812 (x',
    '812 (x)',
    '(x) S 1',
    `x${line('x').toString()}`,
    '812 (x) S 1 2 3',
    '1 (x) Sleeping 1 ',
  ])('that is none (%j) is refused', (text) => {
    expect(parseProcessStat(Buffer.from(text))).toBeUndefined();
  });
});
