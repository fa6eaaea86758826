import { endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import {
  type LibrarySeals,
  MAX_SEALED_FILES,
  type SealedFile,
} from '@sealwatch/shared/platform/platform-observation.js';
import { isAbsolutePathText } from '@sealwatch/shared/subject/path-text.js';
import { listDirectory } from './list-directory.js';
import { observeSidecar } from './observe-sidecar.js';
import type { PlatformReading } from './platform-reading.js';
import { readPresence } from './read-fact.js';

const LIBRARIES = '/usr/lib64';
const FIPSCHECK = '/usr/lib64/fipscheck';
const MAX_SIDECARS = 32;

/** Their packages bring an HMAC on Enterprise Linux 7 and 8. */
const SEALED_STEMS = ['libcrypto', 'libssl', 'libgcrypt'];

/** The system's libraries that have an HMAC beside them or below `fipscheck`. Never throws. */
export async function observeLibraries(reading: PlatformReading): Promise<Fact<LibrarySeals>> {
  const hidden = await listDirectory(reading, LIBRARIES, /^\.lib[\w.+-]{1,64}\.so[\w.]{0,32}\.hmac$/, MAX_SIDECARS);
  if (hidden.state !== 'value') return hidden;
  const checked = await listDirectory(reading, FIPSCHECK, /^[\w.+-]{1,100}\.hmac$/, MAX_SIDECARS);
  if (checked.state === 'unreadable') return checked;
  const present = await listDirectory(reading, LIBRARIES, /^lib(crypto|ssl|gcrypt)\.so\.\d[\w.]*$/, MAX_SIDECARS);
  if (present.state !== 'value') return present;

  const sealed: SealedFile[] = [];
  const read = new Set<string>();
  for (const name of hidden.value) {
    const sidecar = `${LIBRARIES}/${name}`;
    // a library's short name has a link to the sidecar of its long one
    const real = await realPath(reading, sidecar);
    if (read.has(real)) continue;
    read.add(real);
    sealed.push(...(await observeListed(reading, sidecar, `${LIBRARIES}/${name.slice(1, -'.hmac'.length)}`)));
  }
  for (const name of checked.state === 'value' ? checked.value : []) {
    const path = await checkedFile(reading, name.slice(0, -'.hmac'.length));
    sealed.push(...(await observeListed(reading, `${FIPSCHECK}/${name}`, path)));
  }
  if (sealed.length > MAX_SEALED_FILES || !sealed.every(({ path }) => isAbsolutePathText(path))) {
    return { state: 'unreadable', reason: 'the HMAC files name too many files, or none that can be' };
  }
  return {
    state: 'value',
    value: { sealed, unsealed: unsealedStems(present.value, [...hidden.value, ...sealedBelow(checked)]) },
  };
}

/** A sidecar that its directory lists: if there is nothing to read, it is a link that leads nowhere. */
async function observeListed(reading: PlatformReading, sidecar: string, path: string): Promise<SealedFile[]> {
  const files = await observeSidecar(reading, sidecar, path, 'library');
  return files.length > 0
    ? files
    : [{ path, sidecar, seal: { state: 'unreadable', reason: 'its HMAC leads nowhere' } }];
}

async function realPath({ hostRoot }: PlatformReading, path: string): Promise<string> {
  const found = await endOfPath(hostRoot, Buffer.from(path), (_, steps) =>
    Promise.resolve({ state: 'found' as const, path: steps.map((step) => `/${step.toString('latin1')}`).join('') }),
  );
  return found.state === 'found' ? found.path : path;
}

/** fipscheck keeps the HMACs of programs and of libraries in one directory, by their last names. */
async function checkedFile(reading: PlatformReading, name: string): Promise<string> {
  for (const directory of [LIBRARIES, '/usr/bin', '/usr/sbin', '/usr/libexec/openssh', '/usr/libexec/ipsec']) {
    const path = `${directory}/${name}`;
    if ((await readPresence(reading, path)).state !== 'absent') return path;
  }
  return `${LIBRARIES}/${name}`;
}

function sealedBelow(checked: Fact<string[]>): string[] {
  return checked.state === 'value' ? checked.value.map((name) => `.${name}`) : [];
}

function unsealedStems(present: readonly string[], sidecars: readonly string[]): string[] {
  return SEALED_STEMS.filter(
    (stem) =>
      present.some((name) => name.startsWith(`${stem}.so.`)) &&
      !sidecars.some((name) => name.startsWith(`.${stem}.so.`)),
  );
}
