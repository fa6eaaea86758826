import type { CmvpSnapshot } from '@sealwatch/shared/cmvp/cmvp-snapshot.js';
import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { ManifestInForce, Release } from '@sealwatch/shared/trust/release.js';
import { isDeepStrictEqual } from 'node:util';

/** `+` new, `-` gone, `~` different. */
export interface ReleaseChange {
  readonly sign: '+' | '-' | '~';
  readonly what: 'host' | 'operator' | 'publisher key' | 'manifest' | 'policy' | 'certificates';
  readonly name: string;
  /** From what to what; empty if the name says it all. */
  readonly details: string;
}

/** What a release changes, in a fixed order. @param manifestName the publisher's id of a digest */
export function releaseChanges(
  previous: Release | undefined,
  next: Release,
  manifestName: (digest: string) => string,
): ReleaseChange[] {
  const byName = ({ name }: { name: string }): string => name;
  const role = (item: { role: string }): string => item.role;
  return [
    ...compared('host', previous?.hosts ?? [], next.hosts, byName, role),
    ...compared('operator', previous?.operators ?? [], next.operators, byName, role),
    ...compared(
      'publisher key',
      previous?.publisherKeys ?? [],
      next.publisherKeys,
      ({ keyid }) => keyid.slice(0, 16),
      ({ revoked }) => (revoked === null ? '' : `revoked at ${revoked.at}`),
    ),
    ...compared(
      'manifest',
      previous?.manifests ?? [],
      next.manifests,
      ({ digest }) => manifestName(digest),
      windowText,
    ),
    ...(previous === undefined
      ? []
      : [...policyChanges(previous.policy, next.policy), ...certificateChanges(previous.cmvp, next.cmvp)]),
  ];
}

function compared<T>(
  what: ReleaseChange['what'],
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  describe: (item: T) => string,
): ReleaseChange[] {
  const old = new Map(before.map((item) => [nameOf(item), describe(item)]));
  const names = new Set(after.map(nameOf));
  const changes: ReleaseChange[] = [];
  for (const item of after) {
    const name = nameOf(item);
    const was = old.get(name);
    const is = describe(item);
    if (was === undefined) changes.push({ sign: '+', what, name, details: is });
    else if (was !== is) changes.push({ sign: '~', what, name, details: `${was} -> ${is}` });
  }
  for (const [name, was] of old) {
    if (!names.has(name)) changes.push({ sign: '-', what, name, details: was });
  }
  return changes;
}

function windowText({ from, until }: ManifestInForce): string {
  return until === null ? `from ${from}` : `from ${from} until ${until}`;
}

function policyChanges(before: Policy, after: Policy): ReleaseChange[] {
  const settings = Object.keys(after) as (keyof Policy)[];
  return settings
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({
      sign: '~',
      what: 'policy',
      name: name.replace(/Ms$/, ''),
      details: `${settingText(name, before[name])} -> ${settingText(name, after[name])}`,
    }));
}

function certificateChanges(before: CmvpSnapshot, after: CmvpSnapshot): ReleaseChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const text = ({ asOf, certificates }: CmvpSnapshot): string => `${asOf} (${String(certificates.length)})`;
  return [{ sign: '~', what: 'certificates', name: 'NIST CMVP list', details: `${text(before)} -> ${text(after)}` }];
}

function settingText(name: string, value: Policy[keyof Policy]): string {
  return name.endsWith('Ms') && typeof value === 'number' ? formatDuration(value) : JSON.stringify(value);
}
