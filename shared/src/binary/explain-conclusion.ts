import type { BinaryFacts } from './binary-facts.js';
import type { ExplainedFact } from './explained-fact.js';
import type { LocatedModule } from './module/locate-boring-module.js';
import type { ApprovedMode, Backend, Integrity, ModuleConclusion, ModuleState } from './module-conclusion.js';

/** What a binary comes to: five facts that are kept apart, and what they mean for TLS. */
export function explainConclusion(
  kind: 'file' | 'process',
  { boring }: BinaryFacts,
  { backend, integrity, module, approvedMode, tlsRestricted }: ModuleConclusion,
): ExplainedFact[] {
  const bytes = kind === 'file' ? "the file's bytes" : 'the bytes in memory, read a moment ago,';
  return [
    {
      fact: 'Cryptography',
      value: BACKENDS[backend],
      shows: 'what was linked, as far as bytes and names tell',
      doesNotShow: 'that the program does all its cryptography there: it may bring code of its own',
    },
    {
      fact: 'Integrity',
      value: integrityText(integrity, module),
      shows: `whether ${bytes} are those that the module's own value was computed from`,
      doesNotShow: 'who computed it: its key is public, and whoever changes the module can compute it anew',
    },
    {
      fact: 'Module',
      value: moduleText(module, boring),
      shows: identityShows(module),
      doesNotShow: identityDoesNotShow(module),
    },
    {
      fact: 'Certificate',
      value: certificateText(module),
      shows: "which numbers NIST's list has for that version",
      doesNotShow: 'what their status is on any date, or whose certificate covers this product',
    },
    {
      fact: 'Approved mode',
      value: modeText(approvedMode),
      shows: modeShows(approvedMode),
      doesNotShow: modeDoesNotShow(approvedMode),
    },
    {
      fact: 'Operating environment',
      value: 'not examined',
      shows: 'nothing',
      doesNotShow: 'whether the machine and its system are among those that a certificate names',
    },
    {
      fact: 'TLS restricted to FIPS settings',
      value: { yes: 'yes', no: 'no: it takes whatever Go takes by default', unknown: 'not known' }[tlsRestricted],
      shows: "whether crypto/tls/fipsonly is linked, or Go's native mode is on by default",
      doesNotShow: 'what a service accepts: ask it with sealwatch-agent probe',
    },
  ];
}

const BACKENDS: Readonly<Record<Backend, string>> = {
  boringcrypto: 'BoringCrypto, linked into the program',
  'go-native': "Go's native module, on",
  'go-native-host': "Go's native module, on if the host is in FIPS mode",
  'openssl-system': "the system's OpenSSL",
  standard: "Go's standard packages, without a module in use",
  'not-known': 'not known: no Go program, and no module found in it',
};

function integrityText(integrity: Integrity, module: ModuleState): string {
  switch (integrity) {
    case 'whole':
      return 'self-consistent: the bytes give the value that the module keeps';
    case 'corrupt':
      return `corrupt: ${module.state === 'corrupt' ? module.reason : ''}`;
    case 'not-known':
      return module.state === 'elsewhere' ? 'not examined: the module is a library' : 'not known';
    case 'no-module':
      return 'there is no module to examine';
  }
}

function moduleText(module: ModuleState, boring: LocatedModule): string {
  const place = boring.state === 'found' ? ` (${String(boring.length)} bytes, HMAC-${boring.hmac.toUpperCase()})` : '';
  switch (module.state) {
    case 'known':
      return module.by === 'bytes'
        ? `${module.name} ${module.version}: matches a known build${place}`
        : `${module.name} ${module.version}, as the program says`;
    case 'declared':
      return `the build that ${module.by} declared${place}`;
    case 'unknown-build':
      return `self-consistent, of no known build${place}`;
    case 'corrupt':
      return 'can not be told: it is corrupt';
    case 'absent-although-claimed':
      return 'absent, although the binary claims one';
    case 'undetermined':
      return `can not be told: ${module.reason}`;
    case 'elsewhere':
      return 'in a library of the system, not examined';
    case 'none':
      return 'none';
  }
}

function identityShows(module: ModuleState): string {
  if (module.state === 'known' && module.by === 'name')
    return 'which version its build settings and function names give';
  if (module.state === 'declared') return 'that hash and length are those the publisher put on record';
  return 'whether hash and length are those of a build on record here';
}

function identityDoesNotShow(module: ModuleState): string {
  if (module.state === 'known' && module.by === 'name') {
    return 'that it was built from that source: a toolchain that was altered says the same';
  }
  return 'that the program around the module is unchanged: only a signature over the whole file does';
}

function certificateText(module: ModuleState): string {
  if (module.state !== 'known') return 'none to name';
  if (module.certificates.length === 0) return 'none to name: this build was never part of a release';
  return `CMVP ${module.certificates.map((number) => `#${number}`).join(', ')}`;
}

function modeText(mode: ApprovedMode): string {
  switch (mode.state) {
    case 'always':
      return 'always: the module as Go links it has no other';
    case 'setting':
      return `fips140=${mode.fips140}, ${mode.from === 'binary' ? "the binary's default" : "from the process's environment"}`;
    case 'not-known':
      return 'not known';
    case 'none':
      return 'off: nothing turns it on';
  }
}

function modeShows(mode: ApprovedMode): string {
  if (mode.state === 'always') return 'how the module is built';
  if (mode.state === 'setting' && mode.from === 'environment') return 'what the program was started with';
  return 'what the program starts with when nobody sets GODEBUG';
}

function modeDoesNotShow(mode: ApprovedMode): string {
  if (mode.state === 'always') return 'that every algorithm comes from there: what the module lacks, Go serves itself';
  return 'what the environment of a process changes: GODEBUG is read when a program starts';
}
