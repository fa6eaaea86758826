import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { serviceManager } from '@sealwatch/shared/service-manager/service-manager.js';
import { ServiceNotifier } from '@sealwatch/shared/service-manager/service-notifier.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { Agent } from './agent.js';
import { Budget } from './budget/budget.js';
import { giveBackMemory } from './budget/give-back-memory.js';
import type { HostStatement } from './chain/host-statement.js';
import { ReportChain } from './chain/report-chain.js';
import type { AgentConfig } from './config/agent-config.js';
import { Cycle } from './cycle/cycle.js';
import { RecheckQueue } from './cycle/recheck-queue.js';
import { ScanScheduler } from './cycle/scan-scheduler.js';
import { Delivery } from './delivery/delivery.js';
import type { Announcement } from './delivery/delivery-session.js';
import { grpcAttestStream } from './delivery/grpc-attest-stream.js';
import { grpcEnrollmentClient } from './enrollment/enrollment-client.js';
import { HostIdentity } from './enrollment/host-identity.js';
import { CertificateRenewal } from './enrollment/renewal.js';
import { requireHostRoot } from './measure/host/require-host-root.js';
import { connectContainerd } from './measure/image/connect-containerd.js';
import { ImageSurvey } from './measure/image/image-survey.js';
import { ServiceSurvey } from './measure/service/service-survey.js';
import { openStandardModeMemory } from './measure/host/standard-mode-memory.js';
import { FileOutbox } from './outbox/file-outbox.js';
import { readRejections } from './outbox/rejected-files.js';
import { CycleProgress } from './service-manager/cycle-progress.js';
import { statusLine } from './service-manager/status-line.js';
import { testCrypto } from './self/crypto-self-test.js';
import { describeSelf } from './self/describe-self.js';
import { chainPem, keyPem } from './state/certified-key.js';
import { openStateDir } from './state/open-state-dir.js';
import { ReleaseStore } from './state/release-store.js';
import type { StateLock } from './state/state-lock.js';
import { type StatePaths, statePaths } from './state/state-paths.js';
import { loadTrustAnchors } from './state/trust-anchors.js';
import { Watches } from './watch/watches.js';

/** What an agent announces before it has a release to say otherwise. */
const WITHOUT_RELEASE: Announcement = { heartbeatIntervalMs: 30_000, scanIntervalMs: 900_000, releaseVersion: 0 };

/**
 * The one place that knows every part of the agent. Everything that must not be wrong is looked at here, before
 * anything runs.
 * @throws CodedError('host.not-enrolled' | 'chain.lost' | 'store.unavailable' | 'file.*' | 'key.invalid' | 'certificate.malformed' | …)
 */
export async function composeAgent(config: AgentConfig, log: Logger): Promise<Agent> {
  await requireHostRoot(config.hostRoot, '--host-root / (with sealwatch up: --agent-root /)');
  const paths = statePaths(config.stateDir);
  const lock = await openStateDir(paths);
  try {
    return await compose(config, paths, lock, log);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function compose(config: AgentConfig, paths: StatePaths, lock: StateLock, log: Logger): Promise<Agent> {
  testCrypto();
  const clock = systemClock;
  const trust = await loadTrustAnchors(paths);
  const { enrollment, inception, rootPem: root } = trust;
  const { host, clusterId, epoch } = enrollment;
  const identity = await HostIdentity.load(paths);
  const releases = new ReleaseStore({ directory: paths.release, trust });
  await loadStoredRelease(releases, log);
  const outbox = await FileOutbox.open({ ...paths, bounds: config.outbox, clock, log });
  const protos = loadProtos();
  const origin: HostStatement = {
    clusterId,
    host,
    epoch,
    inception: inception.digest,
    previousHead: enrollment.previousHead?.digest ?? null,
    bootId: (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
    instance: randomBytes(16).toString('hex'),
    hostRoot: config.hostRoot,
    self: await describeSelf(),
  };
  const chain = new ReportChain({ outbox, origin, signer: () => identity.signer, log });
  const { mode } = inception.inception;
  const standardMemory = await openStandardModeMemory(config.stateDir, { digest: inception.digest, mode });
  const survey = new ServiceSurvey({ clock });
  const containerd = connectContainerd(config.hostRoot, config.containerdSocket);
  const imageSurvey = new ImageSurvey({ clock, containerd });
  const progress = new CycleProgress({ clock });
  const budget = new Budget({ limits: config.budget, clock });
  const cycle = new Cycle({
    host,
    inception,
    releases,
    hostRoot: config.hostRoot,
    survey,
    imageSurvey,
    standardMemory,
    chain,
    progress,
    budget,
    clock,
  });
  /** Undefined without a release that declares this host: there is nothing to measure it against. */
  const policy = (): Policy | undefined => {
    const release = releases.current()?.release;
    return release?.hosts.some(({ name }) => name === host) === true ? release.policy : undefined;
  };
  const scheduler = new ScanScheduler({
    host,
    scan: async (request) => {
      await cycle.run(request);
      rechecks.ready();
      await watches.follow();
      giveBackMemory();
    },
    intervalMs: () => policy()?.scanIntervalMs,
    clock,
    log,
  });
  const rechecks = new RecheckQueue({
    recheck: (request) => cycle.recheck(request),
    rescan: () => {
      scheduler.rescanSoon();
    },
    clock,
    log,
  });
  const watches = new Watches({
    host,
    hostRoot: config.hostRoot,
    containerd,
    imageSurvey,
    survey,
    reference: () => cycle.reference(),
    onDisturbed: (disturbance) => {
      rechecks.disturbed(disturbance);
    },
    clock,
    log,
  });
  const announce = (): Announcement => {
    const { heartbeatIntervalMs, scanIntervalMs } = policy() ?? WITHOUT_RELEASE;
    return { heartbeatIntervalMs, scanIntervalMs, releaseVersion: releases.current()?.release.version ?? 0 };
  };
  const delivery = new Delivery({
    open: grpcAttestStream({
      protos,
      address: enrollment.address,
      trust: () => ({
        root,
        clusterId,
        identity: { key: keyPem(identity.tls), chain: chainPem(identity.tls) },
      }),
    }),
    outbox,
    epoch,
    instance: origin.instance,
    announce,
    nextScanInMs: () => (policy() === undefined ? 0 : scheduler.nextScanInMs()),
    onChallenge: (challenge) => {
      scheduler.challenge(challenge);
    },
    onUpdate: async (bundle) => {
      const before = announce();
      try {
        if (!(await releases.accept(bundle))) return;
      } catch (err) {
        log.error({ code: isCoded(err) ? err.code : 'internal', err }, 'Release refused');
        return;
      }
      const now = announce();
      log.info({ release: now.releaseVersion, declared: policy() !== undefined }, 'Release in force');
      await watches.follow();
      scheduler.rescan();
      const intervalsChanged =
        before.heartbeatIntervalMs !== now.heartbeatIntervalMs || before.scanIntervalMs !== now.scanIntervalMs;
      if (intervalsChanged) delivery.reconnect();
    },
    onRejected: (ref, { code, message }) => {
      log.error({ code, sequence: ref.sequence, kind: ref.kind, err: message }, 'Rejected by the collector');
      // a seal is refused so when the report it seals is not held over there
      if (ref.kind === 'report' || code === 'report.rejected') chain.reportRejected(ref);
    },
    onForgotten: (head) => {
      log.warn({ sequence: head.sequence }, 'The collector has lost our newest report; reporting anew');
      chain.reportRejected(head);
      scheduler.rescan();
    },
    clock,
    log,
  });
  const renewal = new CertificateRenewal({
    trust,
    identity,
    client: grpcEnrollmentClient({ protos, enrollAddress: enrollment.enrollAddress, root, clusterId }),
    onRenewed: () => {
      delivery.reconnect();
    },
    clock,
    log,
  });
  log.info({ host, epoch, sequence: outbox.head()?.sequence ?? 0, ...announce() }, 'Agent started');
  const notifier = new ServiceNotifier({
    manager: serviceManager(process.env),
    stillForMs: () => progress.stillForMs(),
    status: () =>
      statusLine({
        host,
        connected: delivery.connected,
        waiting: outbox.waiting().length,
        lastCycle: cycle.last() ?? null,
      }),
    farewell: 'stopping: signing and delivering what is left',
    clock,
    log,
  });
  return new Agent({
    notifier,
    lock,
    outbox,
    chain,
    cycle,
    scheduler,
    rechecks,
    watches,
    containerd,
    delivery,
    renewal,
    budget,
    scanIntervalMs: () => policy()?.scanIntervalMs,
    rejections: () => readRejections(paths.rejected),
    statusFile: paths.status,
    clock,
    log,
  });
}

/** Without it the collector sends the release in force again; a rollback on disk is refused like one on the wire. */
async function loadStoredRelease(releases: ReleaseStore, log: Logger): Promise<void> {
  try {
    await releases.load();
  } catch (error) {
    if (!isCoded(error) || error.code === 'file.too-permissive') throw error;
    log.error({ code: error.code, err: error }, 'The stored release is not used');
  }
}
