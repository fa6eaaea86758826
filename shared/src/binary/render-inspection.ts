import { wrapped } from '../check/wrapped.js';
import { printable } from '../runtime/printable.js';
import type { BinaryObservation, ElfFacts } from './binary-facts.js';
import type { Inspection, InspectionSubject } from './inspection.js';
import { processLines } from './process-lines.js';

/** The text of `sealwatch-agent inspect`. Ends with a line feed. */
export function renderInspection({ subject, observation, explained, process }: Inspection): string {
  const lines = [
    headingOf(subject),
    ...stateLines(observation),
    ...explained.flatMap(({ fact, value, shows, doesNotShow }) => [
      '',
      `${fact}: ${value}`,
      ...indented(`shows: ${shows}`),
      ...indented(`does not show: ${doesNotShow}`),
    ]),
    ...(process === null ? [] : ['', ...processLines(process)]),
    ...buildLines(observation),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function headingOf(subject: InspectionSubject): string {
  if (subject.kind === 'file') return `Binary: ${subject.path}`;
  return `Process: ${String(subject.pid)}, running ${subject.path}`;
}

function stateLines(observation: BinaryObservation): string[] {
  switch (observation.state) {
    case 'program':
      return elfLines(observation.facts.elf);
    case 'not-elf':
      return [`Not a program that can be inspected: ${BEGINNINGS[observation.begins]}`];
    case 'malformed':
      return [`Malformed: ${observation.reason}`];
    case 'unreadable':
      return [`Unreadable: ${observation.reason}`];
  }
}

const BEGINNINGS = {
  empty: 'it is empty',
  script: 'a script; inspect its interpreter',
  other: 'it is no ELF file',
} as const;

function elfLines(elf: ElfFacts): string[] {
  const { bits, byteOrder, machine, kind, positionIndependent, interpreter, needed, stripped, buildIds } = elf;
  return [
    `Format: ELF, ${String(bits)} bits, ${byteOrder}-endian, ${machine}, ${kind}` +
      (positionIndependent ? ', position-independent' : '') +
      (stripped ? ', stripped' : ''),
    `Libraries: ${interpreter === null ? 'none are loaded' : [interpreter, ...needed].join(', ')}`,
    ...(buildIds.gnu === null ? [] : [`Build ID: ${buildIds.gnu}`]),
    ...(buildIds.go === null ? [] : [`Go build ID: ${buildIds.go}`]),
    ...elf.problems.map((problem) => `Problem: ${problem}`),
  ];
}

function buildLines(observation: BinaryObservation): string[] {
  if (observation.state !== 'program' || observation.facts.go === null) return [];
  const { path, main, dependencies, settings } = observation.facts.go.module;
  return [
    '',
    `Package: ${path ?? 'not named'}${main === null ? '' : ` of ${main.path} ${main.version}`}`,
    `Dependencies: ${String(dependencies.length)}`,
    ...Object.entries(settings).map(([key, value]) => `Build setting: ${key}=${value}`),
  ];
}

function indented(text: string): string[] {
  return wrapped(text, 75).map((line) => `    ${line}`);
}
