import { appraiseFileAccess } from '@sealwatch/shared/appraisal/appraise-file-access.js';
import { catalogued } from '@sealwatch/shared/appraisal/finding-catalogue.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { expect, it } from 'vitest';

const ROOT = { uid: 0 };
const codes = (mode: string, uid = 0, gid = 0, others: readonly { uid: number }[] = [ROOT]): string[] =>
  appraiseFileAccess('file:a:/a', { mode, uid, gid }, others).map(({ code }) => code);

it.each(['0755', '0700', '0555', '0644', '1755', '0775'])('a file of root with mode %s is as it should be', (mode) => {
  expect(codes(mode)).toEqual([]);
});

it.each(['4755', '2755', '6755', '0757', '0666', '0777'])('one with mode %s is not', (mode) => {
  expect(codes(mode)).toEqual(['file.permissions']);
});

it('one that a group other than root may write to is not', () => {
  expect(codes('0775', 0, 100)).toEqual(['file.permissions']);
  expect(codes('0755', 0, 100)).toEqual([]);
});

it('one of another owner is not, where root owns others', () => {
  expect(codes('0755', 1001, 1001)).toEqual(['file.owner']);
});

it('a tree that is wholly of one ordinary user is', () => {
  expect(codes('0775', 1000, 1000, [{ uid: 1000 }])).toEqual([]);
});

const withCapabilities = (capabilities: FileCapabilities): Finding[] =>
  appraiseFileAccess('file:a:/a', { mode: '0755', uid: 0, gid: 0, capabilities }, [ROOT]);

it('one without capabilities, or of which nobody asked, is as it should be', () => {
  expect(withCapabilities('')).toEqual([]);
  expect(codes('0755')).toEqual([]);
});

it.each(['cap_net_raw=ep', '='])('one with capabilities (%s) is not', (text) => {
  expect(withCapabilities(text)).toEqual([
    { code: 'file.capabilities', subject: 'file:a:/a', expected: 'none', observed: text },
  ]);
  expect(catalogued('file.capabilities')).toMatchObject({ severity: 'fail', fixed: false });
});

it('where getcap could not answer it is a warning, never silence', () => {
  expect(withCapabilities({ state: 'unreadable', reason: 'there is no getcap' })).toEqual([
    { code: 'file.capabilities-unknown', subject: 'file:a:/a', expected: 'none', observed: 'there is no getcap' },
  ]);
  expect(catalogued('file.capabilities-unknown')).toMatchObject({ severity: 'warn', fixed: false });
});
