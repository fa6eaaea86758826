import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { GetRequestInput as _containerd_services_tasks_v1_GetRequestInput, GetRequest as _containerd_services_tasks_v1_GetRequest } from './containerd/services/tasks/v1/GetRequest.js';
import type { GetResponseInput as _containerd_services_tasks_v1_GetResponseInput, GetResponse as _containerd_services_tasks_v1_GetResponse } from './containerd/services/tasks/v1/GetResponse.js';
import type { ListTasksRequestInput as _containerd_services_tasks_v1_ListTasksRequestInput, ListTasksRequest as _containerd_services_tasks_v1_ListTasksRequest } from './containerd/services/tasks/v1/ListTasksRequest.js';
import type { ListTasksResponseInput as _containerd_services_tasks_v1_ListTasksResponseInput, ListTasksResponse as _containerd_services_tasks_v1_ListTasksResponse } from './containerd/services/tasks/v1/ListTasksResponse.js';
import type { TasksClient as _containerd_services_tasks_v1_TasksClient, TasksDefinition as _containerd_services_tasks_v1_TasksDefinition } from './containerd/services/tasks/v1/Tasks.js';
import type { ProcessInput as _containerd_v1_types_ProcessInput, Process as _containerd_v1_types_Process } from './containerd/v1/types/Process.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      tasks: {
        v1: {
          GetRequest: MessageTypeDefinition<_containerd_services_tasks_v1_GetRequestInput, _containerd_services_tasks_v1_GetRequest>
          GetResponse: MessageTypeDefinition<_containerd_services_tasks_v1_GetResponseInput, _containerd_services_tasks_v1_GetResponse>
          ListTasksRequest: MessageTypeDefinition<_containerd_services_tasks_v1_ListTasksRequestInput, _containerd_services_tasks_v1_ListTasksRequest>
          ListTasksResponse: MessageTypeDefinition<_containerd_services_tasks_v1_ListTasksResponseInput, _containerd_services_tasks_v1_ListTasksResponse>
          Tasks: SubtypeConstructor<typeof grpc.Client, _containerd_services_tasks_v1_TasksClient> & { service: _containerd_services_tasks_v1_TasksDefinition }
        }
      }
    }
    v1: {
      types: {
        Process: MessageTypeDefinition<_containerd_v1_types_ProcessInput, _containerd_v1_types_Process>
        Status: EnumTypeDefinition
      }
    }
  }
}

