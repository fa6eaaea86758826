import {
  declaredFor,
  conclusionContext,
  type ExaminedProgram,
  type ModuleReference,
} from '../appraisal/module-reference.js';
import { concludeModule } from '../binary/conclude-module.js';
import type { ApprovedMode, Backend, Integrity, ModuleConclusion, ModuleState } from '../binary/module-conclusion.js';
import type { CalendarDate } from '../cmvp/calendar-date.js';
import { certificateStatus } from '../cmvp/certificate-status.js';
import type { CmvpSnapshot, ListedStatus } from '../cmvp/cmvp-snapshot.js';
import { isDeclaredModule, type ModuleDeclaration } from '../manifest/module-declaration.js';
import type { ProgramPlace, SeenProgram } from '../measurement/module-measurement.js';

/** One program of a component. Five facts that are kept apart: none of them stands for another. */
export interface ModuleSummary {
  readonly where: ProgramPlace;
  readonly path: string;
  readonly state: SeenProgram['state'];
  /** Why it could not be examined, or what it is if it is no program; else null. */
  readonly problem: string | null;
  readonly facts: ModuleSummaryFacts | null;
}

export interface ModuleSummaryFacts {
  readonly backend: Backend;
  /** Of the module's bytes, against the value it keeps itself. */
  readonly integrity: Integrity;
  readonly identity: ModuleIdentity;
  /** Of the publisher, else of the build on record; what the list of certificates in the release says of each on a day. */
  readonly certificates: readonly CertificateOnDay[];
  readonly approvedMode: ApprovedMode;
  readonly operatingEnvironment: 'not-examined';
  readonly tlsRestricted: ModuleConclusion['tlsRestricted'];
}

export interface ModuleIdentity {
  readonly state: ModuleState['state'];
  readonly name: string | null;
  readonly version: string | null;
  /** The module's own integrity value, hex, and the bytes it is over. */
  readonly hash: string | null;
  readonly length: number | null;
  readonly reason: string | null;
}

export interface CertificateOnDay {
  readonly number: number;
  readonly status: ListedStatus | 'unknown';
  readonly on: CalendarDate;
}

export interface SummaryContext {
  readonly reference: ModuleReference;
  readonly cmvp: CmvpSnapshot;
  readonly on: CalendarDate;
}

export function moduleSummary(program: SeenProgram, context: SummaryContext): ModuleSummary {
  const { where, path, state } = program;
  if (program.state !== 'program') return { where, path, state, problem: problemOf(program), facts: null };
  const conclusion = concludeModule(program.facts, conclusionContext(program, context.reference));
  const { backend, integrity, module, approvedMode, tlsRestricted } = conclusion;
  const declared = declaredFor(program, context.reference).filter((one) => isDeclaredModule(program.facts, one));
  return {
    where,
    path,
    state,
    problem: null,
    facts: {
      backend,
      integrity,
      identity: identityOf(program, module, declared.length > 0),
      certificates: certificatesOf(declared, module, context),
      approvedMode,
      operatingEnvironment: 'not-examined',
      tlsRestricted,
    },
  };
}

function problemOf(program: Exclude<SeenProgram, { state: 'program' }>): string {
  if (program.state !== 'not-elf') return program.reason;
  return { empty: 'an empty file', script: 'a script', other: 'no ELF program' }[program.begins];
}

function identityOf({ facts: { boring } }: ExaminedProgram, module: ModuleState, isDeclared: boolean): ModuleIdentity {
  const { hash, length } = boring.state === 'found' ? boring : { hash: null, length: null };
  return {
    // of Go's own module a version is declared, whose bytes differ in each program
    state: module.state === 'unknown-build' && isDeclared ? 'declared' : module.state,
    name: module.state === 'known' ? module.name : null,
    version: module.state === 'known' ? module.version : null,
    hash,
    length,
    reason: module.state === 'corrupt' || module.state === 'undetermined' ? module.reason : null,
  };
}

function certificatesOf(
  declared: readonly ModuleDeclaration[],
  module: ModuleState,
  { cmvp, on }: SummaryContext,
): CertificateOnDay[] {
  const recorded = module.state === 'known' ? module.certificates.map(Number) : [];
  const numbers = declared.length > 0 ? declared.flatMap(({ certificates }) => certificates) : recorded;
  return [...new Set(numbers)]
    .sort((a, b) => a - b)
    .map((number) => ({ number, status: certificateStatus(cmvp, number, on).status, on }));
}
