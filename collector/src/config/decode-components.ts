import { COMPONENT_KINDS, COMPONENT_NAME, type ComponentKind, ROLES } from '@sealwatch/shared/subject/component.js';
import type { Policy, ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { DEFAULT_COMPONENTS } from './cluster-defaults.js';
import { type Decoder, list, mapping, optional, record, required } from '@sealwatch/shared/yaml/yaml-decoder.js';
import { address, oneOf, text } from '@sealwatch/shared/yaml/yaml-values.js';

const roleComponents: Decoder<Readonly<Record<string, ComponentKind>>> = record(
  (key) => (COMPONENT_NAME.test(key) ? undefined : 'is no component name: lower-case letters, digits, . _ and -'),
  oneOf(COMPONENT_KINDS),
);

/** `components` of `cluster.yaml`: a role that is left out has the default, one that is there just what it lists. */
export const components: Decoder<Policy['components']> = mapping<typeof DEFAULT_COMPONENTS>({
  'control-plane': optional(roleComponents, DEFAULT_COMPONENTS['control-plane']),
  worker: optional(roleComponents, DEFAULT_COMPONENTS.worker),
});

const service: Decoder<ServicePolicy> = mapping<ServicePolicy>({
  name: required(text({ what: 'a service name, such as etcd', pattern: COMPONENT_NAME, maxLength: 63 })),
  address: required(address),
  roles: required(list(oneOf(ROLES), { max: ROLES.length, unique: (role) => role })),
});

/** `services` of `cluster.yaml`. */
export const services: Decoder<readonly ServicePolicy[]> = list(service, { max: 100, unique: ({ name }) => name });
