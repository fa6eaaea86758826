// Original file: proto/containerd/containers.proto

import type { AnyInput as _google_protobuf_AnyInput, Any as _google_protobuf_Any } from '../../../../google/protobuf/Any.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../../../google/protobuf/Timestamp.js';

export interface _containerd_services_containers_v1_Container_RuntimeInput {
  'name'?: (string);
}

export interface _containerd_services_containers_v1_Container_Runtime {
  'name': (string);
}

export interface ContainerInput {
  'id'?: (string);
  'labels'?: ({[key: string]: string});
  'image'?: (string);
  'runtime'?: (_containerd_services_containers_v1_Container_RuntimeInput | null);
  /**
   * The OCI runtime specification as JSON.
   */
  'spec'?: (_google_protobuf_AnyInput | null);
  'snapshotter'?: (string);
  'snapshotKey'?: (string);
  'createdAt'?: (_google_protobuf_TimestampInput | null);
}

export interface Container {
  'id': (string);
  'labels': ({[key: string]: string});
  'image': (string);
  'runtime': (_containerd_services_containers_v1_Container_Runtime | null);
  /**
   * The OCI runtime specification as JSON.
   */
  'spec': (_google_protobuf_Any | null);
  'snapshotter': (string);
  'snapshotKey': (string);
  'createdAt': (_google_protobuf_Timestamp | null);
}
