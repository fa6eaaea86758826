import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentBundle } from '../../fakes/agent-bundle.js';
import { Daemon } from '../../fakes/daemon.js';
import { TestCluster } from '../../fakes/test-cluster.js';
import { waitUntil } from '../../fakes/wait-until.js';

/** The service manager's end of the socket: prints each message in one line. Node has no such sockets. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(s.recv(4096).decode().replace("\\n", " | "), flush=True)
`;

let directory: string;
let cluster: TestCluster;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-notify-'));
  cluster = await TestCluster.create({ hosts: ['alpha'] });
});
afterAll(async () => {
  await cluster.dispose();
  rmSync(directory, { recursive: true });
});

it('an agent tells its service manager that it is ready, lives, how it is, and that it stops', async () => {
  const socket = join(directory, 'notify');
  const bundle = await agentBundle(directory);
  const manager = new Daemon(['python3', '-c', LISTENER, socket]);
  await waitUntil('the socket is there', () => manager.output.includes('listening'));
  const argv = [process.execPath, bundle, 'run', '--state-dir', cluster.agentState('alpha')];
  const agent = new Daemon([...argv, '--host-root', cluster.hostRoot('alpha')], {
    env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '9000000' },
  });
  const heard = (pattern: RegExp): Promise<unknown> =>
    waitUntil(`${String(pattern)} is heard`, () => pattern.test(manager.output), {
      timeoutMs: 30_000,
      explain: () => `${manager.output}\n${agent.output}`,
    });
  try {
    await heard(/^READY=1 \| STATUS=alpha: .* \| WATCHDOG=1$/m);
    await heard(/STATUS=alpha: connected to the collector; last scan (reported|sealed), findings: \d+ \| WATCHDOG=1$/m);
    expect(await agent.stop()).toBe(0);
    // systemd-notify itself adds barriers, to know when it was heard
    const messages = manager.output.split('\n').filter((line) => line !== '' && line !== 'BARRIER=1');
    expect(messages.at(-1)).toMatch(/^STOPPING=1 \| STATUS=stopping/);
  } finally {
    await agent.kill();
    await manager.kill();
  }
});
