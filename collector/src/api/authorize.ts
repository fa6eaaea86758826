import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { OPERATOR_ROLES, type OperatorRole, type Release } from '@sealwatch/shared/trust/release.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { Peer } from './peer-identity.js';

/** The methods by name; the generated interface also has an index signature, which this drops. */
export type QueryMethod = keyof {
  [K in keyof QueryServiceHandlers as string extends K ? never : K]: QueryServiceHandlers[K];
};

/** The least role for each method, as query.proto says it. */
const LEAST_ROLE: Readonly<Record<QueryMethod, OperatorRole>> = {
  Check: 'viewer',
  Watch: 'viewer',
  GetStatus: 'viewer',
  ListHosts: 'viewer',
  GetHost: 'viewer',
  ListHistory: 'viewer',
  ListServiceHistory: 'viewer',
  GetReport: 'viewer',
  GetRelease: 'viewer',
  CreateToken: 'operator',
  UploadManifest: 'admin',
  PublishRelease: 'admin',
  RevokeHost: 'admin',
};

/** A release gives the roles, so something must be allowed before the first: to look, and to publish it. */
const BEFORE_FIRST_RELEASE: readonly QueryMethod[] = ['GetStatus', 'ListHosts', 'GetRelease', 'PublishRelease'];

/** @throws CodedError('identity.forbidden') */
export function authorize(peer: Peer, method: QueryMethod, release: Release | undefined): void {
  if (peer.kind !== 'operator') {
    throw new CodedError('identity.forbidden', `${method} is for operators; ${peer.name} is a host`);
  }
  if (release === undefined) {
    if (BEFORE_FIRST_RELEASE.includes(method)) return;
    throw new CodedError(
      'release.missing',
      `${method} needs a release, and none is in force yet; run: sealwatch deploy`,
    );
  }
  const least = LEAST_ROLE[method];
  const role = release.operators.find(({ name }) => name === peer.name)?.role;
  if (role !== undefined && OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(least)) return;
  const standing = role === undefined ? 'has no role in the release in force' : `is ${role} only`;
  throw new CodedError('identity.forbidden', `${method} takes the role ${least}; operator ${peer.name} ${standing}`);
}
