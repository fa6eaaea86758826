import type { FileName, Machine } from '../machine.js';
import type { Row } from '../row.js';

const replaced = (number: string, act: string, name: FileName): Row<Machine> => ({
  number,
  act,
  by: 'event',
  commit: (machine) => {
    machine.replace(name, machine.altered(name));
  },
  reason: (machine) => `file.digest-mismatch ${machine.subject(name)}`,
  mend: (machine) => {
    machine.restore(name);
  },
});

/** Row 33: the agent is a component like any other. */
export const AGENT_ROWS: readonly Row<Machine>[] = [
  replaced('33a', "replace the agent's Node runtime", 'sealwatch-agent'),
  replaced('33b', "replace the agent's program", 'sealwatch-agent-program'),
];
