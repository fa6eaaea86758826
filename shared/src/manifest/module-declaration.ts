import * as z from 'zod/mini';
import type { BinaryObservation } from '../binary/binary-facts.js';
import { concludeModule } from '../binary/conclude-module.js';
import type { ModuleFacts } from '../binary/module-facts.js';
import { moduleHashSchema } from '../binary/module-hash-schema.js';
import type { HmacAlgorithm } from '../binary/module/known-boring-modules.js';
import { isFrozenVersion } from '../binary/module/known-native-modules.js';
import { moduleRecordOf } from '../binary/module-record.js';

/**
 * The cryptographic module that a publisher declares to be in a program: found in its bytes when the manifest was made,
 * and the CMVP certificates whose module the publisher says it is. Sealwatch checks the first and only repeats the second.
 */
export type ModuleDeclaration = BoringDeclaration | NativeDeclaration;

export interface BoringDeclaration {
  readonly kind: 'boringcrypto';
  readonly hmac: HmacAlgorithm;
  /** The module's own integrity value, hex. */
  readonly hash: string;
  /** Of the hashed text, in bytes. */
  readonly length: number;
  readonly certificates: readonly number[];
}

/** Go's own module is laid out anew in each program: only its version is the same. */
export interface NativeDeclaration {
  readonly kind: 'go-native';
  /** `v1.0.0-c2097c7c` */
  readonly version: string;
  readonly certificates: readonly number[];
}

const certificates = z.array(z.int().check(z.gte(1), z.lte(999_999))).check(z.maxLength(10));

export const moduleDeclarationSchema: z.ZodMiniType<ModuleDeclaration> = z.union([
  z.strictObject({
    kind: z.literal('boringcrypto'),
    hmac: z.enum(['sha256', 'sha512']),
    hash: moduleHashSchema,
    length: z.int().check(z.positive()),
    certificates,
  }),
  z.strictObject({
    kind: z.literal('go-native'),
    version: z.string().check(z.refine(isFrozenVersion)),
    certificates,
  }),
]);

/**
 * What to declare of a program. Null where there is no module whose bytes are whole, or none that has a name.
 * @param given the publisher's certificate numbers; undefined: those on record here for that build
 */
export function moduleDeclarationOf(
  observation: BinaryObservation,
  given?: readonly number[],
): ModuleDeclaration | null {
  if (observation.state !== 'program') return null;
  const { facts } = observation;
  const { module, backend } = concludeModule(facts);
  const known = module.state === 'known' ? module.certificates.map(Number) : [];
  const certificates = [...new Set(given ?? known)].sort((a, b) => a - b);
  if (module.state !== 'known' && module.state !== 'unknown-build') return null;
  const record = moduleRecordOf(observation);
  if (backend === 'boringcrypto' && record !== null) return { kind: 'boringcrypto', ...record, certificates };
  const version = facts.go?.module.settings['GOFIPS140'];
  return version !== undefined && isFrozenVersion(version) ? { kind: 'go-native', version, certificates } : null;
}

/** Whether a program's module is the declared one; a certificate is no part of a program. */
export function isDeclaredModule({ boring, native, go }: ModuleFacts, declaration: ModuleDeclaration): boolean {
  switch (declaration.kind) {
    case 'boringcrypto':
      return boring.state === 'found' && boring.hash === declaration.hash && boring.length === declaration.length;
    case 'go-native':
      return native.state === 'consistent' && go?.module.settings['GOFIPS140'] === declaration.version;
  }
}

/** `BoringCrypto (18d35ae031f649825a4269d6)`, for a finding and a claim. */
export function declaredModuleText(declaration: ModuleDeclaration): string {
  switch (declaration.kind) {
    case 'boringcrypto':
      return `BoringCrypto (${declaration.hash.slice(0, 24)}, ${String(declaration.length)} bytes)`;
    case 'go-native':
      return `Go Cryptographic Module ${declaration.version}`;
  }
}
