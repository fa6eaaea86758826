import type { Store } from '../store.js';
import type { Lane } from './lane.js';
import type { ReadOperations, WriteOperations } from './operations.js';

/** The port over two lanes: what changes the store goes one way, what asks it the other. */
export function storeOver(lanes: { writer: Lane; reader: Lane }): Store {
  const { writer, reader } = lanes;
  const write =
    <K extends keyof WriteOperations>(method: K) =>
    (...args: Parameters<WriteOperations[K]>) =>
      writer.call(method, args) as Promise<ReturnType<WriteOperations[K]>>;
  const read =
    <K extends keyof ReadOperations>(method: K) =>
    (...args: Parameters<ReadOperations[K]>) =>
      reader.call(method, args) as Promise<ReturnType<ReadOperations[K]>>;
  return {
    addToken: write('addToken'),
    token: read('token'),
    enroll: write('enroll'),
    renew: write('renew'),
    recordCertificates: write('recordCertificates'),
    certificateByKeyid: read('certificateByKeyid'),
    certificatesOf: read('certificatesOf'),
    revokeHost: write('revokeHost'),
    hosts: read('hosts'),
    recordInception: write('recordInception'),
    inception: read('inception'),
    putManifest: write('putManifest'),
    manifest: read('manifest'),
    recordRelease: write('recordRelease'),
    currentRelease: read('currentRelease'),
    release: read('release'),
    recordReport: write('recordReport'),
    recordSeal: write('recordSeal'),
    recordAlarm: write('recordAlarm'),
    recordVerdictChange: write('recordVerdictChange'),
    head: read('head'),
    digestAt: read('digestAt'),
    report: read('report'),
    bodies: read('bodies'),
    authorities: read('authorities'),
    history: read('history'),
    subjectHistory: read('subjectHistory'),
    hostStates: read('hostStates'),
    highWater: read('highWater'),
    pulse: async () => {
      await Promise.all([write('pulse')(), read('pulse')()]);
    },
    close: async () => {
      // the writer last: the connection that goes last folds the write-ahead log into the file
      await reader.close();
      await writer.close();
    },
  };
}
