import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with a component's running processes. */
const TABLE = {
  'process.digest-mismatch': {
    severity: 'fail',
    fixed: true,
    meaning: 'The process runs a program the publisher did not sign',
    remedy: 'Restart the component from its signed file, then find out who started this',
  },
  'process.renamed': {
    severity: 'fail',
    fixed: true,
    meaning: 'The process was started under the name of the component and runs another program',
    remedy: 'Stop it, restart the component from its signed file, then find out who started this',
  },
  'process.unit-foreign': {
    severity: 'fail',
    fixed: true,
    meaning: "The component's systemd unit started another program",
    remedy: 'Look at the unit and its drop-ins: systemctl cat UNIT',
  },
  'process.running-stale': {
    severity: 'warn',
    fixed: false,
    meaning: 'The process still runs the version from before an upgrade',
    remedy: 'Restart the component',
  },
  'process.running-replaced': {
    severity: 'fail',
    fixed: true,
    meaning: 'Something unsigned is now where the running program was started from, or hides it',
    remedy: 'Look for mounts over the path, reinstall the component and restart it',
  },
  'process.running-deleted': {
    severity: 'fail',
    fixed: false,
    meaning: 'The file the process runs has been deleted',
    remedy: 'Reinstall the component and restart it',
  },
  'process.from-memory': {
    severity: 'fail',
    fixed: true,
    meaning: 'The process runs code that never was a file',
    remedy: 'Treat the host as compromised',
  },
  'process.text-modified': {
    severity: 'fail',
    fixed: true,
    meaning: "Code in the process's memory is not its file's; a debugger or a uprobe looks the same",
    remedy: 'Keep a dump of the process, stop it, and find out who changed it',
  },
  'process.text-private': {
    severity: 'warn',
    fixed: false,
    meaning: 'Pages of code were written, though they are equal to the file now',
    remedy: 'Look for tracing tools; restart the component',
  },
  'process.code-writable': {
    severity: 'fail',
    fixed: false,
    meaning: 'Executable memory of a file can be written',
    remedy: 'Restart the component; look at the library it belongs to',
  },
  'process.anonymous-code': {
    severity: 'fail',
    fixed: false,
    meaning: 'The process has executable memory that belongs to no file',
    remedy: 'Look for injected code; restart the component',
  },
  'process.library-unlisted': {
    severity: 'warn',
    fixed: false,
    meaning: 'A system library is mapped that no manifest lists and no trusted package vouches for',
    remedy: 'Name the vendor keys of the RPM database in cluster.yaml (policy.libraryKeys)',
  },
  'process.library-foreign': {
    severity: 'fail',
    fixed: true,
    meaning: 'A library is mapped that nobody vouches for, preloaded or from outside the system directories',
    remedy: 'Remove it and restart the component; find out who put it there',
  },
  'process.library-untrusted': {
    severity: 'fail',
    fixed: true,
    meaning: 'A mapped library is not the one of its package, or the package is not signed by a trusted key',
    remedy: 'Reinstall the package and restart the component',
  },
  'process.library-stale': {
    severity: 'warn',
    fixed: false,
    meaning: 'A library was updated and the process still runs the old one',
    remedy: 'Restart the component',
  },
  'process.environment': {
    severity: 'fail',
    fixed: false,
    meaning: 'A variable that loads code or bends cryptography is set for the process',
    remedy: 'Take it out of the unit or whatever starts the component',
  },
  'process.preload': {
    severity: 'fail',
    fixed: true,
    meaning: '/etc/ld.so.preload forces libraries into every program',
    remedy: 'Empty the file and restart the component',
  },
  'process.traced': {
    severity: 'fail',
    fixed: false,
    meaning: 'Another program controls the process',
    remedy: 'End the tracer',
  },
  'process.mounted-over': {
    severity: 'fail',
    fixed: true,
    meaning: "Something is mounted over the component's program",
    remedy: 'umount it, and find out who mounted it',
  },
  'process.mounted-above': {
    severity: 'warn',
    fixed: false,
    meaning: "A directory above the component's program is a bind or overlay mount",
    remedy: 'Make sure the mount is meant to be there',
  },
  'process.namespace': {
    severity: 'fail',
    fixed: false,
    meaning: "A component of the host runs with another root or mount namespace than the host's",
    remedy: 'Start it from its unit',
  },
  'process.unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'A process of the component could not be looked at',
    remedy: 'Run the agent as root with CAP_SYS_PTRACE and CAP_SYS_ADMIN',
  },
  'process.unseen': {
    severity: 'unknown',
    fixed: false,
    meaning: 'Some processes of the host could not be looked into, so one of the component may be among them',
    remedy: "Run the agent as root with CAP_SYS_PTRACE, in init's process namespace",
  },
} as const;

export type ProcessFindingCode = keyof typeof TABLE;

export const PROCESS_FINDINGS: Readonly<Record<ProcessFindingCode, CatalogueEntry>> = TABLE;
