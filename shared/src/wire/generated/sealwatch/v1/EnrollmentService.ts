// Original file: proto/sealwatch/v1/enrollment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrollRequestInput as _sealwatch_v1_EnrollRequestInput, EnrollRequest as _sealwatch_v1_EnrollRequest } from '../../sealwatch/v1/EnrollRequest.js';
import type { EnrollResponseInput as _sealwatch_v1_EnrollResponseInput, EnrollResponse as _sealwatch_v1_EnrollResponse } from '../../sealwatch/v1/EnrollResponse.js';
import type { RenewRequestInput as _sealwatch_v1_RenewRequestInput, RenewRequest as _sealwatch_v1_RenewRequest } from '../../sealwatch/v1/RenewRequest.js';
import type { RenewResponseInput as _sealwatch_v1_RenewResponseInput, RenewResponse as _sealwatch_v1_RenewResponse } from '../../sealwatch/v1/RenewResponse.js';

/**
 * How a host gets its certificates. Server-authenticated TLS; the agent has pinned the root.
 */
export interface EnrollmentServiceClient extends grpc.Client {
  /**
   * A one-use token and two CSRs. Names come from the token, never from the CSRs.
   */
  Enroll(argument: _sealwatch_v1_EnrollRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _sealwatch_v1_EnrollRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _sealwatch_v1_EnrollRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _sealwatch_v1_EnrollRequestInput, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  /**
   * A one-use token and two CSRs. Names come from the token, never from the CSRs.
   */
  enroll(argument: _sealwatch_v1_EnrollRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _sealwatch_v1_EnrollRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _sealwatch_v1_EnrollRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _sealwatch_v1_EnrollRequestInput, callback: grpc.requestCallback<_sealwatch_v1_EnrollResponse>): grpc.ClientUnaryCall;
  
  /**
   * New certificates for a host that still holds its signing key.
   */
  Renew(argument: _sealwatch_v1_RenewRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  Renew(argument: _sealwatch_v1_RenewRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  Renew(argument: _sealwatch_v1_RenewRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  Renew(argument: _sealwatch_v1_RenewRequestInput, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  /**
   * New certificates for a host that still holds its signing key.
   */
  renew(argument: _sealwatch_v1_RenewRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  renew(argument: _sealwatch_v1_RenewRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  renew(argument: _sealwatch_v1_RenewRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  renew(argument: _sealwatch_v1_RenewRequestInput, callback: grpc.requestCallback<_sealwatch_v1_RenewResponse>): grpc.ClientUnaryCall;
  
}

/**
 * How a host gets its certificates. Server-authenticated TLS; the agent has pinned the root.
 */
export interface EnrollmentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * A one-use token and two CSRs. Names come from the token, never from the CSRs.
   */
  Enroll: grpc.handleUnaryCall<_sealwatch_v1_EnrollRequest, _sealwatch_v1_EnrollResponseInput>;
  
  /**
   * New certificates for a host that still holds its signing key.
   */
  Renew: grpc.handleUnaryCall<_sealwatch_v1_RenewRequest, _sealwatch_v1_RenewResponseInput>;
  
}

export interface EnrollmentServiceDefinition extends grpc.ServiceDefinition {
  Enroll: MethodDefinition<_sealwatch_v1_EnrollRequestInput, _sealwatch_v1_EnrollResponseInput, _sealwatch_v1_EnrollRequest, _sealwatch_v1_EnrollResponse>
  Renew: MethodDefinition<_sealwatch_v1_RenewRequestInput, _sealwatch_v1_RenewResponseInput, _sealwatch_v1_RenewRequest, _sealwatch_v1_RenewResponse>
}
