import { someOf } from '../appraisal/some-of.js';
import { printable } from '../runtime/printable.js';
import type { CheckResult, HostResult } from './check-result.js';

/** Names after which a line says how many more there are. */
const SHOWN_HOSTS = 20;

/** Under a host's heading, if its components are of different manifests. */
export function hostWindowNote({ changeWindow }: HostResult): string[] {
  if (changeWindow?.state !== 'mixed-allowed') return [];
  const ids = changeWindow.manifests.map(({ id }) => printable(id)).join(' and ');
  return [`mixed-allowed: components match manifests ${ids}, all in force`];
}

/** After the manifests: which hosts are of which, while several count. */
export function changeWindowLines({ changeWindow }: CheckResult): string[] {
  if (changeWindow === undefined) return [];
  const { state, until, manifests } = changeWindow;
  const end = until === null ? 'no end is set' : `the first ends at ${printable(until)}`;
  return [
    `Change window: ${state}, each of these manifests counts; ${end}`,
    ...manifests.map(({ id, hosts, until: own }) => {
      const who = hosts.length === 0 ? 'no host' : printable(someOf(hosts, SHOWN_HOSTS));
      return `    ${printable(id)}${own === null ? '' : `, until ${printable(own)}`}: ${who}`;
    }),
  ];
}
