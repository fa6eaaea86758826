import * as z from 'zod/mini';
import { reasonOf } from '../runtime/coded-error.js';
import { parseBoundedJson } from '../runtime/bounded-json.js';

/** What a container was told to run and with what (OCI runtime-spec, config.md); the fields that measuring compares. */
export type ContainerSpec =
  | {
      readonly state: 'read';
      readonly args: readonly string[];
      /** In the spec's order; a name can come twice. A variable without `=` has an empty value. */
      readonly env: readonly { readonly name: string; readonly value: string }[];
      readonly cwd: string;
      readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
      readonly mounts: readonly SpecMount[];
      readonly root: { readonly path: string; readonly readonly: boolean };
      /** `type` as in `pid`, `mount`; `path` is empty for a namespace of its own. */
      readonly namespaces: readonly { readonly type: string; readonly path: string }[];
    }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface SpecMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** The kernel takes no more arguments and variables than that (execve(2)), and the rest is far smaller. */
const MAX_BYTES = 4 * 1024 * 1024;

const optionalText = z._default(z.string(), '');
const texts = z.nullish(z.array(z.string()));
const id = z._default(z.number(), 0);

const specSchema = z.looseObject({
  process: z.looseObject({
    args: texts,
    env: texts,
    cwd: optionalText,
    user: z.nullish(z.looseObject({ uid: id, gid: id, additionalGids: z.nullish(z.array(z.number())) })),
  }),
  root: z.nullish(z.looseObject({ path: optionalText, readonly: z._default(z.boolean(), false) })),
  mounts: z.nullish(
    z.array(
      z.looseObject({
        destination: z.string(),
        type: optionalText,
        source: optionalText,
        options: texts,
      }),
    ),
  ),
  linux: z.nullish(
    z.looseObject({ namespaces: z.nullish(z.array(z.looseObject({ type: z.string(), path: optionalText }))) }),
  ),
});

/** Never throws: a container whose spec is nonsense is still a container that was found. */
export function readContainerSpec(bytes: Uint8Array): ContainerSpec {
  let json: unknown;
  try {
    json = parseBoundedJson(bytes, { what: "the container's spec", maxBytes: MAX_BYTES, code: 'limit.exceeded' });
  } catch (error) {
    return { state: 'unreadable', reason: reasonOf(error) };
  }
  const parsed = specSchema.safeParse(json);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return { state: 'unreadable', reason: `the container's spec is wrong at ${first?.path.join('.') ?? 'its root'}` };
  }
  return toSpec(parsed.data);
}

function toSpec({ process, root, mounts, linux }: z.infer<typeof specSchema>): ContainerSpec {
  return {
    state: 'read',
    args: process.args ?? [],
    env: (process.env ?? []).map(toVariable),
    cwd: process.cwd,
    user: {
      uid: process.user?.uid ?? 0,
      gid: process.user?.gid ?? 0,
      additionalGids: process.user?.additionalGids ?? [],
    },
    mounts: (mounts ?? []).map(({ destination, type, source, options }) => ({
      destination,
      type,
      source,
      options: options ?? [],
    })),
    root: { path: root?.path ?? '', readonly: root?.readonly ?? false },
    namespaces: (linux?.namespaces ?? []).map(({ type, path }) => ({ type, path })),
  };
}

function toVariable(text: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  return equals === -1 ? { name: text, value: '' } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
