import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The command line that starts `sealwatch-collector`: the one of this installation, else the one in PATH.
 * @throws CodedError('usage.invalid')
 */
export function collectorProgram(io: Io): string[] {
  const own = fileURLToPath(new URL('../../../bin/sealwatch-collector.js', import.meta.url));
  return existsSync(own) ? [process.execPath, own] : inPath(io, 'sealwatch-collector');
}

/** The same for `sealwatch-agent`, which need not be installed where an operator works. @throws CodedError('usage.invalid') */
export function agentProgram(io: Io): string[] {
  try {
    return [process.execPath, createRequire(import.meta.url).resolve('@sealwatch/agent/main.js')];
  } catch {
    return inPath(io, 'sealwatch-agent');
  }
}

function inPath(io: Io, program: string): string[] {
  for (const directory of (io.env['PATH'] ?? '').split(delimiter)) {
    const file = join(directory, program);
    if (directory !== '' && isExecutable(file)) return [file];
  }
  const missing = `${program} is not installed here: not beside this program and not in PATH`;
  throw new CodedError('usage.invalid', `${missing}; the package ${program} has it`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
