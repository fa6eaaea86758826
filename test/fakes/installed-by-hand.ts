import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostTree } from './host-tree.js';

const SYSTEMD = join(import.meta.dirname, '..', '..', 'systemd');
const HOME = '/usr/libexec/sealwatch-agent';

const LAUNCHER = `#!/bin/sh
exec ${HOME}/node --expose-gc --max-semi-space-size=1 --optimize-for-size --v8-pool-size=1 \\
  --no-opt --no-sparkplug --no-maglev ${HOME}/sealwatch-agent.cjs "$@"
`;

/** The agent, its units and a Node, where a package puts them. */
export function installAgentByHand(tree: HostTree, bundle: string): void {
  const units = tree.at('/usr/lib/systemd/system');
  mkdirSync(units, { recursive: true });
  for (const name of ['sealwatch-agent.service', 'sealwatch-agent.service.d', 'sealwatch-agent-enroll.service']) {
    cpSync(join(SYSTEMD, name), join(units, name), { recursive: true });
  }
  tree.directory(HOME).write('/usr/bin/sealwatch-agent', LAUNCHER);
  copyFileSync(bundle, tree.at(`${HOME}/sealwatch-agent.cjs`));
  copyFileSync(process.execPath, tree.at(`${HOME}/node`));
}
