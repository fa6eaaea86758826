import type { Manifest, ManifestComponent } from '@sealwatch/shared/manifest/manifest.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';

/** A manifest's contents for people, one line each, everything escaped. */
export function manifestText(manifest: Manifest): string[] {
  const { id, notBefore, notAfter, operatingSystems, kubernetesVersion, components } = manifest;
  return [
    `Manifest:   ${printable(id)}`,
    `Valid:      ${notBefore} to ${notAfter}`,
    `Systems:    ${operatingSystems.length === 0 ? 'not said' : operatingSystems.map(printable).join(', ')}`,
    `Kubernetes: ${printable(kubernetesVersion ?? 'not said')}`,
    `Components: ${String(components.length)}`,
    '',
    ...components.flatMap(componentText),
    '',
  ];
}

function componentText({ name, kind, paths, digest, size, signature }: ManifestComponent): string[] {
  return [
    `${printable(name)} [${kind}] ${size} bytes${signature === '' ? ', not signed' : ''}`,
    `    ${digest}`,
    ...paths.map((path) => `    ${printable(path)}`),
  ];
}
