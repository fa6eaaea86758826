import { parseGetcap } from '@sealwatch/agent/measure/file/parse-getcap.js';
import { MAX_CAPABILITIES_TEXT, type FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import type { BoundedRun } from '@sealwatch/shared/runtime/run-bounded.js';
import { describe, expect, it } from 'vitest';

const PATH = '/proc/self/fd/3/kubelet';
const ended = (status: number, stdout: string, stderr: string): BoundedRun => ({
  state: 'ended',
  status,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});
const said = (stdout: string, stderr = '', asked = PATH): FileCapabilities =>
  parseGetcap(ended(0, stdout, stderr), asked);
const NO_ANSWER = { state: 'unreadable', reason: 'an answer of getcap that is none' };

describe('what getcap says of a file', () => {
  it.each([
    ['nothing but its path: none', '', ''],
    ['one capability', ' cap_net_raw=ep', 'cap_net_raw=ep'],
    ['some in clauses', ' cap_chown,cap_net_raw=p cap_net_admin+ie', 'cap_chown,cap_net_raw=p cap_net_admin+ie'],
    ['as older versions write it', ' = cap_net_raw+ep', 'cap_net_raw+ep'],
    ['one that libcap has no name for', ' 47=p', '47=p'],
    ['every one', ' =ep', '=ep'],
    ['an empty set, which is set nevertheless', ' =', '='],
  ])('%s', (_, rest, text) => {
    expect(said(`${PATH}${rest}\n`)).toBe(text);
  });

  it.each(['a b', 'a\nb', 'a cap_chown=ep', '= cap_chown', '-r', 'ä', '/proc/self/fd/3/a'])(
    'is not mistaken for part of the name %j',
    (name) => {
      const asked = `/proc/self/fd/3/${name}`;
      expect(said(`${asked}\n`, '', asked)).toBe('');
      expect(said(`${asked} cap_net_raw=ep\n`, '', asked)).toBe('cap_net_raw=ep');
    },
  );

  it('is none where the file system keeps no attributes', () => {
    expect(said('', `Failed to get capabilities of file '${PATH}' (Operation not supported)\n`)).toBe('');
  });
});

describe('no answer, and never "none"', () => {
  it.each([
    ['silence', ''],
    ['a file it did not look at', `${PATH} (Not a regular file)\n`],
    ['another path', '/proc/self/fd/3/other cap_net_raw=ep\n'],
    ['a path that only begins alike', `${PATH}2\n`],
    ['a line that does not end', PATH],
    ['two lines', `${PATH}\n${PATH} cap_net_raw=ep\n`],
    ['a separator and nothing', `${PATH} \n`],
    ['other words', `${PATH} All Capabilities\n`],
    ['more than any file can have', `${PATH} ${'cap_chown,'.repeat(MAX_CAPABILITIES_TEXT / 10)}cap_chown=ep\n`],
  ])('is %s', (_, stdout) => {
    expect(said(stdout)).toEqual(NO_ANSWER);
  });

  it('is anything beside a complaint', () => {
    expect(said(`${PATH}\n`, 'Failed to get capabilities\n')).toEqual(NO_ANSWER);
    expect(said('', `${PATH} (No such file or directory)\n`)).toEqual(NO_ANSWER);
    expect(said(`${PATH}\n`, `Failed (Operation not supported)\n`)).toEqual(NO_ANSWER);
  });

  it('is one of a program that failed or was stopped', () => {
    expect(parseGetcap(ended(1, `${PATH}\n`, ''), PATH)).toEqual(NO_ANSWER);
    expect(parseGetcap({ state: 'failed', reason: 'getcap was killed' }, PATH)).toEqual({
      state: 'unreadable',
      reason: 'getcap was killed',
    });
  });
});
