import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import type { Command } from 'commander';
import { type OutputOptions, withOutputOption } from './output-option.js';

export interface StoreOptions extends OutputOptions {
  readonly stateDir: string;
}

/** What every `store` verb takes. */
export function withStoreOptions(command: Command): Command {
  return withOutputOption(
    command.option('--state-dir <dir>', 'where the collector keeps its state', '/var/lib/sealwatch-collector'),
  );
}

/** Absolute. */
export function storeFileIn(stateDir: string, io: Io): string {
  return resolve(io.cwd, stateDir, 'sealwatch.db');
}
