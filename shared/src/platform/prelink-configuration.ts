import { textLines } from './text-lines.js';

/** `/etc/sysconfig/prelink`: whether libraries are prelinked at night. Without the setting they are not. */
export function parsePrelinking(bytes: Buffer): boolean {
  let prelinking = false;
  for (const line of textLines(bytes)) {
    const [, answer] = /^PRELINKING=["']?(\w*)["']?\s*(?:#.*)?$/.exec(line) ?? [];
    if (answer !== undefined) prelinking = answer === 'yes';
  }
  return prelinking;
}
