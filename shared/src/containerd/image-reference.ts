import { type Digest, isDigest } from '../hashing/digest.js';

/** An image reference with everything that people leave out (distribution's reference grammar). */
export interface ImageReference {
  /** `registry.k8s.io`, `localhost:5000` */
  readonly domain: string;
  /** `kube-apiserver`, `library/busybox` */
  readonly path: string;
  /** Undefined only if there is a digest instead. */
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const PATH_STEP = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** Names an image by its id, though the grammar would make a repository of it. */
const IMAGE_ID = /^(?:sha256:)?[0-9a-f]{64}$/;
const MAX_NAME = 255;
const MAX_TEXT = 1024;

/**
 * Reads a reference as container runtimes do: no domain means Docker Hub, no tag and no digest means `latest`. Undefined
 * for anything else, a digest other than sha256 included.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > MAX_TEXT || IMAGE_ID.test(text)) return undefined;
  const [tagged = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) return undefined;
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const name = colon === -1 ? tagged : tagged.slice(0, colon);
  const tag = colon === -1 ? undefined : tagged.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const { domain, path } = withDomain(name);
  if (!DOMAIN.test(domain) || domain.length + 1 + path.length > MAX_NAME) return undefined;
  if (!path.split('/').every((step) => PATH_STEP.test(step))) return undefined;
  return { domain, path, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

export function formatImageReference({ domain, path, tag, digest }: ImageReference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function withDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  // only a dot, a port, an upper-case letter or this one name tells a host from the first step of a path
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = isHost && first !== 'index.docker.io' ? first : 'docker.io';
  const path = isHost ? name.slice(slash + 1) : name;
  return { domain, path: domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path };
}
