import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandLine } from '@sealwatch/shared/platform/command-line.js';
import { parseDracutConfiguration } from '@sealwatch/shared/platform/dracut-configuration.js';
import { HMAC_KEYS } from '@sealwatch/shared/platform/hmac-keys.js';
import { parseHmacSidecar } from '@sealwatch/shared/platform/hmac-sidecar.js';
import { parsePolicyName, policyNameText } from '@sealwatch/shared/platform/policy-name.js';
import { parsePrelinking } from '@sealwatch/shared/platform/prelink-configuration.js';
import { stigReferences } from '@sealwatch/shared/platform/stig-references.js';
import { describe, expect, it } from 'vitest';
import { RhelTree } from '../../fakes/rhel-tree.js';

const SHA256 = 'ab'.repeat(32);
const SHA512 = 'cd'.repeat(64);

describe('the kernel command line', () => {
  it.each([
    ['ro fips=1 quiet\n', ['1'], null],
    ['fips=1 boot=UUID=a boot=LABEL=b', ['1'], 'LABEL=b'],
    ['fips=0 fips=1', ['0', '1'], null],
    ['fips', [], null],
    ['nofips=1 xfips=1 rd.fips=1', [], null],
    ['"fips=1"', [], null],
    ['dyndbg="file a.c fips=1 +p" ro', [], null],
    ['ro -- fips=1', [], null],
    ['ro --fips=1 fips=1', ['1'], null],
    ['x="never closed fips=1', [], null],
    ['fips=', [''], null],
    ['', [], null],
  ])('%j', (line, fips, boot) => {
    expect(parseCommandLine(Buffer.from(line))).toMatchObject({ fips, boot, skipsKernelCheck: false });
  });

  it('tells of a kernel that is not checked', () => {
    expect(parseCommandLine(Buffer.from('rd.fips.skipkernel'))?.skipsKernelCheck).toBe(true);
    expect(parseCommandLine(Buffer.from('rd.fips.skipkernels=1'))?.skipsKernelCheck).toBe(false);
  });

  it('is no command line when it says fips= without end', () => {
    expect(parseCommandLine(Buffer.from('fips=1 '.repeat(17)))).toBeUndefined();
    expect(parseCommandLine(Buffer.from(`fips=${'1'.repeat(257)}`))).toBeUndefined();
  });
});

it.each([
  ['FIPS\n', 'FIPS'],
  ['# the policy\n\nfips:ospp # both\n', 'FIPS:OSPP'],
  ['FIPS\nOSPP:NO-SHA1\n', 'FIPS:OSPP:NO-SHA1'],
  ['FIPS::OSPP:', 'FIPS:OSPP'],
  ['', undefined],
  ['# nothing', undefined],
  [':OSPP', undefined],
  ['FIPS:../../etc', undefined],
  [`FIPS${':X'.repeat(17)}`, undefined],
])('crypto policy %j', (text, name) => {
  const policy = parsePolicyName(Buffer.from(text));
  expect(policy === undefined ? undefined : policyNameText(policy)).toBe(name);
});

describe('an HMAC sidecar', () => {
  it.each([
    [`${SHA256}\n`, [{ path: null, algorithm: 'sha256', hmac: SHA256 }]],
    [SHA512.toUpperCase(), [{ path: null, algorithm: 'sha512', hmac: SHA512 }]],
    [`${SHA512}  /boot/vmlinuz-4.18.0\n`, [{ path: null, algorithm: 'sha512', hmac: SHA512 }]],
    [
      `[global]\nformat-version = 1\n\n[a]\npath = /lib64/a\nhmac = ${SHA256}\n`,
      [{ path: '/lib64/a', algorithm: 'sha256', hmac: SHA256 }],
    ],
  ])('%j', (text, entries) => {
    expect(parseHmacSidecar(Buffer.from(text))).toEqual(entries);
  });

  it.each([
    ['nothing', ''],
    ['no hex', 'zz'.repeat(32)],
    ['another length', 'ab'.repeat(20)],
    ['two lines', `${SHA256}\n${SHA256}\n`],
    ['sections without an HMAC', '[global]\nformat-version = 1\n'],
    ['an HMAC without its path', `[a]\nhmac = ${SHA256}\n`],
    ['the path of another section', `[a]\npath = /a\n[b]\nhmac = ${SHA256}\n`],
    ['a relative path', `[a]\npath = ../a\nhmac = ${SHA256}\n`],
    ['too many files', `[a]\npath = /a\n${`hmac = ${SHA256}\n`.repeat(17)}`],
    ['a line that is no setting', `[a]\npath = /a\nhmac = ${SHA256}\nelse\n`],
  ])('with %s is none', (_, text) => {
    expect(parseHmacSidecar(Buffer.from(text))).toBeUndefined();
  });

  it('made by openssl is the one that is made anew', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-hmac-'));
    const tree = new RhelTree(8);
    try {
      const library = Buffer.alloc(700_001, 'library');
      writeFileSync(join(directory, 'library'), library);
      const printed = execFileSync('openssl', ['dgst', '-sha256', '-hmac', HMAC_KEYS.fipscheck, '-r', 'library'], {
        cwd: directory,
        encoding: 'utf8',
      });
      tree.write('/usr/lib64/libssl.so.1.1.1k', library).write('/usr/lib64/.libssl.so.1.1.1k.hmac', printed);
      expect(await tree.codes()).toEqual([]);
    } finally {
      tree.remove();
      rmSync(directory, { recursive: true });
    }
  });
});

it.each([
  ['add_dracutmodules+=" fips "', true, false],
  ["add_dracutmodules+='nfs fips'", true, false],
  ['force_add_dracutmodules+=" fips "', true, false],
  ['  add_dracutmodules+=" fips " # since 8', true, false],
  ['omit_dracutmodules+=" fips "', false, true],
  ['#add_dracutmodules+=" fips "', false, false],
  ['add_dracutmodules+=" fipsx nofips "', false, false],
  ['add_drivers+=" fips "', false, false],
])('dracut configuration %j', (line, adds, omits) => {
  expect(parseDracutConfiguration(Buffer.from(line))).toEqual({ adds, omits });
});

it.each([
  ['PRELINKING=yes\n', true],
  ['PRELINKING="yes" # nightly', true],
  ['PRELINKING=yes\nPRELINKING=no', false],
  ['#PRELINKING=yes', false],
  ['', false],
])('prelink configuration %j', (text, prelinking) => {
  expect(parsePrelinking(Buffer.from(text))).toBe(prelinking);
});

it('deviations carry the ids auditors search for', () => {
  expect(stigReferences('host.fips-inconsistent', 8)).toContainEqual({
    generation: 8,
    rule: 'enable_fips_mode',
    stig: ['RHEL-08-010020', 'SV-230223r792855_rule'],
    cce: 'CCE-80942-6',
  });
  expect(stigReferences('host.crypto-policy-weakened', 9).map(({ stig }) => stig)).toEqual([
    ['RHEL-09-215105', 'SV-258241r1184293_rule'],
  ]);
  expect(stigReferences('host.fips-disabled', 9).flatMap(({ stig }) => stig?.[0] ?? [])).toEqual([
    'RHEL-09-671010',
    'RHEL-09-671010',
  ]);
  expect(stigReferences('host.crypto-policy-edited', 8).map(({ stig }) => stig?.[0])).toEqual([
    'RHEL-08-010020',
    'RHEL-08-010270',
  ]);
  expect(stigReferences('host.vendor-without-validation', 8).map(({ cce }) => cce)).toEqual(['CCE-80830-3']);
  expect(stigReferences('host.prelink', 7).map(({ cce }) => cce)).toEqual(['CCE-27078-5']);
  expect(stigReferences('host.prelink', 8)).toEqual([]);
});
