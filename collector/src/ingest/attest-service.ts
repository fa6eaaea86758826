import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import { AlarmBook } from './alarm-book.js';
import type { AttestService } from './attest-peer.js';
import { AttestStream } from './attest-stream.js';
import type { IngestDependencies } from './ingest-dependencies.js';

/** All Attest streams, seen from the transport. */
export function createAttestService(deps: IngestDependencies): AttestService {
  const open = new Map<string, Set<AttestStream>>();
  const alarms = new AlarmBook(deps);
  return {
    open: (peer) => {
      const stream = new AttestStream(peer, { ...deps, alarms });
      const streams = open.get(peer.host) ?? new Set<AttestStream>();
      open.set(peer.host, streams.add(stream));
      return {
        receive: (message) => stream.receive(message),
        closed: () => {
          streams.delete(stream);
          if (streams.size === 0) open.delete(peer.host);
          stream.closed();
        },
      };
    },
    endStreamsOf: (host) => {
      const streams = [...(open.get(host) ?? [])];
      for (const stream of streams) stream.revoke();
      return streams.length > 0;
    },
  };
}

/** Tells every connected agent about a release. */
export function announceRelease(bundle: ReleaseBundle, { registry }: Pick<IngestDependencies, 'registry'>): void {
  for (const stream of registry.all()) stream.send({ kind: 'update', bundle });
}
