import { authorize, type QueryMethod } from '@sealwatch/collector/api/authorize.js';
import type { Peer } from '@sealwatch/collector/api/peer-identity.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { describe, expect, it } from 'vitest';

/** What contracts say, written down once more: no role may come to more by a slip in a table. */
const ALLOWED: Readonly<Record<QueryMethod, string>> = {
  Check: 'viewer operator admin',
  Watch: 'viewer operator admin',
  GetStatus: 'viewer operator admin unreleased',
  ListHosts: 'viewer operator admin unreleased',
  GetHost: 'viewer operator admin',
  ListHistory: 'viewer operator admin',
  ListServiceHistory: 'viewer operator admin',
  GetReport: 'viewer operator admin',
  GetRelease: 'viewer operator admin unreleased',
  CreateToken: 'operator admin',
  UploadManifest: 'admin',
  PublishRelease: 'admin unreleased',
  RevokeHost: 'admin',
};

const peer = (name: string, kind: Peer['kind'] = 'operator'): Peer =>
  ({ kind, name, epoch: 0, keyid: '' }) as unknown as Peer;
const release = {
  operators: (['viewer', 'operator', 'admin'] as const).map((role) => ({ name: role, role })),
} as unknown as Release;

const may = (method: QueryMethod, who: Peer, inForce: Release | undefined): boolean => {
  try {
    authorize(who, method, inForce);
    return true;
  } catch {
    return false;
  }
};

describe.each(Object.entries(ALLOWED) as [QueryMethod, string][])('%s', (method, allowed) => {
  it(`is for: ${allowed}`, () => {
    const roles = ['viewer', 'operator', 'admin'].filter((role) => may(method, peer(role), release));
    const unreleased = may(method, peer('anybody'), undefined) ? ['unreleased'] : [];
    expect([...roles, ...unreleased].join(' ')).toBe(allowed);
  });

  it('is for nobody without a role, and for no host, whatever its name', () => {
    expect(may(method, peer('stranger'), release)).toBe(false);
    expect(may(method, peer('admin', 'host'), release)).toBe(false);
  });
});
