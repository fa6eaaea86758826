import { CodedError } from '../../runtime/coded-error.js';

/** A tar that can't be followed to its end. @param at offset of the header, in bytes */
export function corruptTar(what: string, at: number): CodedError {
  return new CodedError('image.malformed', `tar archive, header at byte ${String(at)}: ${what}`);
}
