import { arch } from 'node:os';
import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';

/** Go's names (`GOOS`, `GOARCH`); the variant only where there are several: `arm/v7`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
}

const GO_NAMES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** What containers on this machine run as. */
export function defaultPlatform(): Platform {
  return { os: 'linux', architecture: GO_NAMES[arch()] ?? arch(), variant: null };
}

/** `os/arch` or `os/arch/variant`. @throws CodedError('usage.invalid') */
export function parsePlatform(text: string): Platform {
  const [, os, architecture, variant = null] = /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/(v[0-9a-z.]+))?$/.exec(text) ?? [];
  if (os === undefined || architecture === undefined) {
    throw new CodedError('usage.invalid', `platform ${printable(text)}: write os/architecture, as linux/amd64`);
  }
  return { os, architecture, variant };
}

export function platformText({ os, architecture, variant }: Platform): string {
  return printable([os, architecture, ...(variant === null ? [] : [variant])].join('/'));
}

/** Whether `offered` is what was asked for; a wish without a variant takes any. */
export function platformMatches(wanted: Platform, offered: Platform): boolean {
  return (
    wanted.os === offered.os &&
    wanted.architecture === offered.architecture &&
    (wanted.variant === null || wanted.variant === variantOf(offered))
  );
}

/** The variants that go without saying (containerd, platforms/database.go). */
function variantOf({ architecture, variant }: Platform): string | null {
  if (variant !== null) return variant;
  return architecture === 'arm64' ? 'v8' : architecture === 'arm' ? 'v7' : null;
}
