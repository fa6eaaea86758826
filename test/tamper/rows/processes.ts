import { pokeMemory, textOf } from '../../fakes/poke-memory.js';
import type { Machine } from '../machine.js';
import type { Row } from '../row.js';

const SERVER = 'process:server';

const restart = async (machine: Machine): Promise<void> => {
  machine.restore('server');
  await machine.restartServer();
};

/** Rows 11 to 15: what runs, whatever is on disk. */
export const PROCESS_ROWS: readonly Row<Machine>[] = [
  {
    number: '11',
    act: 'replace it on disk by something unsigned while the old one runs',
    by: 'event',
    commit: (machine) => {
      machine.replace('server', machine.altered('server'));
    },
    reason: () => `process.running-replaced ${SERVER}`,
    mend: (machine) => {
      machine.restore('server');
    },
  },
  {
    number: '12',
    act: 'run a changed copy, then put the good file back',
    by: 'scan',
    commit: async (machine) => {
      machine.replace('server', machine.altered('server'));
      await machine.restartServer();
      machine.restore('server');
    },
    reason: () => `process.digest-mismatch ${SERVER}`,
    mend: restart,
  },
  {
    number: '13',
    act: 'change one byte of code in a running process',
    by: 'scan',
    commit: ({ server: { pid } }) => {
      pokeMemory(pid, textOf(pid, '/server').start + 0x123n);
    },
    reason: () => `process.text-modified ${SERVER}`,
    mend: restart,
  },
  {
    number: '14a',
    act: 'preload a library into a process of the component',
    by: 'scan',
    commit: (machine) => machine.startOther([machine.path('dynamic')], { LD_PRELOAD: machine.victims.at('one.so') }),
    reason: () => 'process.library-foreign process:dynamic',
    mend: (machine) => machine.endOthers(),
  },
  {
    number: '14b',
    act: 'map an unlisted file to execute it',
    by: 'scan',
    commit: (machine) => machine.restartServer({}, 'map', machine.victims.at('two.so')),
    reason: () => `process.library-foreign ${SERVER}`,
    mend: restart,
  },
  {
    number: '14c',
    act: 'executable memory without a file',
    by: 'scan',
    commit: (machine) => machine.restartServer({}, 'anonymous'),
    reason: () => `process.anonymous-code ${SERVER}`,
    mend: restart,
  },
  ...(
    [
      ['15a', 'GODEBUG', 'fips140=off'],
      ['15b', 'GOFIPS', '0'],
      ['15c', 'LD_LIBRARY_PATH', '/tmp'],
      ['15d', 'OPENSSL_CONF', '/tmp/openssl.cnf'],
    ] as const
  ).map(([number, variable, value]): Row<Machine> => ({
    number,
    act: `start it with ${variable}=${value}`,
    by: 'scan',
    commit: (machine) => machine.restartServer({ [variable]: value }),
    reason: () => `process.environment ${SERVER}`,
    mend: restart,
  })),
];
