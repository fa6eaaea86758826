import type { BinaryFacts } from './binary-facts.js';
import type { ExplainedFact } from './explained-fact.js';
import type { LocatedModule } from './module/locate-boring-module.js';
import type { ModuleConclusion } from './module-conclusion.js';

/** What a conclusion rests on, the weakest first. */
export function explainEvidence(facts: BinaryFacts, { claims }: ModuleConclusion): ExplainedFact[] {
  const { go, names, signatures, boring, native } = facts;
  return [
    {
      fact: 'Go version',
      value: go === null ? 'no build info' : `${go.version.text} (${go.format} format)`,
      shows: 'how the toolchain was set',
      doesNotShow: 'that a module is linked: a build without cgo says the same and has none',
    },
    {
      fact: 'Claims',
      value: claims.length === 0 ? 'none' : claims.join('; '),
      shows: 'what the binary makes believe',
      doesNotShow: 'that it is so',
    },
    {
      fact: 'Function names',
      value: namesText(names),
      shows: 'which packages were linked, if nobody wrote names there',
      doesNotShow: 'that their code is unchanged, or called',
    },
    {
      fact: 'Code signatures',
      value: facts.elf.machine === 'amd64' ? listText(signatures) : 'only amd64 programs have them',
      shows: 'which packages were linked, also in a stripped program',
      doesNotShow: 'that their code is unchanged: 32 bytes are easily copied',
    },
    {
      fact: 'BoringCrypto',
      value: locatedText(boring),
      shows: 'where the module lies, and by what it was found',
      doesNotShow: 'that the program calls it',
    },
    {
      fact: "Go's native module",
      value: native.state === 'consistent' ? `present, self-consistent (${String(native.bytes)} bytes)` : native.state,
      shows: 'damage; every program since Go 1.24 has it, in use or not',
      doesNotShow: 'which version it is: its sum is another in each program',
    },
  ];
}

function namesText(names: BinaryFacts['names']): string {
  if (!names.known) return 'the program keeps none';
  const seen = [
    ...(names.boringCrypto ? ['sig.BoringCrypto'] : []),
    ...(names.standardCrypto ? ['sig.StandardCrypto'] : []),
    ...(names.fipsOnly ? ['sig.FIPSOnly'] : []),
    ...(names.boringCalls ? ['_Cfunc__goboringcrypto_*'] : []),
    ...(names.openssl ? ['a bridge to OpenSSL'] : []),
    ...(names.frozenVersion === null ? [] : [`crypto/internal/fips140/${names.frozenVersion}`]),
  ];
  return listText(seen);
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? 'none of note' : items.join(', ');
}

function locatedText(located: LocatedModule): string {
  switch (located.state) {
    case 'found':
      return `at 0x${located.address.toString(16)}, by ${located.by}, hash ${located.hash}`;
    case 'corrupt':
      return `at 0x${located.address.toString(16)}, by ${located.by}: ${located.reason}`;
    case 'not-found':
      return 'not found';
    case 'undetermined':
      return `not known: ${located.reason}`;
  }
}
