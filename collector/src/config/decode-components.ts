import {
  COMPONENT_KINDS,
  COMPONENT_NAME,
  type ComponentKind,
  type Role,
  ROLES,
} from '@sealwatch/shared/subject/component.js';
import { isAbsolutePathText } from '@sealwatch/shared/subject/path-text.js';
import type { Policy, ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { DEFAULT_COMPONENTS } from './cluster-defaults.js';
import {
  type Decoder,
  list,
  mapping,
  optional,
  record,
  REFUSED,
  refuse,
  required,
} from '@sealwatch/shared/yaml/yaml-decoder.js';
import { address, flag, oneOf, text } from '@sealwatch/shared/yaml/yaml-values.js';

const roleComponents: Decoder<Readonly<Record<string, ComponentKind>>> = record(
  (key) => (COMPONENT_NAME.test(key) ? undefined : 'is no component name: lower-case letters, digits, . _ and -'),
  oneOf(COMPONENT_KINDS),
);

/** `components` of `cluster.yaml`: a role that is left out has the default, one that is there just what it lists. */
export const components: Decoder<Policy['components']> = mapping<typeof DEFAULT_COMPONENTS>({
  'control-plane': optional(roleComponents, DEFAULT_COMPONENTS['control-plane']),
  worker: optional(roleComponents, DEFAULT_COMPONENTS.worker),
});

/** As it is written: what is left out follows from the name. */
interface ServiceYaml {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  readonly component: string | null;
  readonly ca: string | null;
  readonly serverName: string | null;
  readonly outside: boolean;
}

const componentName: Decoder<string> = text({
  what: 'a component name, such as etcd',
  pattern: COMPONENT_NAME,
  maxLength: 63,
});

const hostPath: Decoder<string> = (at) => {
  const path = text({ what: 'an absolute path on the host', maxLength: 4096 })(at);
  return path === REFUSED || isAbsolutePathText(path) ? path : refuse(at, 'must be an absolute path without . or ..');
};

const serverName: Decoder<string> = text({
  what: 'a DNS name or an IP address',
  pattern: /^[A-Za-z0-9_.:-]+$/,
  maxLength: 253,
});

const serviceYaml: Decoder<ServiceYaml> = mapping<ServiceYaml>({
  name: required(text({ what: 'a service name, such as etcd', pattern: COMPONENT_NAME, maxLength: 63 })),
  address: required(address),
  roles: required(list(oneOf(ROLES), { max: ROLES.length, unique: (role) => role })),
  component: optional<string | null>(componentName, null),
  ca: optional<string | null>(hostPath, null),
  serverName: optional<string | null>(serverName, null),
  outside: optional(flag, false),
});

const service: Decoder<ServicePolicy> = (at) => {
  const yaml = serviceYaml(at);
  return yaml === REFUSED ? REFUSED : { ...yaml, component: yaml.component ?? yaml.name };
};

/** `services` of `cluster.yaml`. */
export const services: Decoder<readonly ServicePolicy[]> = list(service, { max: 100, unique: ({ name }) => name });
