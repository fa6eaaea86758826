import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { CapabilitiesOf, SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { askGetcap } from './ask-getcap.js';

/** @throws CodedError('request.cancelled') once `signal` is aborted, nothing else */
type AskCapabilities = (file: SeenFile, options: { signal?: AbortSignal | undefined }) => Promise<FileCapabilities>;

/**
 * Asking costs a child process, and files hardly change: what a file had is kept from look to look for as long as it is the
 * same by its numbers, size and times. One entry for each path, however often it changes.
 */
export class CapabilityMemory {
  readonly #ask: AskCapabilities;
  readonly #known = new Map<string, { readonly key: string; readonly capabilities: string }>();

  /** @param ask default: the system's getcap */
  constructor(ask: AskCapabilities = askGetcap) {
    this.#ask = ask;
  }

  /** For one look, until `signal`. What somebody asked for rests on nothing that was seen before. */
  begin({ fresh, signal }: { fresh: boolean; signal?: AbortSignal }): CapabilitiesOf {
    return async (file) => {
      const path = file.realPath.toString('latin1');
      const key = fileKey(file.stat);
      const known = this.#known.get(path);
      if (!fresh && known?.key === key) return known.capabilities;
      const capabilities = await this.#ask(file, { signal });
      if (typeof capabilities === 'string') this.#known.set(path, { key, capabilities });
      else this.#known.delete(path);
      return capabilities;
    };
  }
}
