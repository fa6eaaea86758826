import type { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { rememberCertificates } from '../remember-certificates.js';
import type { Store } from '../store.js';
import { type ConnectionRole, openServingConnection } from './connection-role.js';
import { InlineLane } from './inline-lane.js';
import type { Lane } from './lane.js';
import { storeOver } from './store-over.js';
import { WorkerLane } from './worker-lane.js';

export interface SqliteStoreOptions {
  readonly file: string;
  /** `workers`: a thread that writes and one that reads, for the collector. `inline`: on this thread, for short runs. */
  readonly threads: 'workers' | 'inline';
  /** The worker's entry, where it is not beside this file. */
  readonly workerScript?: URL;
  /** Told once if a thread dies: nothing can be stored or read any more, and only a new process helps. */
  readonly onDeath?: (reason: CodedError) => void;
}

/**
 * Opens the store, makes or migrates it, and keeps every other process from writing it until `close`.
 * @throws CodedError('store.unavailable' | 'store.corrupt' | 'store.full')
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, threads, workerScript = new URL('./store-worker.js', import.meta.url), onDeath } = options;
  const open = async (role: ConnectionRole): Promise<Lane> =>
    threads === 'workers'
      ? WorkerLane.open(workerScript, { role, file }, onDeath)
      : new InlineLane(openServingConnection(role, file));
  // the writer first: it makes the file that the reader opens
  const writer = await open('write');
  try {
    return rememberCertificates(storeOver({ writer, reader: await open('read') }));
  } catch (error) {
    await writer.close();
    throw error;
  }
}
