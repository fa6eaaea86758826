import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with the cryptographic module in a component's programs. */
const TABLE = {
  'module.corrupt': {
    severity: 'fail',
    fixed: true,
    meaning: "The module's bytes are not those its own integrity value was computed from",
    remedy: 'Reinstall the component and restart it, then find out who changed it',
  },
  'module.absent': {
    severity: 'fail',
    fixed: true,
    meaning: 'The program says of itself that it has a module, and has none',
    remedy: 'Install a build that has it (for Go with BoringCrypto: CGO_ENABLED=1), and look at who built this one',
  },
  'module.mismatch': {
    severity: 'fail',
    fixed: true,
    meaning: 'The module is not the one the publisher declared',
    remedy: 'Reinstall the component from its signed release, then find out who changed it',
  },
  'module.memory-differs': {
    severity: 'fail',
    fixed: true,
    meaning: "The module in the process's memory is not the one in the file it runs",
    remedy: 'Keep a dump of the process, stop it, and find out who changed it',
  },
  'module.unknown-build': {
    severity: 'warn',
    fixed: false,
    meaning: 'The module is self-consistent, of no build that is known or declared',
    remedy: 'Ask the publisher for a manifest that declares it: sealwatch manifest create records it',
  },
  'module.unrestricted': {
    severity: 'warn',
    fixed: false,
    meaning: "The module is there, and nothing restricts the program's TLS to FIPS settings",
    remedy: 'Install a build that imports crypto/tls/fipsonly; see what its service accepts under its profile',
  },
  'module.mode-off': {
    severity: 'warn',
    fixed: false,
    meaning: 'The program was built with a module whose approved mode is off',
    remedy: 'Take GODEBUG=fips140=off, GOFIPS=0 or GOLANG_FIPS=0 out of what starts the component',
  },
  'module.undetermined': {
    severity: 'unknown',
    fixed: false,
    meaning: 'Whether the program has the module it claims could not be told',
    remedy: 'Look at it by hand: sealwatch-agent inspect FILE',
  },
  'module.unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'A program of the component could not be examined for its module',
    remedy: 'Run the agent as root with CAP_SYS_PTRACE; look at the file: sealwatch-agent inspect FILE',
  },
  'module.unseen': {
    severity: 'unknown',
    fixed: false,
    meaning: 'The component has more programs than are examined for their module',
    remedy: 'Look for what starts so many of them, or for many files that changed',
  },
} as const;

export type ModuleFindingCode = keyof typeof TABLE;

export const MODULE_FINDINGS: Readonly<Record<ModuleFindingCode, CatalogueEntry>> = TABLE;
