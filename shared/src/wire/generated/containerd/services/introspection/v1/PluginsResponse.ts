// Original file: proto/containerd/introspection.proto

import type { PluginInput as _containerd_services_introspection_v1_PluginInput, Plugin as _containerd_services_introspection_v1_Plugin } from '../../../../containerd/services/introspection/v1/Plugin.js';

export interface PluginsResponseInput {
  'plugins'?: (_containerd_services_introspection_v1_PluginInput)[];
}

export interface PluginsResponse {
  'plugins': (_containerd_services_introspection_v1_Plugin)[];
}
