import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { type BackEndSettings, backEndSettings } from '@sealwatch/shared/platform/back-end-settings.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import {
  type BackEnd,
  type CryptoPolicyObservation,
  MAX_BACK_ENDS,
  MAX_FACT_TEXT,
  MAX_OWN_DEFINITIONS,
  MAX_WEAKER_SETTINGS,
} from '@sealwatch/shared/platform/platform-observation.js';
import { parsePolicyName } from '@sealwatch/shared/platform/policy-name.js';
import { weakerSettings } from '@sealwatch/shared/platform/weaker-settings.js';
import { readSmallFile } from '../host/read-small-file.js';
import { listDirectory } from './list-directory.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact } from './read-fact.js';

const ETC = '/etc/crypto-policies';
const SHIPPED = '/usr/share/crypto-policies';
const MAX_BYTES = 64 * 1024;

/** The system-wide crypto policy of Enterprise Linux 8 and later. Never throws. */
export async function observeCryptoPolicy(reading: PlatformReading): Promise<CryptoPolicyObservation> {
  return {
    configured: await readFact(reading, `${ETC}/config`, 'name of a policy', parsePolicyName),
    applied: await readFact(reading, `${ETC}/state/current`, 'name of a policy', parsePolicyName),
    backEnds: await observeBackEnds(reading),
    ownDefinitions: await observeOwnDefinitions(reading),
  };
}

/** Those that are there, and those the FIPS policy has and that are missing: their programs would use their own defaults. */
async function observeBackEnds(reading: PlatformReading): Promise<Fact<BackEnd[]>> {
  const files = await listDirectory(reading, `${ETC}/back-ends`, /^[\w.-]{1,64}\.config$/, MAX_BACK_ENDS);
  if (files.state !== 'value') return files;
  const shipped = await listDirectory(reading, `${SHIPPED}/FIPS`, /^[\w.-]{1,64}\.txt$/, MAX_BACK_ENDS);
  const expected = shipped.state === 'value' ? shipped.value.map((file) => file.slice(0, -'.txt'.length)) : [];
  const names = [...new Set([...files.value.map((file) => file.slice(0, -'.config'.length)), ...expected])].sort();
  if (names.length > MAX_BACK_ENDS) return { state: 'unreadable', reason: 'too many back-ends' };
  const backEnds: BackEnd[] = [];
  for (const name of names) backEnds.push({ name, source: await observeBackEnd(reading, name) });
  return { state: 'value', value: backEnds };
}

async function observeBackEnd({ hostRoot, asked }: PlatformReading, name: string): Promise<BackEnd['source']> {
  const path = `${ETC}/back-ends/${name}.config`;
  asked.add(path);
  const file = await readSmallFile(hostRoot, path, MAX_BYTES);
  if (file.state === 'absent') return { state: 'unreadable', reason: 'not there, or leads nowhere' };
  if (file.state === 'unreadable') return file;
  asked.add(file.realPath);
  const policy = policyShipping(file.realPath.toString('latin1'), name);
  if (policy !== undefined) return { state: 'shipped', policy };
  const reference = await readSmallFile(hostRoot, `${SHIPPED}/FIPS/${name}.txt`, MAX_BYTES);
  asked.add(`${SHIPPED}/FIPS/${name}.txt`);
  if (reference.state === 'read' && isSame(reference.bytes, file.bytes)) return { state: 'shipped', policy: 'FIPS' };
  const before = reference.state === 'read' ? backEndSettings(name, reference.bytes) : undefined;
  const now = backEndSettings(name, file.bytes);
  return {
    state: 'edited',
    digest: sha256(file.bytes),
    compared: before !== undefined && now !== undefined,
    weaker: before === undefined || now === undefined ? [] : firstWeaker(before, now),
  };
}

/** `/usr/share/crypto-policies/FIPS/openssl.txt`, where a back-end that nobody edited leads; `undefined` for any other place. */
function policyShipping(realPath: string, name: string): string | undefined {
  const [, policy, text, config] =
    /^\/usr\/share\/crypto-policies\/(?:back-ends\/)?([A-Z0-9:_.-]{1,64})\/(?:([\w.-]+)\.txt|([\w.-]+)\.config)$/.exec(
      realPath,
    ) ?? [];
  return (text ?? config) === name ? policy : undefined;
}

/** What update-crypto-policies appends to NSS's file on every host that has p11-kit (local.d/nss-p11-kit.config). */
const P11_KIT = new Set(['', 'name=p11-kit-proxy', 'library=p11-kit-proxy.so']);

function isSame(shipped: Buffer, file: Buffer): boolean {
  if (!file.subarray(0, shipped.length).equals(shipped)) return false;
  const appended = file.subarray(shipped.length).toString('latin1').split('\n');
  return appended.every((line) => P11_KIT.has(line.trim()));
}

function firstWeaker(before: BackEndSettings, now: BackEndSettings): string[] {
  return weakerSettings(before, now)
    .slice(0, MAX_WEAKER_SETTINGS)
    .map((text) => (text.length <= MAX_FACT_TEXT ? text : `${text.slice(0, MAX_FACT_TEXT - 1)}…`));
}

/** Files that redefine a policy or a subpolicy: update-crypto-policies takes them before the shipped ones. */
async function observeOwnDefinitions(reading: PlatformReading): Promise<Fact<string[]>> {
  const policies = await listDirectory(reading, `${ETC}/policies`, /^[\w.-]{1,64}\.pol$/, MAX_OWN_DEFINITIONS);
  if (policies.state !== 'value') return policies;
  const modules = await listDirectory(reading, `${ETC}/policies/modules`, /^[\w.-]{1,64}\.pmod$/, MAX_OWN_DEFINITIONS);
  if (modules.state === 'unreadable') return modules;
  const names = [...policies.value, ...(modules.state === 'value' ? modules.value : [])];
  if (names.length > MAX_OWN_DEFINITIONS) return { state: 'unreadable', reason: 'too many own definitions' };
  return { state: 'value', value: names };
}
