import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { GetImageRequestInput as _containerd_services_images_v1_GetImageRequestInput, GetImageRequest as _containerd_services_images_v1_GetImageRequest } from './containerd/services/images/v1/GetImageRequest.js';
import type { GetImageResponseInput as _containerd_services_images_v1_GetImageResponseInput, GetImageResponse as _containerd_services_images_v1_GetImageResponse } from './containerd/services/images/v1/GetImageResponse.js';
import type { ImageInput as _containerd_services_images_v1_ImageInput, Image as _containerd_services_images_v1_Image } from './containerd/services/images/v1/Image.js';
import type { ImagesClient as _containerd_services_images_v1_ImagesClient, ImagesDefinition as _containerd_services_images_v1_ImagesDefinition } from './containerd/services/images/v1/Images.js';
import type { ListImagesRequestInput as _containerd_services_images_v1_ListImagesRequestInput, ListImagesRequest as _containerd_services_images_v1_ListImagesRequest } from './containerd/services/images/v1/ListImagesRequest.js';
import type { ListImagesResponseInput as _containerd_services_images_v1_ListImagesResponseInput, ListImagesResponse as _containerd_services_images_v1_ListImagesResponse } from './containerd/services/images/v1/ListImagesResponse.js';
import type { DescriptorInput as _containerd_types_DescriptorInput, Descriptor as _containerd_types_Descriptor } from './containerd/types/Descriptor.js';
import type { MountInput as _containerd_types_MountInput, Mount as _containerd_types_Mount } from './containerd/types/Mount.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      images: {
        v1: {
          GetImageRequest: MessageTypeDefinition<_containerd_services_images_v1_GetImageRequestInput, _containerd_services_images_v1_GetImageRequest>
          GetImageResponse: MessageTypeDefinition<_containerd_services_images_v1_GetImageResponseInput, _containerd_services_images_v1_GetImageResponse>
          Image: MessageTypeDefinition<_containerd_services_images_v1_ImageInput, _containerd_services_images_v1_Image>
          Images: SubtypeConstructor<typeof grpc.Client, _containerd_services_images_v1_ImagesClient> & { service: _containerd_services_images_v1_ImagesDefinition }
          ListImagesRequest: MessageTypeDefinition<_containerd_services_images_v1_ListImagesRequestInput, _containerd_services_images_v1_ListImagesRequest>
          ListImagesResponse: MessageTypeDefinition<_containerd_services_images_v1_ListImagesResponseInput, _containerd_services_images_v1_ListImagesResponse>
        }
      }
    }
    types: {
      Descriptor: MessageTypeDefinition<_containerd_types_DescriptorInput, _containerd_types_Descriptor>
      Mount: MessageTypeDefinition<_containerd_types_MountInput, _containerd_types_Mount>
    }
  }
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
    }
  }
}

