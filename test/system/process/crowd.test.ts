import { findProcesses } from '@sealwatch/agent/measure/process/find-processes.js';
import { newCycleMemory } from '@sealwatch/agent/measure/process/cycle-memory.js';
import { measureProcess } from '@sealwatch/agent/measure/process/measure-process.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deviations } from '../../fakes/measured-process.js';
import { SmallProcfs } from '../../fakes/small-procfs.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';
import { waitUntil } from '../../fakes/wait-until.js';

const victims = new VictimPrograms();
const procfs = new SmallProcfs();
beforeAll(() => victims.build());
afterAll(async () => {
  procfs.remove();
  await victims.dispose();
});

it('five hundred processes of a component are all found and measured', async () => {
  const { pid, output } = await victims.start([victims.at('victim'), 'many', '499']);
  const children = await waitUntil('all have started', () => {
    const found = [...output.matchAll(/^child (\d+)$/gm)].map(([, child]) => Number(child));
    return found.length === 499 ? found : undefined;
  });
  for (const child of children) victims.adopt(child);
  procfs.add(pid, ...children);

  const started = performance.now();
  const wanted = [{ component: 'victim', executables: [victims.at('victim')], units: [] }];
  const { found, blind } = await findProcesses({ procRoot: procfs.root, hostRoot: '/', wanted });
  const searched = performance.now();
  expect(blind).toEqual([]);
  expect(found.map(({ process }) => process.pid)).toEqual([pid, ...children].sort((a, b) => a - b));

  const memory = newCycleMemory();
  let bytes = 0;
  for (const { process } of found) {
    const onBytes = (count: number): void => void (bytes += count);
    const observation = await measureProcess({ process, procRoot: procfs.root, hostRoot: '/', memory, onBytes });
    if (observation.state !== 'running') throw new Error(JSON.stringify(observation));
    expect(deviations(observation.facts)).toEqual([]);
  }
  const ended = performance.now();
  console.log(
    `500 processes found in ${(searched - started).toFixed(0)} ms, ` +
      `measured in ${(ended - searched).toFixed(0)} ms, ${(bytes / 2 ** 20).toFixed(0)} MiB read`,
  );
});
