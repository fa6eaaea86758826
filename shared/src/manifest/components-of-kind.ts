import type { FileComponent, ImageComponent, ManifestComponent, SignedExecutable } from './manifest-component.js';
import type { VerifiedManifest } from './open-manifest.js';

/** What manifests list of one kind, by name: a component has one entry for each manifest that lists it. */
export function filesByName(manifests: readonly VerifiedManifest[]): ReadonlyMap<string, readonly FileComponent[]> {
  return byName(manifests, isFile);
}

export function imagesByName(manifests: readonly VerifiedManifest[]): ReadonlyMap<string, readonly ImageComponent[]> {
  return byName(manifests, isImage);
}

function byName<T extends ManifestComponent>(
  manifests: readonly VerifiedManifest[],
  isWanted: (component: ManifestComponent) => component is T,
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const { manifest } of manifests) {
    for (const component of manifest.components.filter(isWanted)) {
      const listed = found.get(component.name);
      if (listed === undefined) found.set(component.name, [component]);
      else listed.push(component);
    }
  }
  return found;
}

export function isFile(component: ManifestComponent): component is FileComponent {
  return component.kind === 'file';
}

export function isImage(component: ManifestComponent): component is ImageComponent {
  return component.kind === 'image';
}

/** The executables that a container of the image may begin with. */
export function commandsOf({ commands, executables }: ImageComponent): SignedExecutable[] {
  return executables.filter(({ path }) => commands.includes(path));
}
