import { MAX_OS_TEXT, type OsRelease } from './os-release.js';

/** The words before `release`, and the id os-release(5) has for them. */
const IDS: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat Enterprise Linux/, 'rhel'],
  [/^CentOS/, 'centos'],
  [/^Rocky Linux/, 'rocky'],
  [/^AlmaLinux/, 'almalinux'],
  [/^Oracle Linux/, 'ol'],
];

/**
 * `/etc/redhat-release`, for a host without os-release: `CentOS Linux release 7.9.2009 (Core)`.
 * @returns undefined if the line names no system that is known
 */
export function parseRedhatRelease(bytes: Buffer): OsRelease | undefined {
  const line = bytes.toString('utf8').trim();
  if (line.length > MAX_OS_TEXT) return undefined;
  const [, name, version] = /^(.+?) release (\d+(?:\.\d+){0,3})(?: |$)/.exec(line) ?? [];
  if (name === undefined || version === undefined) return undefined;
  const id = IDS.find(([pattern]) => pattern.test(name))?.[1];
  if (id === undefined) return undefined;
  const [major = ''] = version.split('.');
  return { id, versionId: version, name, prettyName: line, platformId: `platform:el${major}` };
}
