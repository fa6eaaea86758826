import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { Command } from 'commander';
import { type StoreVerification, verifyStore } from '../store/sqlite/verify-store.js';
import { existingStoreFileIn, type StoreOptions, withStoreOptions } from './store-options.js';

export function storeVerifyCommand(io: Io): Command {
  return withStoreOptions(new Command('verify'))
    .description('Read the whole store: file structure, every digest, every chain')
    .addHelpText(
      'after',
      '\nExit status: 0 if it is whole, 1 if anything in it is wrong, 2 if it is too damaged to be opened or not there.\n' +
        '\nExample:\n  sealwatch-collector store verify --output json',
    )
    .action(({ stateDir, output }: StoreOptions) => {
      const file = existingStoreFileIn(stateDir, io);
      const verification = verifyStore(file);
      io.out.write(output === 'json' ? verificationJson(file, verification) : verificationText(file, verification));
      if (verification.problems.length > 0) throw new ExitStatus(EXIT.no);
    });
}

function verificationJson(file: string, { reports, seals, bodies, problems }: StoreVerification): string {
  return jsonText({
    schema: 'sealwatch/store-verify/v1',
    file,
    whole: problems.length === 0,
    reports: String(reports),
    seals: String(seals),
    bodies: String(bodies),
    problems,
  });
}

function verificationText(file: string, { reports, seals, bodies, problems }: StoreVerification): string {
  const read = `${String(reports)} reports, ${String(seals)} seals, ${String(bodies)} measurement bodies`;
  const said = problems.map((problem) => `  - ${printable(problem)}\n`).join('');
  return problems.length === 0 ? `${file}: whole (${read})\n` : `${file}: DAMAGED (${read})\n${said}`;
}
