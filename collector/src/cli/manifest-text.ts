import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import type { ManifestComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { declaredModuleText, type ModuleDeclaration } from '@sealwatch/shared/manifest/module-declaration.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { certificatesText } from '../publishing/declare-module.js';

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

function componentText(component: ManifestComponent): string[] {
  const { name, kind, digest, size, signature } = component;
  const unsigned = signature === '' ? ', not signed' : '';
  if (kind === 'file') {
    return [
      `${printable(name)} [file] ${size} bytes${unsigned}`,
      `    ${digest}`,
      ...component.paths.map((path) => `    ${printable(path)}`),
      ...moduleText(component),
    ];
  }
  const { platform, references, manifest, layers, executables, commands, variables } = component;
  return [
    `${printable(name)} [image] ${platform}, ${counted(layers.length, 'layer')}, ${counted(executables.length, 'executable')}${unsigned}`,
    `    config ${digest}`,
    `    manifest ${manifest ?? 'none: read from an archive without one'}`,
    ...references.map((reference) => `    ${printable(reference)}`),
    ...commands.map((path) => `    runs ${printable(path)}`),
    ...executables.flatMap(moduleText),
    ...variables.map((variable) => `    sets ${printable(variable)}`),
  ];
}

function moduleText({ module }: { readonly module?: ModuleDeclaration }): string[] {
  return module === undefined ? [] : [`    module ${declaredModuleText(module)}, ${certificatesText(module)}`];
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
