import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ContentClient as _containerd_services_content_v1_ContentClient, ContentDefinition as _containerd_services_content_v1_ContentDefinition } from './containerd/services/content/v1/Content.js';
import type { InfoInput as _containerd_services_content_v1_InfoInput, Info as _containerd_services_content_v1_Info } from './containerd/services/content/v1/Info.js';
import type { InfoRequestInput as _containerd_services_content_v1_InfoRequestInput, InfoRequest as _containerd_services_content_v1_InfoRequest } from './containerd/services/content/v1/InfoRequest.js';
import type { InfoResponseInput as _containerd_services_content_v1_InfoResponseInput, InfoResponse as _containerd_services_content_v1_InfoResponse } from './containerd/services/content/v1/InfoResponse.js';
import type { ReadContentRequestInput as _containerd_services_content_v1_ReadContentRequestInput, ReadContentRequest as _containerd_services_content_v1_ReadContentRequest } from './containerd/services/content/v1/ReadContentRequest.js';
import type { ReadContentResponseInput as _containerd_services_content_v1_ReadContentResponseInput, ReadContentResponse as _containerd_services_content_v1_ReadContentResponse } from './containerd/services/content/v1/ReadContentResponse.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      content: {
        v1: {
          Content: SubtypeConstructor<typeof grpc.Client, _containerd_services_content_v1_ContentClient> & { service: _containerd_services_content_v1_ContentDefinition }
          Info: MessageTypeDefinition<_containerd_services_content_v1_InfoInput, _containerd_services_content_v1_Info>
          InfoRequest: MessageTypeDefinition<_containerd_services_content_v1_InfoRequestInput, _containerd_services_content_v1_InfoRequest>
          InfoResponse: MessageTypeDefinition<_containerd_services_content_v1_InfoResponseInput, _containerd_services_content_v1_InfoResponse>
          ReadContentRequest: MessageTypeDefinition<_containerd_services_content_v1_ReadContentRequestInput, _containerd_services_content_v1_ReadContentRequest>
          ReadContentResponse: MessageTypeDefinition<_containerd_services_content_v1_ReadContentResponseInput, _containerd_services_content_v1_ReadContentResponse>
        }
      }
    }
  }
}

