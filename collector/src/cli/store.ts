import type { Io } from '@sealwatch/shared/cli/io.js';
import { Command } from 'commander';
import { storeBackupCommand } from './store-backup.js';
import { storeMigrateCommand } from './store-migrate.js';
import { storeVerifyCommand } from './store-verify.js';

export function storeCommand(io: Io): Command {
  return new Command('store')
    .description('Care for what the collector remembers')
    .addCommand(storeMigrateCommand(io))
    .addCommand(storeBackupCommand(io))
    .addCommand(storeVerifyCommand(io));
}
