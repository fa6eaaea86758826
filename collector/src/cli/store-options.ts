import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
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

/**
 * Absolute, of a store that is there: a mistyped directory is no damaged store.
 * @throws CodedError('config.missing')
 */
export function existingStoreFileIn(stateDir: string, io: Io): string {
  const file = storeFileIn(stateDir, io);
  if (existsSync(file)) return file;
  throw new CodedError(
    'config.missing',
    `there is no store ${file}; name the collector's directory with --state-dir DIR`,
  );
}

/** Absolute. */
export function storeFileIn(stateDir: string, io: Io): string {
  return resolve(io.cwd, stateDir, 'sealwatch.db');
}
