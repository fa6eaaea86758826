import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { CapabilitiesOf, SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { askGetcap } from './ask-getcap.js';

/**
 * Asking costs a child process, and files hardly change: what a file had is kept from look to look for as long as it is the
 * same by its numbers, size and times. One entry for each path, however often it changes.
 */
export class CapabilityMemory {
  readonly #ask: (file: SeenFile) => Promise<FileCapabilities>;
  readonly #known = new Map<string, { readonly key: string; readonly capabilities: string }>();

  /** @param ask default: the system's getcap */
  constructor(ask: (file: SeenFile) => Promise<FileCapabilities> = askGetcap) {
    this.#ask = ask;
  }

  /** For one look. What somebody asked for rests on nothing that was seen before. */
  begin({ fresh }: { fresh: boolean }): CapabilitiesOf {
    return async (file) => {
      const path = file.realPath.toString('latin1');
      const key = fileKey(file.stat);
      const known = this.#known.get(path);
      if (!fresh && known?.key === key) return known.capabilities;
      const capabilities = await this.#ask(file);
      if (typeof capabilities === 'string') this.#known.set(path, { key, capabilities });
      else this.#known.delete(path);
      return capabilities;
    };
  }
}
