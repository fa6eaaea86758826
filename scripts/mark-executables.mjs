// tsc does not set the executable bit on the programs that package.json calls `bin`.
import { chmodSync, existsSync } from 'node:fs';

for (const program of ['agent/dist/main.js', 'collector/dist/main.js', 'collector/dist/cli/main.js']) {
  if (existsSync(program)) chmodSync(program, 0o755);
}
