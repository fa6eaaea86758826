import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { IntrospectionClient as _containerd_services_introspection_v1_IntrospectionClient, IntrospectionDefinition as _containerd_services_introspection_v1_IntrospectionDefinition } from './containerd/services/introspection/v1/Introspection.js';
import type { PluginInput as _containerd_services_introspection_v1_PluginInput, Plugin as _containerd_services_introspection_v1_Plugin } from './containerd/services/introspection/v1/Plugin.js';
import type { PluginsRequestInput as _containerd_services_introspection_v1_PluginsRequestInput, PluginsRequest as _containerd_services_introspection_v1_PluginsRequest } from './containerd/services/introspection/v1/PluginsRequest.js';
import type { PluginsResponseInput as _containerd_services_introspection_v1_PluginsResponseInput, PluginsResponse as _containerd_services_introspection_v1_PluginsResponse } from './containerd/services/introspection/v1/PluginsResponse.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      introspection: {
        v1: {
          Introspection: SubtypeConstructor<typeof grpc.Client, _containerd_services_introspection_v1_IntrospectionClient> & { service: _containerd_services_introspection_v1_IntrospectionDefinition }
          Plugin: MessageTypeDefinition<_containerd_services_introspection_v1_PluginInput, _containerd_services_introspection_v1_Plugin>
          PluginsRequest: MessageTypeDefinition<_containerd_services_introspection_v1_PluginsRequestInput, _containerd_services_introspection_v1_PluginsRequest>
          PluginsResponse: MessageTypeDefinition<_containerd_services_introspection_v1_PluginsResponseInput, _containerd_services_introspection_v1_PluginsResponse>
        }
      }
    }
  }
}

