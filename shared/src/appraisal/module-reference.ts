import type { ConclusionContext } from '../binary/conclude-module.js';
import { filesByName, imagesByName } from '../manifest/components-of-kind.js';
import type { FileComponent, SignedExecutable } from '../manifest/manifest-component.js';
import type { ModuleDeclaration } from '../manifest/module-declaration.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { SeenProgram } from '../measurement/module-measurement.js';

/** What the publishers of a component say of its programs. */
export interface ModuleReference {
  readonly programs: readonly SignedProgram[];
}

interface SignedProgram {
  readonly digest: string;
  readonly module: ModuleDeclaration | undefined;
  /** `manifest konvoy-1.7.2` */
  readonly by: string;
}

export function moduleReference(component: string, valid: readonly VerifiedManifest[]): ModuleReference {
  const programs = valid.flatMap((manifest): SignedProgram[] => {
    const files = filesByName([manifest]).get(component) ?? [];
    const images = imagesByName([manifest]).get(component) ?? [];
    const signed: readonly (FileComponent | SignedExecutable)[] = [
      ...files,
      ...images.flatMap(({ executables }) => executables),
    ];
    const by = `manifest ${manifest.manifest.id}`;
    return signed.map(({ digest, module }) => ({ digest, module, by }));
  });
  return { programs };
}

export type ExaminedProgram = Extract<SeenProgram, { state: 'program' }>;

/**
 * The modules that may be in a program: of the file it is, if somebody signed that; else of any of the component's. Empty:
 * nobody declared one.
 */
export function declaredFor({ digest }: ExaminedProgram, { programs }: ModuleReference): ModuleDeclaration[] {
  const same = programs.filter((program) => program.digest === digest);
  return (same.length > 0 ? same : programs).flatMap(({ module }) => module ?? []);
}

/** What a conclusion about a program takes into account beside its facts. */
export function conclusionContext({ variables }: ExaminedProgram, { programs }: ModuleReference): ConclusionContext {
  const declared = programs.flatMap(({ module, by }) =>
    module?.kind === 'boringcrypto' ? [{ hash: module.hash, length: module.length, by }] : [],
  );
  const set = variables?.state === 'known' ? variables.value : [];
  // Go takes the first of several (runtime.gogetenv)
  const godebug = set.find(({ name }) => name === 'GODEBUG')?.value;
  return { declared, ...(godebug === undefined ? {} : { godebug }) };
}
