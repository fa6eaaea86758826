import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import { signComponent, withSignature } from '../publishing/sign-component.js';
import { ProgressLine } from './progress-line.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';

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

/** Signs each component, or takes the signature given for it. @throws as `signComponent` and `withSignature` do */
export async function signComponents(
  io: Io,
  work: {
    root: string;
    signer: PublisherSigner;
    components: readonly Omit<FileComponent, 'kind' | 'signature'>[];
    signatures: ReadonlyMap<string, GivenSignature>;
  },
): Promise<FileComponent[]> {
  const { root, signer, components, signatures } = work;
  const progress = new ProgressLine(io.err);
  const signed: FileComponent[] = [];
  try {
    for (const component of components) {
      progress.show(`signing ${component.name} (${String(signed.length + 1)}/${String(components.length)})`);
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
