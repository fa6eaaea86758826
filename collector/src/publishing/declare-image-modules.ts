import { analyzeBinary } from '@sealwatch/shared/binary/analyze-binary.js';
import type { BinaryObservation } from '@sealwatch/shared/binary/binary-facts.js';
import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { commandsOf } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { ImageComponent, SignedExecutable } from '@sealwatch/shared/manifest/manifest-component.js';
import type { ModuleDeclaration } from '@sealwatch/shared/manifest/module-declaration.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { declarationFor } from './declare-module.js';
import type { ImageContent } from './image-content.js';

interface Image {
  readonly component: ImageComponent;
  readonly notes: readonly string[];
  readonly content: Pick<ImageContent, 'bytes'>;
}

/** More than any program of Kubernetes has, and little enough to be in memory. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * The same image, the programs that its containers may run declared with the modules in them.
 * @param certificates as for `declareModule`
 * @throws CodedError('usage.invalid') for certificates of an image without a module, CodedError('file.unreadable')
 */
export async function declareImageModules<T extends Image>(
  image: T,
  certificates: readonly number[] | undefined,
): Promise<T> {
  const { component, content } = image;
  const modules = new Map<string, ModuleDeclaration>();
  const notes: string[] = [];
  for (const executable of commandsOf(component)) {
    const observation = await observe(executable, content);
    // certificates are of the image: some of its programs may have no module
    const { declaration, note } = declarationFor(component.name, observation, undefined);
    if (note !== null) notes.push(`${printable(executable.path)}: ${note}`);
    if (declaration === null) continue;
    modules.set(executable.path, certificates === undefined ? declaration : { ...declaration, certificates });
  }
  if (certificates !== undefined && modules.size === 0) {
    throw new CodedError('usage.invalid', `--module-certificate ${component.name}=…: no command of it has a module`);
  }
  const executables = component.executables.map((executable): SignedExecutable => {
    const module = modules.get(executable.path);
    return module === undefined ? executable : { ...executable, module };
  });
  return { ...image, component: { ...component, executables }, notes: [...image.notes, ...notes] };
}

async function observe(
  { digest, size }: SignedExecutable,
  content: Pick<ImageContent, 'bytes'>,
): Promise<BinaryObservation> {
  if (Number(size) > MAX_BYTES) return { state: 'unreadable', reason: 'too large to be examined' };
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.bytes(digest)) chunks.push(chunk);
  return analyzeBinary(bufferSource(Buffer.concat(chunks)));
}
