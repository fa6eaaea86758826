import type { ModuleDeclaration } from '@sealwatch/shared/manifest/module-declaration.js';
import { declareImageModules } from '../publishing/declare-image-modules.js';
import { declareModule } from '../publishing/declare-module.js';
import type { MeasuredComponent } from '../publishing/measure-component.js';
import type { ImageAtHand } from './read-images.js';

/** By component: `--module-certificate`. */
export type GivenCertificates = ReadonlyMap<string, readonly number[]>;

export type DeclaringComponent = MeasuredComponent & { readonly module: ModuleDeclaration | null };

/** The components with their modules, noted. @throws as `declareModule` does */
export async function declareInFiles(
  root: string,
  measured: readonly MeasuredComponent[],
  certificates: GivenCertificates,
): Promise<DeclaringComponent[]> {
  const declared: DeclaringComponent[] = [];
  for (const component of measured) {
    const { name, paths, notes } = component;
    const found = await declareModule(root, { name, paths, certificates: certificates.get(name) });
    const { declaration: module, note } = found;
    declared.push({ ...component, module, notes: note === null ? notes : [...notes, note] });
  }
  return declared;
}

/** The images with the modules of the programs they run, noted. @throws as `declareImageModules` does */
export async function declareInImages(
  images: readonly ImageAtHand[],
  certificates: GivenCertificates,
): Promise<ImageAtHand[]> {
  const declared: ImageAtHand[] = [];
  for (const image of images) declared.push(await declareImageModules(image, certificates.get(image.component.name)));
  return declared;
}
