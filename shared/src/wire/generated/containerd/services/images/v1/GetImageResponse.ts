// Original file: proto/containerd/images.proto

import type { ImageInput as _containerd_services_images_v1_ImageInput, Image as _containerd_services_images_v1_Image } from '../../../../containerd/services/images/v1/Image.js';

export interface GetImageResponseInput {
  'image'?: (_containerd_services_images_v1_ImageInput | null);
}

export interface GetImageResponse {
  'image': (_containerd_services_images_v1_Image | null);
}
