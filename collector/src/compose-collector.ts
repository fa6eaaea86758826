import { systemClock, type Clock } from '@sealwatch/shared/runtime/clock.js';
import { type CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import { join } from 'node:path';
import { type Doors, openDoors } from './api/open-doors.js';
import { Challenges } from './compliance/challenges.js';
import { createCompliance } from './compliance/create-compliance.js';
import { loadBoard } from './compliance/load-board.js';
import { observeEnrollment } from './compliance/observe-enrollment.js';
import { OutsideWatch } from './compliance/outside-watch.js';
import { PostureBoard } from './compliance/posture-board.js';
import { ReleaseKeeper } from './compliance/release-keeper.js';
import type { CollectorConfig } from './config/collector-config.js';
import type { HostPort } from '@sealwatch/shared/runtime/host-port.js';
import { statusLine } from './service-manager/status-line.js';
import { StorePulse } from './service-manager/store-pulse.js';
import { importProvisioned } from './state/import-provisioned.js';
import { announceRelease, createAttestService } from './ingest/attest-service.js';
import { MeasurementCache } from './ingest/measurement-cache.js';
import { StreamRegistry } from './ingest/stream-registry.js';
import { keepInception } from './state/keep-inception.js';
import { type CollectorState, loadCollectorState } from './state/load-collector-state.js';
import { probeOutside } from './probing/probe-outside.js';
import { ServerCertificate } from './state/server-certificate.js';
import type { SqliteStoreOptions } from './store/sqlite/open-sqlite-store.js';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.js';
import type { Store } from './store/store.js';

/** A collector that serves. */
export interface Collector {
  /** Mutual TLS. */
  readonly address: HostPort;
  readonly enrollAddress: HostPort;
  /** Rejects if the store died under it; then only a new process helps. */
  readonly failed: Promise<never>;
  /** How it is, in one line. */
  status(): string;
  /** Milliseconds for which its store has owed an answer. */
  stillForMs(): number;
  /** Streams are ended, what was promised is on disk, then it resolves. */
  close(): Promise<void>;
}

export interface CollectorSurroundings {
  readonly log: Logger;
  readonly clock?: Clock;
  readonly threads?: SqliteStoreOptions['threads'];
  /** Where the service manager puts secrets (systemd.exec(5), LoadCredential=); null if it does not. */
  readonly credentialsDir?: string | null;
}

/** How often it is looked whether time alone changed a standing. */
const TICK_MS = 500;
const CERTIFICATE_CHECK_MS = 3_600_000;

/** The one place that knows every part and how they hold together. @throws CodedError */
export async function composeCollector(
  config: CollectorConfig,
  { log, clock = systemClock, threads = 'workers', credentialsDir = null }: CollectorSurroundings,
): Promise<Collector> {
  const state = await loadCollectorState(config.stateDir, { clock, credentialsDir });
  let onDeath: (reason: CodedError) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (onDeath = reject));
  // whoever waits for it hears of it; nobody has to
  failed.catch(() => undefined);
  const store = await openSqliteStore({ file: join(config.stateDir, 'sealwatch.db'), threads, onDeath });
  try {
    const pulse = new StorePulse({ store, clock });
    const serving = await serveFrom(store, { config, state, log, clock });
    return { ...serving, failed, stillForMs: () => pulse.stillForMs() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serveFrom(
  store: Store,
  deps: { config: CollectorConfig; state: CollectorState; log: Logger; clock: Clock },
): Promise<Omit<Collector, 'failed' | 'stillForMs'>> {
  const { config, state, log, clock } = deps;
  const { inception, root, authority } = state;
  await keepInception(inception, { store, clock });
  await importProvisioned(state.directory, { store, log });

  const registry = new StreamRegistry();
  const board = new PostureBoard({ inception, clock, store, log });
  const releases = new ReleaseKeeper({
    clusterKey: root.publicKey,
    inception,
    store,
    clock,
    onRelease: (release) => {
      board.setRelease(release);
      announceRelease(release.bundle, { registry });
    },
  });
  await releases.load();
  const trust = { clusterId: inception.inception.clusterId, issuing: authority.certificate };
  await loadBoard({ board, releases, store, trust, clock, log });

  const challenges = new Challenges({
    send: (host, challenge) => {
      const stream = registry.of(host);
      stream?.send({ kind: 'challenge', ...challenge });
      return stream !== undefined;
    },
    monotonic: () => clock.monotonic(),
  });
  const cache = new MeasurementCache();
  const attest = createAttestService({ store, board, releases, challenges, registry, cache, clock, log });
  const serverCertificate = new ServerCertificate({ state, store, clock, log });
  await serverCertificate.renewIfDue();
  const doors = await openDoors({
    listen: config.listen,
    enrollListen: config.enrollListen,
    identity: serverCertificate.identity,
    root: certificatePem(root.der),
    authority,
    enrollment: observeEnrollment(store, { board, endStreamsOf: (host) => attest.endStreamsOf(host) }),
    reports: store,
    releases,
    compliance: createCompliance({ board, challenges, clock }),
    attest,
    limits: config.limits,
    clock,
    log,
  });

  const outside = new OutsideWatch({ board, challenges, probe: probeOutside({ clock }), clock, log });
  const ticking = setInterval(() => {
    board.tick();
    outside.tick();
  }, TICK_MS);
  const renewing = setInterval(() => {
    void renew(serverCertificate, doors, log);
  }, CERTIFICATE_CHECK_MS);
  return {
    address: doors.address,
    enrollAddress: doors.enrollAddress,
    status: () => {
      const release = releases.current()?.release;
      return statusLine({
        verdict: board.verdict,
        releaseVersion: release?.version ?? 0,
        declared: release?.hosts.length ?? 0,
        connected: registry.size,
      });
    },
    close: async () => {
      clearInterval(ticking);
      clearInterval(renewing);
      await outside.stop();
      await doors.close();
      await board.settled();
      await store.close();
    },
  };
}

/** A certificate that still holds outlives a renewal that failed; it is tried again. */
async function renew(certificate: ServerCertificate, doors: Doors, log: Logger): Promise<void> {
  try {
    if (await certificate.renewIfDue()) doors.setIdentity(certificate.identity);
  } catch (err) {
    log.error({ err, code: isCoded(err) ? err.code : 'internal' }, 'server certificate not renewed');
  }
}
