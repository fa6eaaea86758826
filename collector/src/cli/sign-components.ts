import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Io } from '@sealwatch/shared/cli/io.js';
import type { ImageComponent, ManifestComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import type { ImageContent } from '../publishing/image-content.js';
import { signComponent, withSignature } from '../publishing/sign-component.js';
import { signImage } from '../publishing/sign-image.js';
import { ProgressLine } from './progress-line.js';

/** A detached signature and the file it came from. */
export interface GivenSignature {
  readonly bytes: Buffer;
  readonly file: string;
}

export async function readSignatures(
  io: Io,
  files: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, GivenSignature>> {
  const found = new Map<string, GivenSignature>();
  for (const [name, file] of files) found.set(name, { file, bytes: await readInput(resolve(io.cwd, file), 65_536) });
  return found;
}

/**
 * Signs each component, or takes the signature given for a file; signatures that components have are replaced.
 * @throws as `signComponent`, `withSignature` and `signImage` do
 */
export async function signComponents(
  io: Io,
  work: {
    root: string;
    signer: PublisherSigner;
    components: readonly ManifestComponent[];
    signatures: ReadonlyMap<string, GivenSignature>;
    contentOf: (image: ImageComponent) => Pick<ImageContent, 'bytes'>;
  },
): Promise<ManifestComponent[]> {
  const { root, signer, components, signatures, contentOf } = work;
  const progress = new ProgressLine(io.err);
  const signed: ManifestComponent[] = [];
  try {
    for (const component of components) {
      const doing = `signing ${component.name} (${String(signed.length + 1)}/${String(components.length)})`;
      progress.show(doing);
      if (component.kind === 'image') {
        const onSignature = async (done: number, all: number): Promise<void> => {
          progress.show(`${doing}: ${String(done)} of ${String(all)} signatures`);
          // a signature blocks for milliseconds, hundreds of them for seconds: Ctrl-C is heard in between
          await nextTurn();
          if (io.signal.aborted) throw new CodedError('request.cancelled', 'stopped while signing');
        };
        signed.push(await signImage(component, signer, { content: contentOf(component), onSignature }));
        continue;
      }
      const given = signatures.get(component.name);
      signed.push(
        given === undefined
          ? await signComponent(root, component, signer)
          : withSignature(component, given.bytes, signer.publicKey, given.file),
      );
    }
  } finally {
    progress.clear();
  }
  return signed;
}
