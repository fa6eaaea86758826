import * as z from 'zod/mini';

/** What the running agent watches between scans. */
export interface Watching {
  /** Named by the release or found on the host. */
  readonly paths: number;
  /** Of the kernel, which bounds them (fs.inotify.max_user_watches). */
  readonly watches: number;
  /** Whose changes are seen by scans alone; the first hundred. */
  readonly unwatched: readonly { readonly path: string; readonly reason: string }[];
  /** Of files, heard since the start. */
  readonly events: number;
  /** How often there were too many of them, since the start: everything was looked at then. */
  readonly overflows: number;
  /** Of components, at the last look, and why new ones can't be seen; null: they can. */
  readonly processes: { readonly running: number; readonly blind: string | null };
  readonly mounts: 'polled' | 'unreadable';
  readonly containerd: 'followed' | 'lost' | 'not wanted';
}

const MAX_UNWATCHED = 100;

const count = z.int().check(z.nonnegative());

export const watchingSchema: z.ZodMiniType<Watching> = z.strictObject({
  paths: count,
  watches: count,
  unwatched: z.array(z.strictObject({ path: z.string(), reason: z.string() })).check(z.maxLength(MAX_UNWATCHED)),
  events: count,
  overflows: count,
  processes: z.strictObject({ running: count, blind: z.nullable(z.string()) }),
  mounts: z.enum(['polled', 'unreadable']),
  containerd: z.enum(['followed', 'lost', 'not wanted']),
});

/** So that what is unwatched always fits the status file. */
export function boundedWatching(watching: Watching): Watching {
  return { ...watching, unwatched: watching.unwatched.slice(0, MAX_UNWATCHED) };
}
