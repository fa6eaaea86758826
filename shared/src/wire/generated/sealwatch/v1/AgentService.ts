// Original file: proto/sealwatch/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AttestRequestInput as _sealwatch_v1_AttestRequestInput, AttestRequest as _sealwatch_v1_AttestRequest } from '../../sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput as _sealwatch_v1_AttestResponseInput, AttestResponse as _sealwatch_v1_AttestResponse } from '../../sealwatch/v1/AttestResponse.js';

/**
 * Where hosts report. Only a host's TLS certificate opens it.
 */
export interface AgentServiceClient extends grpc.Client {
  /**
   * One stream per agent, for as long as it runs.
   */
  Attest(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestResponse>;
  Attest(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestResponse>;
  /**
   * One stream per agent, for as long as it runs.
   */
  attest(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestResponse>;
  attest(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestResponse>;
  
}

/**
 * Where hosts report. Only a host's TLS certificate opens it.
 */
export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One stream per agent, for as long as it runs.
   */
  Attest: grpc.handleBidiStreamingCall<_sealwatch_v1_AttestRequest, _sealwatch_v1_AttestResponseInput>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  Attest: MethodDefinition<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestResponseInput, _sealwatch_v1_AttestRequest, _sealwatch_v1_AttestResponse>
}
