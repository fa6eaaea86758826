import { concludeModule } from '../binary/conclude-module.js';
import { fips140SettingOf } from '../binary/go/fips140-setting.js';
import type { ModuleConclusion } from '../binary/module-conclusion.js';
import type { ModuleFacts } from '../binary/module-facts.js';
import { declaredModuleText, isDeclaredModule } from '../manifest/module-declaration.js';
import type { SeenProgram } from '../measurement/module-measurement.js';
import { type Finding, finding } from './finding.js';
import { conclusionContext, declaredFor, type ExaminedProgram, type ModuleReference } from './module-reference.js';
import { someOf } from './some-of.js';

/** One program: whether its module is whole, which it is, and whether it is switched on. */
export function appraiseModule(
  subject: string,
  program: SeenProgram,
  all: readonly SeenProgram[],
  reference: ModuleReference,
): Finding[] {
  switch (program.state) {
    case 'not-elf':
      return [];
    case 'malformed':
    case 'unreadable':
      return [finding('module.unreadable', subject, `a program at ${place(program)}`, program.reason)];
    case 'program': {
      const conclusion = concludeModule(program.facts, conclusionContext(program, reference));
      return [
        ...appraiseIdentity(subject, program, conclusion, reference),
        ...appraiseMemory(subject, program, conclusion, all),
        ...appraiseMode(subject, program, conclusion),
      ];
    }
  }
}

function appraiseIdentity(
  subject: string,
  program: ExaminedProgram,
  { module, claims }: ModuleConclusion,
  reference: ModuleReference,
): Finding[] {
  const at = place(program);
  const findings: Finding[] = [];
  const declared = declaredFor(program, reference);
  if (declared.length > 0 && !declared.some((declaration) => isDeclaredModule(program.facts, declaration))) {
    const expected = `${at}: ${someOf([...new Set(declared.map(declaredModuleText))], 4)}`;
    findings.push(finding('module.mismatch', subject, expected, foundText(program.facts)));
  }
  switch (module.state) {
    case 'corrupt':
      findings.push(finding('module.corrupt', subject, `${at}: a module that is whole`, module.reason));
      break;
    case 'absent-although-claimed':
      findings.push(finding('module.absent', subject, `${at}: a module, by its ${someOf(claims, 4)}`, 'none'));
      break;
    case 'undetermined':
      findings.push(
        finding('module.undetermined', subject, `${at}: a module, by its ${someOf(claims, 4)}`, module.reason),
      );
      break;
    case 'unknown-build':
      // of Go's own module a version is declared, whose bytes differ in each program
      if (declared.length === 0)
        findings.push(finding('module.unknown-build', subject, `${at}: a known build`, foundText(program.facts)));
      break;
    case 'known':
    case 'declared':
    case 'elsewhere':
    case 'none':
      break;
  }
  return findings;
}

/** What runs beside the file that it was started from, as the same scan saw it. */
function appraiseMemory(
  subject: string,
  program: ExaminedProgram,
  { backend }: ModuleConclusion,
  all: readonly SeenProgram[],
): Finding[] {
  if (program.where !== 'process') return [];
  const file = all.find(
    (other): other is ExaminedProgram =>
      other.state === 'program' && other.where === 'file' && other.digest === program.digest,
  );
  const bytes = backend === 'go-native' || backend === 'go-native-host' ? nativeBytes : boringBytes;
  if (file === undefined || bytes(file.facts) === bytes(program.facts)) return [];
  const expected = `${place(program)}: ${foundText(file.facts)}`;
  return [finding('module.memory-differs', subject, expected, foundText(program.facts))];
}

/** The part of the facts that is a function of the module's bytes. */
function boringBytes({ boring }: ModuleFacts): string {
  return boring.state === 'found' ? `${boring.hash} ${String(boring.length)}` : boring.state;
}

function nativeBytes({ native }: ModuleFacts): string {
  return native.state === 'consistent' || native.state === 'corrupt' ? `${native.state} ${native.sum}` : native.state;
}

function appraiseMode(subject: string, program: ExaminedProgram, conclusion: ModuleConclusion): Finding[] {
  const at = place(program);
  const { variables } = program;
  if (variables?.state === 'unreadable') {
    return [finding('module.unreadable', subject, `${at}: its environment`, variables.reason)];
  }
  const off = switchedOff(program, conclusion);
  if (off !== undefined) return [finding('module.mode-off', subject, `${at}: the approved mode`, off)];
  if (conclusion.backend === 'boringcrypto' && conclusion.tlsRestricted === 'no') {
    return [finding('module.unrestricted', subject, `${at}: crypto/tls/fipsonly`, 'not linked')];
  }
  return [];
}

/** What says so; undefined if nothing does, or if there is no module that could be switched. */
function switchedOff(program: ExaminedProgram, { backend, approvedMode }: ModuleConclusion): string | undefined {
  const settings = program.facts.go?.module.settings;
  const built = settings?.['GOFIPS140'] ?? 'off';
  const byDefault = fips140SettingOf(settings?.['DefaultGODEBUG'] ?? '') ?? 'off';
  if (backend === 'standard' && (built !== 'off' || byDefault !== 'off')) {
    return approvedMode.state === 'setting' ? `fips140=${approvedMode.fips140}` : 'nothing turns it on';
  }
  if (backend !== 'openssl-system' || program.variables?.state !== 'known') return undefined;
  const off = program.variables.value.find(
    ({ name, value }) => (name === 'GOFIPS' || name === 'GOLANG_FIPS') && value === '0',
  );
  return off === undefined ? undefined : `${off.name}=${off.value}`;
}

function foundText({ boring, native, go }: ModuleFacts): string {
  if (boring.state === 'found') return declaredModuleText({ kind: 'boringcrypto', certificates: [], ...boring });
  if (boring.state === 'corrupt') return `BoringCrypto: ${boring.reason}`;
  const version = go?.module.settings['GOFIPS140'];
  if (native.state === 'absent' || version === undefined) return 'no module';
  return `Go Cryptographic Module ${version}, ${native.state}`;
}

/** Paths of other people's making can be long. */
function place({ where, path }: SeenProgram): string {
  const shown = path.length > 300 ? `${path.slice(0, 300)}…` : path;
  return where === 'file' ? shown : `a process of ${shown}`;
}
