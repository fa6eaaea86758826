import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { WriteOperations } from './operations.js';
import type { WriteTools } from './report-writes.js';
import { encodeEnvelope } from './stored-envelope.js';

/** Alarms and changes of a verdict: said once, kept for ever. */
export function eventWrites(tools: WriteTools): Pick<WriteOperations, 'recordAlarm' | 'recordVerdictChange'> {
  const { db, hosts, logEvent, raiseHighWater } = tools;
  const addAlarm = db.prepare<[number, number, string, string, Buffer | null]>(
    'INSERT INTO alarms (host, at, code, message, envelope) VALUES (?, ?, ?, ?, ?)',
  );
  const addChange = db.prepare<[number, number, string, string, string]>(
    'INSERT INTO verdict_changes (host, at, verdict, previous, reasons) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    recordAlarm(alarm) {
      const host = hosts.number(alarm.host);
      const at = wallTime(alarm.at);
      const envelope = alarm.envelope === null ? null : encodeEnvelope(alarm.envelope);
      const { lastInsertRowid } = addAlarm.run(host, at, alarm.code, alarm.message, envelope);
      logEvent({ host, at, kind: 'alarm', epoch: 0, sequence: 0, ref: Number(lastInsertRowid) });
      raiseHighWater(alarm.at);
    },
    recordVerdictChange(change) {
      const host = hosts.number(change.host);
      const at = wallTime(change.at);
      const reasons = JSON.stringify(change.reasons);
      const { lastInsertRowid } = addChange.run(host, at, change.verdict, change.previous, reasons);
      logEvent({ host, at, kind: 'verdict', epoch: 0, sequence: 0, ref: Number(lastInsertRowid) });
      raiseHighWater(change.at);
    },
  };
}
