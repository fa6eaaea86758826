// Original file: proto/containerd/containers.proto

import type { ContainerInput as _containerd_services_containers_v1_ContainerInput, Container as _containerd_services_containers_v1_Container } from '../../../../containerd/services/containers/v1/Container.js';

export interface ListContainerMessageInput {
  'container'?: (_containerd_services_containers_v1_ContainerInput | null);
}

export interface ListContainerMessage {
  'container': (_containerd_services_containers_v1_Container | null);
}
