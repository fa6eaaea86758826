import type { LiveStream, StreamRegistry } from './stream-registry.js';

/** How long a second agent waits for a sign of life of the first, in heartbeats. */
const PATIENCE_IN_HEARTBEATS = 1.5;
const MAX_PATIENCE_MS = 60_000;

/**
 * Who may be the host's live stream. A second stream of the same agent instance replaces the first (the first is a
 * half-open leftover). One of another instance waits: if the first gives a sign of life in time, two agents run under
 * one identity and the newcomer is refused; if it stays silent, it is gone. Neither sets the time alone: a newcomer that
 * announced a short one would push the first out before it can speak.
 */
export async function claimStream(newcomer: LiveStream, registry: StreamRegistry): Promise<'live' | 'refused'> {
  const first = registry.of(newcomer.host);
  if (first !== undefined && first.instance !== newcomer.instance) {
    const heartbeatMs = Math.max(first.heartbeatIntervalMs, newcomer.heartbeatIntervalMs);
    const alive = await signOfLife(first, registry, Math.min(MAX_PATIENCE_MS, PATIENCE_IN_HEARTBEATS * heartbeatMs));
    if (alive) return 'refused';
  }
  const leftover = registry.of(newcomer.host);
  registry.add(newcomer);
  leftover?.replace('another stream of this host took its place');
  return 'live';
}

/** True at the next message of the stream, false when it ended or time is over. */
function signOfLife(stream: LiveStream, registry: StreamRegistry, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (alive: boolean): void => {
      clearTimeout(patience);
      clearInterval(watch);
      forget();
      resolve(alive);
    };
    const forget = stream.onSignOfLife(() => {
      settle(true);
    });
    const patience = setTimeout(settle, patienceMs, false);
    const watch = setInterval(() => {
      if (registry.of(stream.host) !== stream) settle(false);
    }, 50);
  });
}
