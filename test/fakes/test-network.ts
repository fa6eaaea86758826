import { mustRun, runCommand } from './run-command.js';

/** Where the programs of a test cluster run: each in its own network namespace on one bridge, or all on loopback. */
export interface TestNetwork {
  /** Address others dial to reach `name`. */
  address(name: string): string;
  /** Puts a command line into the place of `name`. */
  within(name: string, argv: readonly string[]): string[];
  dispose(): Promise<void>;
}

export const loopback: TestNetwork = {
  address: () => '127.0.0.1',
  within: (_, argv) => [...argv],
  dispose: () => Promise.resolve(),
};

/** Needs root. Names are short and random, and everything goes away with `dispose`. */
export async function namespaces(names: readonly string[]): Promise<TestNetwork> {
  const id = Math.random().toString(36).slice(2, 6);
  const subnet = 16 + Math.floor(Math.random() * 200);
  const bridge = `swbr${id}`;
  const places = new Map(
    names.map((name, index) => [
      name,
      { namespace: `sw${id}${String(index)}`, address: `10.77.${String(subnet)}.${String(index + 1)}` },
    ]),
  );
  const place = (name: string): { namespace: string; address: string } => {
    const found = places.get(name);
    if (found === undefined) throw new Error(`${name} has no namespace`);
    return found;
  };
  const dispose = async (): Promise<void> => {
    for (const { namespace } of places.values()) await runCommand(['ip', 'netns', 'del', namespace]);
    await runCommand(['ip', 'link', 'del', bridge]);
  };
  try {
    await mustRun(['ip', 'link', 'add', bridge, 'type', 'bridge']);
    await mustRun(['ip', 'link', 'set', bridge, 'up']);
    let index = 0;
    for (const { namespace, address } of places.values()) {
      const [outside, inside] = [`swo${id}${String(index)}`, `swi${id}${String(index)}`];
      index += 1;
      await mustRun(['ip', 'netns', 'add', namespace]);
      await mustRun(['ip', 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace]);
      await mustRun(['ip', 'link', 'set', outside, 'master', bridge, 'up']);
      await mustRun(['ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', inside]);
      await mustRun(['ip', '-n', namespace, 'link', 'set', inside, 'up']);
      await mustRun(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    address: (name) => place(name).address,
    within: (name, argv) => ['ip', 'netns', 'exec', place(name).namespace, ...argv],
    dispose,
  };
}
