import { LOG_LEVELS } from '@sealwatch/shared/runtime/log.js';
import { type Timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { HOST_NAME, ROLES } from '@sealwatch/shared/subject/component.js';
import { type Mode, MODES } from '@sealwatch/shared/trust/inception.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import {
  type DeclaredHost,
  type DeclaredOperator,
  MAX_HOSTS,
  OPERATOR_ROLES,
} from '@sealwatch/shared/trust/release.js';
import { resolve } from 'node:path';
import { isScalar } from 'yaml';
import type { ClusterConfig, CollectorAddresses, ManifestFile, PublisherKeyFile } from './cluster-config.js';
import { DEFAULT_OPERATORS, DEFAULT_POLICY } from './cluster-defaults.js';
import { components, services } from './decode-components.js';
import { policyRules, type PolicyRules } from './decode-policy.js';
import {
  checked,
  type Decoder,
  decodeYaml,
  list,
  mapping,
  optional,
  REFUSED,
  refuse,
  required,
} from '@sealwatch/shared/yaml/yaml-decoder.js';
import { parseYamlSource } from '@sealwatch/shared/yaml/yaml-source.js';
import { address, moment, oneOf, text } from '@sealwatch/shared/yaml/yaml-values.js';

export const MAX_CLUSTER_YAML_BYTES: number = 2 * 1024 * 1024;

/** Starts and ends with a letter or digit. */
export const CLUSTER_NAME: RegExp = /^[A-Za-z0-9]([A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?$/;

/**
 * All of it or nothing: every wrong, unknown or misspelt setting is named with its line.
 * @param what names the file in errors
 * @param directory what relative file names are relative to
 * @throws CodedError('config.invalid')
 */
export function parseClusterYaml(
  bytes: Uint8Array,
  { what, directory }: { what: string; directory: string },
): ClusterConfig {
  const source = parseYamlSource(bytes, { what, maxBytes: MAX_CLUSTER_YAML_BYTES });
  const {
    policy,
    components: present,
    services: served,
    manifests,
    publisherKeys,
    cmvp,
    ...config
  } = decodeYaml(source, cluster);
  return {
    ...config,
    policy: { ...policy, components: present, services: served },
    manifests: manifests.map((entry) => ({ ...entry, file: resolve(directory, entry.file) })),
    publisherKeys: publisherKeys.map(({ file, revokedAt, compromisedAt }) => ({
      file: resolve(directory, file),
      revoked: revokedAt === null ? null : { at: revokedAt, compromisedAt },
    })),
    cmvp: cmvp === null ? null : resolve(directory, cmvp),
  };
}

interface ClusterYaml {
  readonly name: string;
  readonly mode: Mode;
  readonly adopt: { readonly reason: string } | null;
  readonly collector: CollectorAddresses;
  readonly policy: PolicyRules;
  readonly components: Policy['components'];
  readonly services: Policy['services'];
  readonly hosts: readonly DeclaredHost[];
  readonly operators: readonly DeclaredOperator[];
  readonly manifests: readonly ManifestFile[];
  readonly publisherKeys: readonly PublisherKeyYaml[];
  readonly cmvp: string | null;
}

interface PublisherKeyYaml extends Pick<PublisherKeyFile, 'file'> {
  readonly revokedAt: Timestamp | null;
  readonly compromisedAt: Timestamp | null;
}

const name = text({ what: 'a name in lower case (letters, digits, . and -)', pattern: HOST_NAME, maxLength: 253 });
const path = text({ what: 'the path of a file', maxLength: 4096 });

const collector: Decoder<CollectorAddresses> = mapping<CollectorAddresses>({
  address: required(address),
  enrollAddress: required(address),
  listen: required(address),
  enrollListen: required(address),
  logLevel: optional(oneOf(LOG_LEVELS), 'info'),
});

/** Only an admin can deploy: without one the first release would be the last. */
const operators: Decoder<readonly DeclaredOperator[]> = (at) => {
  const operator = mapping<DeclaredOperator>({ name: required(name), role: required(oneOf(OPERATOR_ROLES)) });
  const declared = list(operator, { max: 1000, unique: (item) => item.name })(at);
  if (declared === REFUSED || declared.some(({ role }) => role === 'admin')) return declared;
  return refuse(at, 'must name at least one operator with the role admin: nobody else can deploy');
};

const windowedManifest: Decoder<ManifestFile> = checked(
  mapping<ManifestFile>({
    file: required(path),
    from: optional<Timestamp | null>(moment, null),
    until: optional<Timestamp | null>(moment, null),
  }),
  ({ from, until }) =>
    from === null || until === null || wallTime(from) < wallTime(until)
      ? []
      : [{ key: 'until', message: 'must be later than from' }],
);

const datedKey: Decoder<PublisherKeyYaml> = checked(
  mapping<PublisherKeyYaml>({
    file: required(path),
    revokedAt: optional<Timestamp | null>(moment, null),
    compromisedAt: optional<Timestamp | null>(moment, null),
  }),
  ({ revokedAt, compromisedAt }) =>
    compromisedAt === null || revokedAt !== null
      ? []
      : [{ key: 'compromisedAt', message: 'belongs to a revoked key: set revokedAt too' }],
);

/** A file's name alone, or a mapping that says more about it. */
function fileOr<T extends { readonly file: string }>(decode: Decoder<T>, alone: (file: string) => T): Decoder<T> {
  return (at) => {
    if (!isScalar(at.node)) return decode(at);
    const name = path(at);
    return name === REFUSED ? REFUSED : alone(name);
  };
}

const manifest: Decoder<ManifestFile> = fileOr(windowedManifest, (file) => ({ file, from: null, until: null }));

const publisherKey: Decoder<PublisherKeyYaml> = fileOr(datedKey, (file) => ({
  file,
  revokedAt: null,
  compromisedAt: null,
}));

const { components: DEFAULT_COMPONENTS, services: DEFAULT_SERVICES, ...DEFAULT_RULES } = DEFAULT_POLICY;

const cluster: Decoder<ClusterYaml> = mapping<ClusterYaml>({
  name: required(
    text({ what: 'a name of at most 63 letters, digits, spaces, . _ and -', pattern: CLUSTER_NAME, maxLength: 63 }),
  ),
  mode: required(oneOf(MODES)),
  adopt: optional<ClusterYaml['adopt']>(
    mapping<{ readonly reason: string }>({ reason: required(text({ what: 'a sentence', maxLength: 500 })) }),
    null,
  ),
  collector: required(collector),
  policy: optional(policyRules, DEFAULT_RULES),
  components: optional(components, DEFAULT_COMPONENTS),
  services: optional(services, DEFAULT_SERVICES),
  hosts: optional(
    list(mapping<DeclaredHost>({ name: required(name), role: required(oneOf(ROLES)) }), {
      max: MAX_HOSTS,
      unique: (host) => host.name,
    }),
    [],
  ),
  operators: optional(operators, DEFAULT_OPERATORS),
  manifests: optional(list(manifest, { max: 50, unique: ({ file }) => file }), []),
  publisherKeys: optional(list(publisherKey, { max: 50, unique: ({ file }) => file }), []),
  cmvp: optional<string | null>(path, null),
});
