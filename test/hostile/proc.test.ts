import { readFileSync } from 'node:fs';
import { unitOf } from '@sealwatch/shared/proc/control-group.js';
import { parseExecutableMappings } from '@sealwatch/shared/proc/executable-mappings.js';
import { parseLinkerConfiguration } from '@sealwatch/shared/proc/linker-configuration.js';
import { parseMountInfo } from '@sealwatch/shared/proc/mount-info.js';
import { unescapeOctal } from '@sealwatch/shared/proc/octal-escape.js';
import { parsePreloadList } from '@sealwatch/shared/proc/preload-list.js';
import { parseProcessStat } from '@sealwatch/shared/proc/process-stat.js';
import { parseProcessStatus } from '@sealwatch/shared/proc/process-status.js';
import { securityVariables } from '@sealwatch/shared/proc/security-variables.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const READERS: Readonly<Record<string, readonly [(bytes: Buffer) => unknown, Buffer]>> = {
  maps: [parseExecutableMappings, readFileSync('/proc/self/maps')],
  mountinfo: [parseMountInfo, readFileSync('/proc/self/mountinfo')],
  stat: [parseProcessStat, readFileSync('/proc/self/stat')],
  status: [parseProcessStatus, readFileSync('/proc/self/status')],
  cgroup: [unitOf, readFileSync('/proc/self/cgroup')],
  environ: [securityVariables, Buffer.from('GODEBUG=1\0LD_PRELOAD=/x\0PATH=/bin\0')],
  'ld.so.preload': [parsePreloadList, Buffer.from('/a.so:/b.so # c\n/d.so')],
  'ld.so.conf': [parseLinkerConfiguration, Buffer.from('include /etc/ld.so.conf.d/*.conf\n/usr/local/lib\n')],
  escapes: [unescapeOctal, Buffer.from('/a\\040b\\134\\012')],
};

/** A good table with bytes overwritten, taken out and put in. */
function damaged(good: Buffer): fc.Arbitrary<Buffer> {
  const act = fc.record({ at: fc.nat(good.length), remove: fc.nat(8), insert: fc.uint8Array({ maxLength: 8 }) });
  return fc
    .array(act, { minLength: 1, maxLength: 6 })
    .map((acts) =>
      acts.reduce(
        (bytes, { at, remove, insert }) => Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
        good,
      ),
    );
}

describe.each(Object.entries(READERS))('the reader of %s', (_, [read, good]) => {
  it('answers anything with a value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        read(Buffer.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers a damaged table with a value', () => {
    fc.assert(
      fc.property(damaged(good), (bytes) => {
        read(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['zeroes', 0x00],
    ['blanks', 0x20],
    ['newlines', 0x0a],
    ['letters', 0x61],
    ['parentheses', 0x29],
    ['backslashes', 0x5c],
    ['digits', 0x31],
    ['colons', 0x3a],
  ])('is done with a million %s in a moment', (_name, byte) => {
    const started = performance.now();
    read(Buffer.alloc(1_000_000, byte));
    read(Buffer.concat([good, Buffer.alloc(1_000_000, byte)]));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('a table of mappings that is cut anywhere is refused or gives what stands before the cut', () => {
  const good = readFileSync('/proc/self/maps');
  const all = parseExecutableMappings(good) ?? [];
  expect(all.length).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.nat(good.length), (length) => {
      const part = parseExecutableMappings(good.subarray(0, length));
      // the last line may have lost the end of its name
      const whole = part?.slice(0, -1) ?? [];
      expect(whole).toEqual(all.slice(0, whole.length));
    }),
  );
});

it('no value of another variable is ever given away', () => {
  const name = fc.stringMatching(/^[A-Z_]{1,12}$/).filter((text) => !/^(LD_|OPENSSL_|GO|GLIBC_TUNABLES$)/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 20 }), (variables) => {
      const block = variables.map(([key, value]) => `${key}=${value.replaceAll('\0', '')}\0`).join('');
      expect(securityVariables(Buffer.from(block))).toEqual([]);
    }),
  );
});
