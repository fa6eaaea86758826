import type { Io } from '@sealwatch/shared/cli/io.js';
import { Command } from 'commander';
import { storeBackupCommand } from './store-backup-command.js';
import { storeMigrateCommand } from './store-migrate-command.js';
import { storeVerifyCommand } from './store-verify-command.js';

export function storeCommand(io: Io): Command {
  return new Command('store')
    .description('Care for what the collector remembers')
    .addCommand(storeMigrateCommand(io))
    .addCommand(storeBackupCommand(io))
    .addCommand(storeVerifyCommand(io));
}
