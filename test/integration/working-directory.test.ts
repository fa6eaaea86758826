import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { builtPrograms } from '../fakes/built-programs.js';
import { runCommand } from '../fakes/run-command.js';

beforeAll(builtPrograms);

it.each(['collector/bin/sealwatch.js', 'collector/bin/sealwatch-collector.js', 'agent/bin/sealwatch-agent.js'])(
  '%s says in one line that the directory it is run in is gone, and exits 2',
  async (program) => {
    const gone = mkdtempSync(join(tmpdir(), 'sealwatch-gone-'));
    const script = 'rmdir "$PWD" && exec "$0" "$1" --version';
    const file = join(import.meta.dirname, '../..', program);
    const { status, stdout, stderr } = await runCommand(['bash', '-c', script, process.execPath, file], { cwd: gone });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'the current directory does not exist any more: cd to one that does\n',
    });
  },
);
