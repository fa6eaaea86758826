import type { SnapshotMount } from './containerd-snapshot.js';

/** Where the files of a snapshot really are; paths as containerd sees them. */
export type SnapshotLayers =
  | {
      readonly kind: 'overlay';
      /** The one the container writes to first, then the image's layers from the last to the first. */
      readonly directories: readonly LayerDirectory[];
    }
  /** One directory holds all: the native snapshotter's copy, or the only layer of an image without a container. */
  | { readonly kind: 'plain'; readonly directories: readonly [LayerDirectory] }
  | { readonly kind: 'unsupported'; readonly reason: string };

export interface LayerDirectory {
  readonly path: string;
  /** What a container writes ends here. */
  readonly writable: boolean;
}

/** Linux stacks no more (fs/overlayfs, OVL_MAX_STACK). */
const MAX_LOWER = 500;

/** Options that do not change which file a path leads to. */
const HARMLESS = /^(ro|rw|volatile|userxattr|index=(on|off)|xino=(on|off|auto)|nfs_export=(on|off)|[ug]idmap=.*)$/;
/** These are harmless only switched off: they let a layer point to files elsewhere by attributes that can't be read here. */
const SWITCHED_OFF = /^(metacopy=off|redirect_dir=(off|nofollow))$/;

/** What the mounts of a snapshot are made of (containerd's overlayfs and native snapshotters). */
export function snapshotLayers(mounts: readonly SnapshotMount[]): SnapshotLayers {
  const [mount] = mounts;
  if (mount === undefined || mounts.length > 1) return unsupported(`a snapshot of ${String(mounts.length)} mounts`);
  switch (mount.type) {
    case 'overlay':
      return overlayLayers(mount.options);
    case 'bind':
      if (!isPath(mount.source)) return unsupported('a bind mount of no absolute path');
      return { kind: 'plain', directories: [{ path: mount.source, writable: !mount.options.includes('ro') }] };
    default:
      return unsupported(`a mount of another kind than overlay and bind`);
  }
}

function overlayLayers(options: readonly string[]): SnapshotLayers {
  let upper: string | undefined;
  let lower: string[] = [];
  for (const option of options) {
    const equals = option.indexOf('=');
    const [name, value] = [option.slice(0, equals), option.slice(equals + 1)];
    if (name === 'upperdir') upper = splitLower(value).join(':');
    else if (name === 'lowerdir') lower = splitLower(value);
    else if (name !== 'workdir' && !HARMLESS.test(option) && !SWITCHED_OFF.test(option)) {
      return unsupported('an overlay mount with options that are not known');
    }
  }
  if (lower.length === 0 || lower.length > MAX_LOWER)
    return unsupported(`an overlay of ${String(lower.length)} layers`);
  const paths = upper === undefined ? lower : [upper, ...lower];
  if (!paths.every(isPath)) return unsupported('an overlay of directories that have no absolute path');
  return {
    kind: 'overlay',
    directories: paths.map((path, n) => ({ path, writable: upper !== undefined && n === 0 })),
  };
}

/** `:` separates, a backslash takes away what the next character means (overlayfs.rst, "Multiple lower layers"). */
function splitLower(text: string): string[] {
  const paths = [''];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === ':') paths.push('');
    else paths.push(`${paths.pop() ?? ''}${char === '\\' ? text.charAt(++i) : char}`);
  }
  return paths;
}

function isPath(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0');
}

function unsupported(reason: string): SnapshotLayers {
  return { kind: 'unsupported', reason };
}
