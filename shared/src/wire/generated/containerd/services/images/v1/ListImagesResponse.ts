// Original file: proto/containerd/images.proto

import type { ImageInput as _containerd_services_images_v1_ImageInput, Image as _containerd_services_images_v1_Image } from '../../../../containerd/services/images/v1/Image.js';

export interface ListImagesResponseInput {
  'images'?: (_containerd_services_images_v1_ImageInput)[];
}

export interface ListImagesResponse {
  'images': (_containerd_services_images_v1_Image)[];
}
