import { fstatSync } from 'node:fs';
import { analyzeBinary } from '@sealwatch/shared/binary/analyze-binary.js';
import type { BinaryObservation } from '@sealwatch/shared/binary/binary-facts.js';
import { concludeModule } from '@sealwatch/shared/binary/conclude-module.js';
import { descriptorSource } from '@sealwatch/shared/binary/elf/descriptor-source.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { type ModuleDeclaration, moduleDeclarationOf } from '@sealwatch/shared/manifest/module-declaration.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';

export interface DeclaredModule {
  readonly declaration: ModuleDeclaration | null;
  /** What was found, in words; null for what has nothing to do with a module. */
  readonly note: string | null;
}

export interface ModuleToDeclare {
  readonly name: string;
  /** Path texts; the first one that is there is examined. */
  readonly paths: readonly string[];
  /** What the publisher says; undefined: the numbers on record for that build. */
  readonly certificates: readonly number[] | undefined;
}

/**
 * What a manifest can say of a component's module: found in its bytes, never taken from anybody's word.
 * @throws CodedError('usage.invalid') for certificate numbers of a component without a module, CodedError('file.unreadable')
 */
export async function declareModule(
  root: string,
  { name, paths, certificates }: ModuleToDeclare,
): Promise<DeclaredModule> {
  return declarationFor(name, await observe(root, name, paths), certificates);
}

/** @throws CodedError('usage.invalid') as `declareModule` */
export function declarationFor(
  name: string,
  observation: BinaryObservation,
  certificates: readonly number[] | undefined,
): DeclaredModule {
  const declaration = moduleDeclarationOf(observation, certificates);
  const note = noteOf(observation, declaration);
  if (declaration === null && certificates !== undefined) {
    throw new CodedError('usage.invalid', `--module-certificate ${name}=…: ${note ?? 'it has no module'}`);
  }
  return { declaration, note };
}

async function observe(root: string, name: string, paths: readonly string[]): Promise<BinaryObservation> {
  for (const path of paths) {
    const opened = await openBelow(root, pathBytes(path) ?? Buffer.alloc(0));
    if (opened.state !== 'opened') continue;
    try {
      const { size } = fstatSync(opened.fd);
      return await analyzeBinary(descriptorSource(opened.fd, size));
    } finally {
      await opened.close();
    }
  }
  throw new CodedError('file.unreadable', `component ${name}: none of its paths is below ${root} any more`);
}

function noteOf(observation: BinaryObservation, declaration: ModuleDeclaration | null): string | null {
  if (observation.state !== 'program') return null;
  const { module, claims } = concludeModule(observation.facts);
  switch (module.state) {
    case 'known':
    case 'declared':
    case 'unknown-build': {
      const build =
        module.state === 'known' ? (module.by === 'bytes' ? 'known build' : 'known by name') : 'unknown build';
      const kind = declaration?.kind === 'boringcrypto' ? 'BoringCrypto module' : "Go's own module";
      if (declaration === null) return `${kind} of no version, not declared`;
      return `${kind}, ${build}, ${certificatesText(declaration)}`;
    }
    case 'corrupt':
      return `its module is corrupt, and hosts will fail it: ${module.reason}`;
    case 'absent-although-claimed':
      return `it claims a module (${printable(claims.join(', '))}) and has none: hosts will fail it`;
    case 'undetermined':
      return `whether it has the module it claims can't be told: ${module.reason}`;
    case 'elsewhere':
    case 'none':
      // that a program of C has none is nothing to say
      return observation.facts.go === null ? null : 'no module';
  }
}

export function certificatesText({ certificates }: ModuleDeclaration): string {
  if (certificates.length === 0) return 'no certificate';
  return `certificate ${certificates.join(', ')}`;
}
