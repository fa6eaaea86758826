import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { flipByte } from '../../fakes/flip-byte.js';
import type { FileName, Machine } from '../machine.js';
import type { Row } from '../row.js';

/** Rows 1 to 8 and 10: the file of a component that no process runs, in a directory of its own. */
export function fileRows(name: FileName): readonly Row<Machine>[] {
  const mismatch = (machine: Machine): string => `file.digest-mismatch ${machine.subject(name)}`;
  const restore = (machine: Machine): void => {
    machine.restore(name);
  };
  const flip = (machine: Machine): void => {
    flipByte(machine.path(name));
  };
  const writeMapped = (machine: Machine): void => {
    execFileSync(machine.victims.at('map-write'), [machine.path(name)]);
  };
  return [
    { number: '1', act: 'write into a file in place', by: 'event', commit: flip, reason: mismatch, mend: flip },
    {
      number: '2',
      act: 'replace it by rename',
      by: 'event',
      commit: (machine) => {
        machine.replace(name, machine.altered(name));
      },
      reason: mismatch,
      mend: restore,
    },
    {
      number: '3a',
      act: 'delete it',
      by: 'event',
      commit: (machine) => {
        rmSync(machine.path(name));
      },
      reason: (machine) => `file.missing ${machine.subject(name)}`,
      mend: restore,
    },
    {
      number: '3b',
      act: 'delete its directory',
      by: 'event',
      commit: (machine) => {
        rmSync(home(machine, name), { recursive: true });
      },
      reason: (machine) => `file.missing ${machine.subject(name)}`,
      mend: restore,
    },
    {
      number: '4a',
      act: 'truncate it',
      by: 'event',
      commit: (machine) => {
        truncateSync(machine.path(name), 4096);
      },
      reason: mismatch,
      mend: restore,
    },
    {
      number: '4b',
      act: 'append to it',
      by: 'event',
      commit: (machine) => {
        appendFileSync(machine.path(name), 'more');
      },
      reason: mismatch,
      mend: restore,
    },
    {
      number: '5a',
      act: 'make it set-uid',
      by: 'event',
      commit: (machine) => {
        chmodSync(machine.path(name), 0o4755);
      },
      reason: (machine) => `file.permissions ${machine.subject(name)}`,
      mend: (machine) => {
        chmodSync(machine.path(name), 0o755);
      },
    },
    {
      number: '5b',
      act: 'let everybody write to it',
      by: 'event',
      commit: (machine) => {
        chmodSync(machine.path(name), 0o777);
      },
      reason: (machine) => `file.permissions ${machine.subject(name)}`,
      mend: (machine) => {
        chmodSync(machine.path(name), 0o755);
      },
    },
    {
      number: '5c',
      act: 'give it to another owner',
      by: 'event',
      commit: (machine) => {
        chownSync(machine.path(name), 65534, 65534);
      },
      reason: (machine) => `file.owner ${machine.subject(name)}`,
      mend: (machine) => {
        chownSync(machine.path(name), 0, 0);
      },
    },
    {
      number: '5d',
      act: 'give it a capability',
      by: 'event',
      commit: (machine) => {
        execFileSync('setcap', ['cap_net_raw=ep', machine.path(name)]);
      },
      reason: (machine) => `file.capabilities ${machine.subject(name)}`,
      mend: (machine) => {
        execFileSync('setcap', ['-r', machine.path(name)]);
      },
    },
    {
      number: '6',
      act: 'write, then put its times back',
      by: 'event',
      commit: (machine) => {
        const { atime, mtime } = statSync(machine.path(name));
        flip(machine);
        utimesSync(machine.path(name), atime, mtime);
      },
      reason: mismatch,
      mend: flip,
    },
    {
      number: '7',
      act: 'write through a hard link elsewhere',
      by: 'event',
      prepare: (machine) => {
        mkdirSync(machine.at('elsewhere'), { recursive: true });
        linkSync(machine.path(name), machine.at('elsewhere/link'));
      },
      commit: (machine) => {
        flipByte(machine.at('elsewhere/link'));
      },
      reason: mismatch,
      mend: (machine) => {
        flipByte(machine.at('elsewhere/link'));
        rmSync(machine.at('elsewhere/link'));
      },
    },
    {
      number: '8',
      act: 'write through a memory mapping',
      by: 'scan',
      commit: writeMapped,
      reason: mismatch,
      mend: writeMapped,
    },
    {
      number: '10',
      act: 'swap a directory of its path for a symbolic link',
      by: 'event',
      commit: (machine) => {
        renameSync(home(machine, name), `${home(machine, name)}-aside`);
        symlinkSync(`${basename(home(machine, name))}-aside`, home(machine, name));
      },
      reason: (machine) => `file.redirected ${machine.subject(name)}`,
      mend: (machine) => {
        rmSync(home(machine, name));
        renameSync(`${home(machine, name)}-aside`, home(machine, name));
      },
    },
  ];
}

/** The directory that has nothing but the component below it. */
function home(machine: Machine, name: FileName): string {
  return dirname(dirname(machine.path(name)));
}

const toolMismatch = (machine: Machine): string => `file.digest-mismatch ${machine.subject('tool')}`;

/** Row 9: seen by nobody who only watches files. */
export const MOUNT_ROWS: readonly Row<Machine>[] = [
  {
    number: '9a',
    act: 'bind-mount another file over it',
    by: 'mounts',
    commit: (machine) => {
      execFileSync('mount', ['--bind', machine.signed('dynamic'), machine.path('tool')]);
    },
    reason: toolMismatch,
    mend: (machine) => {
      execFileSync('umount', ['-l', machine.path('tool')]);
    },
  },
  {
    number: '9b',
    act: 'overlay-mount its directory',
    by: 'mounts',
    prepare: (machine) => {
      for (const name of ['upper', 'work']) mkdirSync(machine.at(`overlay/${name}`), { recursive: true });
      execFileSync('cp', [machine.signed('dynamic'), machine.at('overlay/upper/tool')]);
    },
    commit: (machine) => {
      const directory = dirname(machine.path('tool'));
      const layers = [`lowerdir=${directory}`, `upperdir=${machine.at('overlay/upper')}`];
      execFileSync('mount', [
        ...['-t', 'overlay', 'overlay', directory],
        ...['-o', [...layers, `workdir=${machine.at('overlay/work')}`].join(',')],
      ]);
    },
    reason: toolMismatch,
    mend: (machine) => {
      execFileSync('umount', ['-l', dirname(machine.path('tool'))]);
      rmSync(machine.at('overlay'), { recursive: true });
    },
  },
  {
    number: '26b',
    act: 'fake FIPS mode with a bind mount over the kernel switches',
    by: 'mounts',
    prepare: (machine) => {
      mkdirSync(machine.at('sys/crypto'), { recursive: true });
      execFileSync('sh', ['-c', 'echo 1 > "$0"', machine.at('sys/crypto/fips_enabled')]);
    },
    commit: (machine) => {
      execFileSync('mount', ['--bind', machine.at('sys'), '/proc/sys']);
    },
    reason: () => 'host.facts-covered host:platform',
    mend: () => {
      execFileSync('umount', ['-l', '/proc/sys']);
    },
  },
];
