import { HOST_NAME } from '../subject/component.js';

/** Who someone is: the URI SAN `spiffe://CLUSTER-ID/{host|collector|operator}/NAME`. Identity comes from nothing else. */
export interface Identity {
  readonly clusterId: string;
  readonly kind: IdentityKind;
  readonly name: string;
}

export type IdentityKind = 'host' | 'collector' | 'operator';

/** 32 lower-case hex digits, random at inception. */
export const CLUSTER_ID: RegExp = /^[0-9a-f]{32}$/;

export function identityUri({ clusterId, kind, name }: Identity): string {
  return `spiffe://${clusterId}/${kind}/${name}`;
}

/** Undefined for anything but exactly one of our URIs. */
export function parseIdentityUri(uri: string): Identity | undefined {
  const match = /^spiffe:\/\/([0-9a-f]{32})\/(host|collector|operator)\/([^/]+)$/.exec(uri);
  if (match === null) return undefined;
  const [, clusterId, kind, name] = match;
  if (clusterId === undefined || name === undefined || !HOST_NAME.test(name)) return undefined;
  return { clusterId, kind: kind as IdentityKind, name };
}

/** The DNS name in every collector's certificate; clients dial any address and verify this name and the URI. */
export const COLLECTOR_DNS_NAME = 'collector.sealwatch.internal';
