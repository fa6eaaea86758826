import type { Io } from '@sealwatch/shared/cli/io.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command } from 'commander';
import { migrateStore } from '../store/sqlite/migrate-store.js';
import { storeFileIn, type StoreOptions, withStoreOptions } from './store-options.js';

export function storeMigrateCommand(io: Io): Command {
  return withStoreOptions(new Command('migrate'))
    .description('Make the store, or bring it to the schema of this program; serve does the same at its start')
    .addHelpText('after', '\nExample:\n  sealwatch-collector store migrate')
    .action(({ stateDir, output }: StoreOptions) => {
      const file = storeFileIn(stateDir, io);
      const { from, to } = migrateStore(file);
      if (output === 'json') io.out.write(jsonText({ schema: 'sealwatch/store-migrate/v1', file, from, to }));
      else io.out.write(`${file}: ${from === to ? `schema ${String(to)} already` : outcome(from, to)}\n`);
    });
}

function outcome(from: number, to: number): string {
  return from === 0 ? `made with schema ${String(to)}` : `schema ${String(from)} -> ${String(to)}`;
}
