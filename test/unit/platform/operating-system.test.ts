import { operatingSystem } from '@sealwatch/shared/platform/operating-system.js';
import { parseOsRelease } from '@sealwatch/shared/platform/os-release.js';
import { parseRedhatRelease } from '@sealwatch/shared/platform/redhat-release.js';
import { describe, expect, it } from 'vitest';

function osRelease(text: string): ReturnType<typeof parseOsRelease> {
  return parseOsRelease(Buffer.from(text));
}

describe('os-release is read as a shell would, without one', () => {
  it.each([
    ['ID=rhel', 'rhel'],
    ['ID="rhel"', 'rhel'],
    ["ID='rhel'", 'rhel'],
    ['  ID=rhel  ', 'rhel'],
    ['ID=r"he"l', 'rhel'],
    ['ID=one\nID=rhel', 'rhel'],
    ['ID="a\\"b\\$c\\d"', 'a"b$c\\d'],
    ["ID='a\\b'", 'a\\b'],
    ['ID=rhel\nID=$(reboot)', 'rhel'],
    ['ID=rhel\nID="un`id`ame"', 'rhel'],
    ['ID=rhel\nID="open', 'rhel'],
    ['ID=rhel\nID=two words', 'rhel'],
    ['ID=rhel\r', 'rhel'],
    [`ID=rhel\nID=${'x'.repeat(257)}`, 'rhel'],
  ])('%j', (text, id) => {
    expect(osRelease(text)?.id).toBe(id);
  });

  it.each(['', '# ID=rhel', 'NAME=x', 'ID=', 'ID=""', 'export ID=rhel', 'id=rhel', 'ID = rhel'])(
    '%j names no system',
    (text) => {
      expect(osRelease(text)).toBeUndefined();
    },
  );
});

describe('the system is', () => {
  it.each([
    ['ID=rhel\nVERSION_ID=7.9', 'supported', 'Red Hat Enterprise Linux 7.9', 7],
    ['ID=rhel\nVERSION_ID=8.10', 'supported', 'Red Hat Enterprise Linux 8.10', 8],
    ['ID=centos\nVERSION_ID=7\nNAME="CentOS Linux"', 'supported', 'CentOS Linux 7', 7],
    ['ID=centos\nVERSION_ID=8\nNAME="CentOS Linux"', 'supported', 'CentOS Linux 8', 8],
    ['ID=centos\nVERSION_ID=8\nNAME="CentOS Stream"', 'recognised', 'CentOS Stream 8', 8],
    ['ID=rhel\nVERSION_ID=9.4', 'recognised', 'Red Hat Enterprise Linux 9.4', 9],
    ['ID=rocky\nVERSION_ID=8.10', 'recognised', 'Rocky Linux 8.10', 8],
    ['ID=almalinux\nVERSION_ID=9.5', 'recognised', 'AlmaLinux 9.5', 9],
    ['ID=ol\nVERSION_ID=7.9', 'recognised', 'Oracle Linux 7.9', 7],
    ['ID=amzn\nVERSION_ID=2', 'recognised', 'Amazon Linux 2', 7],
    ['ID=rhel\nVERSION_ID=6.10\nPRETTY_NAME="RHEL Six"', 'unsupported', 'RHEL Six', null],
    ['ID=rocky\nVERSION_ID=7', 'unsupported', 'rocky 7', null],
    ['ID=debian\nVERSION_ID=12\nNAME=Debian', 'unsupported', 'Debian 12', null],
    ['ID=rhel\nVERSION_ID=80', 'unsupported', 'rhel 80', null],
    ['ID=constructor\nVERSION_ID=8', 'unsupported', 'constructor 8', null],
    ['ID=rhel\nVERSION_ID=constructor', 'unsupported', 'rhel constructor', null],
  ])('%j: %s', (text, support, name, generation) => {
    expect(operatingSystem(osRelease(text)!)).toMatchObject({ support, name, generation });
  });

  it('never called validated where its vendor has no certificate', () => {
    expect(operatingSystem(osRelease('ID=centos\nVERSION_ID=7')!).vendorValidates).toBe(false);
    expect(operatingSystem(osRelease('ID=rhel\nVERSION_ID=7')!).vendorValidates).toBe(true);
    expect(operatingSystem(osRelease('ID=rocky\nVERSION_ID=8')!).vendorValidates).toBeNull();
  });
});

it.each([
  ['CentOS Linux release 7.9.2009 (Core)', 'CentOS Linux 7.9.2009'],
  ['Red Hat Enterprise Linux Server release 7.9 (Maipo)\n', 'Red Hat Enterprise Linux 7.9'],
  ['Rocky Linux release 8.10 (Green Obsidian)', 'Rocky Linux 8.10'],
  ['CentOS Stream release 8', 'CentOS Stream 8'],
  ['Fedora release 39 (Thirty Nine)', undefined],
  ['CentOS Linux release ', undefined],
  ['', undefined],
])('redhat-release %j', (line, name) => {
  const release = parseRedhatRelease(Buffer.from(line));
  expect(release === undefined ? undefined : operatingSystem(release).name).toBe(name);
});
