import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command } from 'commander';
import { backupStore } from '../store/sqlite/backup-store.js';
import { existingStoreFileIn, type StoreOptions, withStoreOptions } from './store-options.js';

export function storeBackupCommand(io: Io): Command {
  return withStoreOptions(new Command('backup'))
    .description('Copy the store to a new file, while the collector runs or not')
    .requiredOption('--out <file>', 'file to make; an existing one is left alone')
    .addHelpText(
      'after',
      '\nExample:\n  sealwatch-collector store backup --out /var/lib/sealwatch-collector/backups/monday.db' +
        '\n\nTo restore: stop the collector, move sealwatch.db, sealwatch.db-wal and sealwatch.db-shm away, copy the\n' +
        'backup to sealwatch.db and start the collector.',
    )
    .action(async ({ stateDir, output, out }: StoreOptions & { out: string }) => {
      const file = existingStoreFileIn(stateDir, io);
      const copy = resolve(io.cwd, out);
      const bytes = await backupStore(file, copy);
      if (output === 'json') {
        io.out.write(jsonText({ schema: 'sealwatch/store-backup/v1', file, out: copy, bytes: String(bytes) }));
      } else io.out.write(`${copy}: ${String(bytes)} bytes, checked\n`);
    });
}
