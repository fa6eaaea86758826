import type { ServiceChange } from '@sealwatch/shared/check/service-difference.js';
import type { FactFacet, ListFacet } from '@sealwatch/shared/check/service-facets.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { ServiceHistoryEntry } from './service-history.js';

const INDENT = ' '.repeat(4);

/** One paragraph for each entry; what came and what went one a line, each line to be understood alone. */
export function serviceHistoryText(entries: readonly ServiceHistoryEntry[]): string {
  return entries
    .map((entry) => [headingOf(entry), ...linesOf(entry).map((line) => INDENT + line)])
    .map((lines) => `${lines.map(printable).join('\n')}\n`)
    .join('\n');
}

function headingOf({ place, state, before }: ServiceHistoryEntry): string {
  const when = `${place.signedAt} report ${String(place.epoch)}/${String(place.sequence)}`;
  switch (state.kind) {
    case 'not-reported':
      return `${when}: no longer reported`;
    case 'unreadable':
      return `${when}: changed, but what was measured can't be told`;
    case 'measured':
      return `${when}: ${MEASURED[before]}`;
  }
}

const MEASURED: Readonly<Record<ServiceHistoryEntry['before'], string>> = {
  none: 'first measured',
  'not-reported': 'measured again',
  unreadable: "measured; what was before can't be told",
  measured: 'changed',
};

function linesOf(entry: ServiceHistoryEntry): string[] {
  const { place, digest, state, before, changes } = entry;
  return [
    ...(place.missingReports > 0 ? [`${counted(place.missingReports, 'report')} before it never came`] : []),
    ...(place.foldedChanges > 0 ? [`sums up ${counted(place.foldedChanges, 'change')} of the host`] : []),
    ...(state.kind === 'unreadable' ? [`${digest ?? ''}: ${state.problem}`] : []),
    ...changes.flatMap(changeLines),
    ...(state.kind === 'measured' && before === 'measured' && changes.length === 0 ? [OTHERWISE] : []),
  ];
}

const OTHERWISE = 'in nothing that is followed here; --output json has the whole measurement';

function changeLines(change: ServiceChange): string[] {
  const version = change.version === null ? '' : ` (${change.version})`;
  switch (change.kind) {
    case 'fact': {
      const now = change.after ?? 'none';
      const value = change.before === null ? now : `${change.before} -> ${now}`;
      return [`${FACTS[change.what]}${version}: ${value}`];
    }
    case 'list': {
      const [one, many] = LISTS[change.what];
      return [
        ...change.went.map((item) => `- ${one} ${item}${version}`),
        ...change.came.map((item) => `+ ${one} ${item}${version}`),
        ...(change.order === null ? [] : [`order of ${many}${version}: ${change.order.join(', ')}`]),
      ];
    }
  }
}

const FACTS: Readonly<Record<FactFacet, string>> = {
  answer: 'answer',
  address: 'address',
  'preferred-suite': 'preferred suite',
  preference: 'whose preference',
  'client-certificate': 'client certificate',
  'application-protocol': 'application protocol',
  'dh-prime': 'Diffie-Hellman prime',
  'extended-master-secret': 'extended master secret',
  'secure-renegotiation': 'secure renegotiation',
  compression: 'compression',
  authority: 'certificate authority',
  listener: 'listener',
};

const LISTS: Readonly<Record<ListFacet, readonly [one: string, many: string]>> = {
  version: ['version', 'versions'],
  suite: ['suite', 'suites'],
  group: ['group', 'groups'],
  'signature-scheme': ['signature scheme', 'signature schemes'],
  certificate: ['certificate', 'certificates'],
  program: ['program', 'programs'],
  configuration: ['configuration', 'configurations'],
  unanswered: ['not learnt:', 'what was not learnt'],
};

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
