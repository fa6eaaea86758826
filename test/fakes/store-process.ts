import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportRecord } from '@sealwatch/collector/store/report-store.js';
import { Daemon } from './daemon.js';

/** Another process that has the store open and writes these reports; needs the built programs. */
export function storeProcess(file: string, reports: readonly ReportRecord[] = []): Daemon {
  const records = `${file}.records.json`;
  const rows = reports.map(({ host, head, envelope }) => [
    host,
    head.epoch,
    head.sequence,
    head.digest,
    envelope.payload.toString('base64'),
  ]);
  writeFileSync(records, JSON.stringify(rows));
  return new Daemon([process.execPath, join(import.meta.dirname, 'store-writer.mjs'), file, records]);
}
