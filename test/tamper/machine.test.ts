import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Aide } from './aide.js';
import { HONEST_ACTS } from './honest-acts.js';
import { Machine, SPARES } from './machine.js';
import { MEASURED } from './measured.js';
import type { Row } from './row.js';
import { AGENT_ROWS } from './rows/agent.js';
import { fileRows, MOUNT_ROWS } from './rows/files.js';
import { IMAGE_ROWS } from './rows/images.js';
import { MODULE_ROWS } from './rows/modules.js';
import { PROCESS_ROWS } from './rows/processes.js';
import { takeRow, withoutAlarm } from './take-row.js';
import { keepTaken, printTakenRows, printTimes } from './taken-rows.js';

const within =
  (name: string) =>
  (row: Row<Machine>): Row<Machine> => ({ ...row, directories: (place) => [place.at(name)] });

const ROWS: readonly Row<Machine>[] = [
  ...fileRows('tool').map(within('opt')),
  ...MOUNT_ROWS.map(within('opt')),
  ...PROCESS_ROWS.map(within('bin')),
  ...MODULE_ROWS.map(within('bin')),
  ...IMAGE_ROWS,
  ...AGENT_ROWS.map(within('lib')),
];
const isFound = ({ by }: Row<Machine>): boolean => by === 'scan';

/** No scan comes while a row waits that has to be noticed. */
const NO_SCAN = '1h';
const SCAN = '4s';
/** Evidence is too old after two intervals: a busy machine must not make that look like an alarm. */
const HONEST_SCAN = '15s';
/** Milliseconds; a busy machine is slow, and the next scan is an hour away all the same. */
const BOUND_MS = 60_000;
const QUIET_MS = MEASURED ? 2200 : 0;

let machine: Machine;

beforeAll(async () => {
  machine = await Machine.start(NO_SCAN);
});
afterAll(async () => {
  await machine.dispose();
});
printTakenRows();

const take = async (row: Row<Machine>): Promise<void> => {
  const directories = MEASURED ? row.directories?.(machine) : undefined;
  const beside = directories === undefined ? {} : { aide: new Aide(machine.directory, directories) };
  const taken = await takeRow(row, machine, { boundMs: BOUND_MS, quietMs: QUIET_MS, ...beside });
  keepTaken(taken);
  expect(taken.reason).toBe(row.reason(machine));
};

describe('what is noticed though the next scan is an hour away', () => {
  it.each(ROWS.filter((row) => !isFound(row)))('row $number: $act', take);

  it('rows 1 to 6, again and again', async () => {
    const times: number[] = [];
    for (const name of MEASURED ? SPARES : SPARES.slice(0, 1)) {
      const rows = fileRows(name).filter(({ number, by }) => by === 'event' && Number.parseInt(number) <= 6);
      for (const row of rows) {
        times.push((await takeRow(row, machine, { boundMs: BOUND_MS, quietMs: QUIET_MS })).verdictMs);
      }
    }
    if (MEASURED) printTimes('rows 1 to 6, from the act to the verdict', times);
    expect(times.length).toBeGreaterThan(0);
  });
});

describe('what the next scan finds', () => {
  beforeAll(async () => {
    await machine.cluster.redeploy({ 'policy.scanInterval': SCAN });
  });

  it.each(ROWS.filter(isFound))('row $number: $act', take);
});

describe('an honest act raises no alarm:', () => {
  beforeAll(async () => {
    await machine.cluster.redeploy({ 'policy.scanInterval': HONEST_SCAN });
    await machine.record.compliant(machine.host, BOUND_MS);
  });

  it.each(HONEST_ACTS)('$act', async ({ commit, warns, unknownBy, after }) => {
    const act = async (): Promise<void> => {
      await commit(machine);
      // looks at everything anew
      await machine.cluster.check();
    };
    const reasons = await withoutAlarm(machine, act, { settleMs: 1000, unknownBy });
    if (warns !== undefined) expect(reasons).toContain(warns);
    await after?.(machine);
  });
});
