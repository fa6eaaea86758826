import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';

/** Any error met while using the store, as one of ours: what SQLite calls it, what it means, what to do about it. */
export function storeError(error: unknown, file: string): CodedError {
  if (error instanceof CodedError) return error;
  const code = errnoOf(error) ?? '';
  const said = `${code}: ${reasonOf(error)}`;
  const options = { cause: error };
  // the shared-memory file is grown with fallocate, whose "no space" SQLite reports as an I/O error
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return new CodedError('store.full', `no room left to write ${file} (${said}); free space on its disk`, options);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new CodedError('store.corrupt', corruptionText(file, said), options);
  }
  if (/^E[A-Z]+$/.test(code)) {
    return new CodedError('store.unavailable', `${file} can't be used: ${reasonOf(error)}`, options);
  }
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|PERM|AUTH|NOMEM|INTERRUPT|PROTOCOL)/.test(code)) {
    return new CodedError('store.unavailable', `${file} can't be used (${said})`, options);
  }
  return new CodedError('internal', `the store ${file} failed (${said})`, options);
}

export function corruptionText(file: string, found: string): string {
  return (
    `${file} is damaged (${found}); stop the collector, move the file and its -wal and -shm away (keep them), and put ` +
    'the last backup (sealwatch-collector store backup) in its place'
  );
}
