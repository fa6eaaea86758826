// Original file: proto/containerd/events.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnvelopeInput as _containerd_services_events_v1_EnvelopeInput, Envelope as _containerd_services_events_v1_Envelope } from '../../../../containerd/services/events/v1/Envelope.js';
import type { SubscribeRequestInput as _containerd_services_events_v1_SubscribeRequestInput, SubscribeRequest as _containerd_services_events_v1_SubscribeRequest } from '../../../../containerd/services/events/v1/SubscribeRequest.js';

export interface EventsClient extends grpc.Client {
  /**
   * Sends what happens from now on, of every namespace, until one side ends it.
   */
  Subscribe(argument: _containerd_services_events_v1_SubscribeRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_events_v1_Envelope>;
  Subscribe(argument: _containerd_services_events_v1_SubscribeRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_events_v1_Envelope>;
  /**
   * Sends what happens from now on, of every namespace, until one side ends it.
   */
  subscribe(argument: _containerd_services_events_v1_SubscribeRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_events_v1_Envelope>;
  subscribe(argument: _containerd_services_events_v1_SubscribeRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_events_v1_Envelope>;
  
}

export interface EventsHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Sends what happens from now on, of every namespace, until one side ends it.
   */
  Subscribe: grpc.handleServerStreamingCall<_containerd_services_events_v1_SubscribeRequest, _containerd_services_events_v1_EnvelopeInput>;
  
}

export interface EventsDefinition extends grpc.ServiceDefinition {
  Subscribe: MethodDefinition<_containerd_services_events_v1_SubscribeRequestInput, _containerd_services_events_v1_EnvelopeInput, _containerd_services_events_v1_SubscribeRequest, _containerd_services_events_v1_Envelope>
}
