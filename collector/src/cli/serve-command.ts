import type { Io } from '@sealwatch/shared/cli/io.js';
import { aborted } from '@sealwatch/shared/runtime/aborted.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { writesToJournal } from '@sealwatch/shared/runtime/journal.js';
import { createLogger, LOG_LEVELS } from '@sealwatch/shared/runtime/log.js';
import { serviceManager } from '@sealwatch/shared/service-manager/service-manager.js';
import { ServiceNotifier } from '@sealwatch/shared/service-manager/service-notifier.js';
import { Command, Option } from 'commander';
import { join } from 'node:path';
import { composeCollector } from '../compose-collector.js';
import type { CollectorFlags } from '../config/collector-config.js';
import { formatHostPort } from '@sealwatch/shared/runtime/host-port.js';
import { loadCollectorConfig } from '../config/load-collector-config.js';
import { announceReady, withdrawReady } from './ready-file.js';

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('Take in reports, judge them and answer operators, until stopped')
    .option('--state-dir <dir>', 'where the collector keeps its state', '/var/lib/sealwatch-collector')
    .option('--config <file>', 'settings (default: collector.yaml in the state directory, or in /etc/sealwatch)')
    .option('--listen <host:port>', 'for hosts and operators, mutual TLS')
    .option('--enroll-listen <host:port>', 'for hosts that enrol')
    .addOption(new Option('--log-level <level>', 'least level to log').choices(LOG_LEVELS))
    .addHelpText(
      'after',
      '\nExample:\n  sealwatch-collector serve --state-dir /var/lib/sealwatch-collector --listen 0.0.0.0:7443\n\n' +
        'When both ports are open it logs "collector ready" and writes ready.json into the state directory;\n' +
        'grpc.health.v1 answers on both. SIGTERM stops it cleanly.',
    )
    .action((flags: CollectorFlags) => serve(flags, io));
}

async function serve(flags: CollectorFlags, io: Io): Promise<void> {
  const config = await loadCollectorConfig(flags, io);
  const log = createLogger({
    program: 'sealwatch-collector',
    level: config.logLevel,
    toJournal: writesToJournal(io.env),
  });
  const collector = await composeCollector(config, {
    log,
    credentialsDir: io.env['CREDENTIALS_DIRECTORY'] ?? null,
  });
  const notifier = new ServiceNotifier({
    manager: serviceManager(io.env),
    stillForMs: () => collector.stillForMs(),
    status: () => collector.status(),
    farewell: 'stopping: committing what was promised',
    clock: systemClock,
    log,
  });
  const readyFile = join(config.stateDir, 'ready.json');
  try {
    const addresses = {
      address: formatHostPort(collector.address),
      enrollAddress: formatHostPort(collector.enrollAddress),
    };
    log.info(addresses, 'collector ready');
    await announceReady(readyFile, addresses);
    notifier.start();
    await Promise.race([aborted(io.signal), collector.failed]);
    log.info('collector stopping');
  } finally {
    const said = notifier.stop();
    await withdrawReady(readyFile);
    await collector.close();
    await said;
  }
}
