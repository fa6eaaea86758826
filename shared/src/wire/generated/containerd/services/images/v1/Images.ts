// Original file: proto/containerd/images.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetImageRequestInput as _containerd_services_images_v1_GetImageRequestInput, GetImageRequest as _containerd_services_images_v1_GetImageRequest } from '../../../../containerd/services/images/v1/GetImageRequest.js';
import type { GetImageResponseInput as _containerd_services_images_v1_GetImageResponseInput, GetImageResponse as _containerd_services_images_v1_GetImageResponse } from '../../../../containerd/services/images/v1/GetImageResponse.js';
import type { ListImagesRequestInput as _containerd_services_images_v1_ListImagesRequestInput, ListImagesRequest as _containerd_services_images_v1_ListImagesRequest } from '../../../../containerd/services/images/v1/ListImagesRequest.js';
import type { ListImagesResponseInput as _containerd_services_images_v1_ListImagesResponseInput, ListImagesResponse as _containerd_services_images_v1_ListImagesResponse } from '../../../../containerd/services/images/v1/ListImagesResponse.js';

export interface ImagesClient extends grpc.Client {
  Get(argument: _containerd_services_images_v1_GetImageRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_images_v1_GetImageRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_images_v1_GetImageRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_images_v1_GetImageRequestInput, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_images_v1_GetImageRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_images_v1_GetImageRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_images_v1_GetImageRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_images_v1_GetImageRequestInput, callback: grpc.requestCallback<_containerd_services_images_v1_GetImageResponse>): grpc.ClientUnaryCall;
  
  List(argument: _containerd_services_images_v1_ListImagesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_images_v1_ListImagesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_images_v1_ListImagesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_images_v1_ListImagesRequestInput, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_images_v1_ListImagesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_images_v1_ListImagesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_images_v1_ListImagesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_images_v1_ListImagesRequestInput, callback: grpc.requestCallback<_containerd_services_images_v1_ListImagesResponse>): grpc.ClientUnaryCall;
  
}

export interface ImagesHandlers extends grpc.UntypedServiceImplementation {
  Get: grpc.handleUnaryCall<_containerd_services_images_v1_GetImageRequest, _containerd_services_images_v1_GetImageResponseInput>;
  
  List: grpc.handleUnaryCall<_containerd_services_images_v1_ListImagesRequest, _containerd_services_images_v1_ListImagesResponseInput>;
  
}

export interface ImagesDefinition extends grpc.ServiceDefinition {
  Get: MethodDefinition<_containerd_services_images_v1_GetImageRequestInput, _containerd_services_images_v1_GetImageResponseInput, _containerd_services_images_v1_GetImageRequest, _containerd_services_images_v1_GetImageResponse>
  List: MethodDefinition<_containerd_services_images_v1_ListImagesRequestInput, _containerd_services_images_v1_ListImagesResponseInput, _containerd_services_images_v1_ListImagesRequest, _containerd_services_images_v1_ListImagesResponse>
}
