// Original file: proto/sealwatch/v1/query.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CheckEventInput as _sealwatch_v1_CheckEventInput, CheckEvent as _sealwatch_v1_CheckEvent } from '../../sealwatch/v1/CheckEvent.js';
import type { CheckRequestInput as _sealwatch_v1_CheckRequestInput, CheckRequest as _sealwatch_v1_CheckRequest } from '../../sealwatch/v1/CheckRequest.js';
import type { ClusterStatusInput as _sealwatch_v1_ClusterStatusInput, ClusterStatus as _sealwatch_v1_ClusterStatus } from '../../sealwatch/v1/ClusterStatus.js';
import type { CreateTokenRequestInput as _sealwatch_v1_CreateTokenRequestInput, CreateTokenRequest as _sealwatch_v1_CreateTokenRequest } from '../../sealwatch/v1/CreateTokenRequest.js';
import type { CreateTokenResponseInput as _sealwatch_v1_CreateTokenResponseInput, CreateTokenResponse as _sealwatch_v1_CreateTokenResponse } from '../../sealwatch/v1/CreateTokenResponse.js';
import type { GetHostRequestInput as _sealwatch_v1_GetHostRequestInput, GetHostRequest as _sealwatch_v1_GetHostRequest } from '../../sealwatch/v1/GetHostRequest.js';
import type { GetReleaseRequestInput as _sealwatch_v1_GetReleaseRequestInput, GetReleaseRequest as _sealwatch_v1_GetReleaseRequest } from '../../sealwatch/v1/GetReleaseRequest.js';
import type { GetReleaseResponseInput as _sealwatch_v1_GetReleaseResponseInput, GetReleaseResponse as _sealwatch_v1_GetReleaseResponse } from '../../sealwatch/v1/GetReleaseResponse.js';
import type { GetReportRequestInput as _sealwatch_v1_GetReportRequestInput, GetReportRequest as _sealwatch_v1_GetReportRequest } from '../../sealwatch/v1/GetReportRequest.js';
import type { GetReportResponseInput as _sealwatch_v1_GetReportResponseInput, GetReportResponse as _sealwatch_v1_GetReportResponse } from '../../sealwatch/v1/GetReportResponse.js';
import type { GetStatusRequestInput as _sealwatch_v1_GetStatusRequestInput, GetStatusRequest as _sealwatch_v1_GetStatusRequest } from '../../sealwatch/v1/GetStatusRequest.js';
import type { HostDetailInput as _sealwatch_v1_HostDetailInput, HostDetail as _sealwatch_v1_HostDetail } from '../../sealwatch/v1/HostDetail.js';
import type { ListHistoryRequestInput as _sealwatch_v1_ListHistoryRequestInput, ListHistoryRequest as _sealwatch_v1_ListHistoryRequest } from '../../sealwatch/v1/ListHistoryRequest.js';
import type { ListHistoryResponseInput as _sealwatch_v1_ListHistoryResponseInput, ListHistoryResponse as _sealwatch_v1_ListHistoryResponse } from '../../sealwatch/v1/ListHistoryResponse.js';
import type { ListHostsRequestInput as _sealwatch_v1_ListHostsRequestInput, ListHostsRequest as _sealwatch_v1_ListHostsRequest } from '../../sealwatch/v1/ListHostsRequest.js';
import type { ListHostsResponseInput as _sealwatch_v1_ListHostsResponseInput, ListHostsResponse as _sealwatch_v1_ListHostsResponse } from '../../sealwatch/v1/ListHostsResponse.js';
import type { ListServiceHistoryRequestInput as _sealwatch_v1_ListServiceHistoryRequestInput, ListServiceHistoryRequest as _sealwatch_v1_ListServiceHistoryRequest } from '../../sealwatch/v1/ListServiceHistoryRequest.js';
import type { ListServiceHistoryResponseInput as _sealwatch_v1_ListServiceHistoryResponseInput, ListServiceHistoryResponse as _sealwatch_v1_ListServiceHistoryResponse } from '../../sealwatch/v1/ListServiceHistoryResponse.js';
import type { PostureChangeInput as _sealwatch_v1_PostureChangeInput, PostureChange as _sealwatch_v1_PostureChange } from '../../sealwatch/v1/PostureChange.js';
import type { PublishReleaseRequestInput as _sealwatch_v1_PublishReleaseRequestInput, PublishReleaseRequest as _sealwatch_v1_PublishReleaseRequest } from '../../sealwatch/v1/PublishReleaseRequest.js';
import type { PublishReleaseResponseInput as _sealwatch_v1_PublishReleaseResponseInput, PublishReleaseResponse as _sealwatch_v1_PublishReleaseResponse } from '../../sealwatch/v1/PublishReleaseResponse.js';
import type { RevokeHostRequestInput as _sealwatch_v1_RevokeHostRequestInput, RevokeHostRequest as _sealwatch_v1_RevokeHostRequest } from '../../sealwatch/v1/RevokeHostRequest.js';
import type { RevokeHostResponseInput as _sealwatch_v1_RevokeHostResponseInput, RevokeHostResponse as _sealwatch_v1_RevokeHostResponse } from '../../sealwatch/v1/RevokeHostResponse.js';
import type { UploadManifestRequestInput as _sealwatch_v1_UploadManifestRequestInput, UploadManifestRequest as _sealwatch_v1_UploadManifestRequest } from '../../sealwatch/v1/UploadManifestRequest.js';
import type { UploadManifestResponseInput as _sealwatch_v1_UploadManifestResponseInput, UploadManifestResponse as _sealwatch_v1_UploadManifestResponse } from '../../sealwatch/v1/UploadManifestResponse.js';
import type { WatchRequestInput as _sealwatch_v1_WatchRequestInput, WatchRequest as _sealwatch_v1_WatchRequest } from '../../sealwatch/v1/WatchRequest.js';

/**
 * What operators ask and decide. An operator's certificate opens it; what may be called depends on the role that the
 * release in force gives the operator: viewer < operator < admin.
 */
export interface QueryServiceClient extends grpc.Client {
  /**
   * Every declared host gets a fresh nonce; progress until all answered or the time is over, then the result. viewer
   */
  Check(argument: _sealwatch_v1_CheckRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_CheckEvent>;
  Check(argument: _sealwatch_v1_CheckRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_CheckEvent>;
  /**
   * Every declared host gets a fresh nonce; progress until all answered or the time is over, then the result. viewer
   */
  check(argument: _sealwatch_v1_CheckRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_CheckEvent>;
  check(argument: _sealwatch_v1_CheckRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_CheckEvent>;
  
  /**
   * A one-use enrolment token. operator
   */
  CreateToken(argument: _sealwatch_v1_CreateTokenRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _sealwatch_v1_CreateTokenRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _sealwatch_v1_CreateTokenRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _sealwatch_v1_CreateTokenRequestInput, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  /**
   * A one-use enrolment token. operator
   */
  createToken(argument: _sealwatch_v1_CreateTokenRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _sealwatch_v1_CreateTokenRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _sealwatch_v1_CreateTokenRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _sealwatch_v1_CreateTokenRequestInput, callback: grpc.requestCallback<_sealwatch_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  
  /**
   * viewer
   */
  GetHost(argument: _sealwatch_v1_GetHostRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  GetHost(argument: _sealwatch_v1_GetHostRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  GetHost(argument: _sealwatch_v1_GetHostRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  GetHost(argument: _sealwatch_v1_GetHostRequestInput, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  /**
   * viewer
   */
  getHost(argument: _sealwatch_v1_GetHostRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  getHost(argument: _sealwatch_v1_GetHostRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  getHost(argument: _sealwatch_v1_GetHostRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  getHost(argument: _sealwatch_v1_GetHostRequestInput, callback: grpc.requestCallback<_sealwatch_v1_HostDetail>): grpc.ClientUnaryCall;
  
  /**
   * The release in force and its manifests. viewer
   */
  GetRelease(argument: _sealwatch_v1_GetReleaseRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  GetRelease(argument: _sealwatch_v1_GetReleaseRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  GetRelease(argument: _sealwatch_v1_GetReleaseRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  GetRelease(argument: _sealwatch_v1_GetReleaseRequestInput, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  /**
   * The release in force and its manifests. viewer
   */
  getRelease(argument: _sealwatch_v1_GetReleaseRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  getRelease(argument: _sealwatch_v1_GetReleaseRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  getRelease(argument: _sealwatch_v1_GetReleaseRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  getRelease(argument: _sealwatch_v1_GetReleaseRequestInput, callback: grpc.requestCallback<_sealwatch_v1_GetReleaseResponse>): grpc.ClientUnaryCall;
  
  /**
   * The signed envelope as it came, byte for byte. viewer
   */
  GetReport(argument: _sealwatch_v1_GetReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  GetReport(argument: _sealwatch_v1_GetReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  GetReport(argument: _sealwatch_v1_GetReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  GetReport(argument: _sealwatch_v1_GetReportRequestInput, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  /**
   * The signed envelope as it came, byte for byte. viewer
   */
  getReport(argument: _sealwatch_v1_GetReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  getReport(argument: _sealwatch_v1_GetReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  getReport(argument: _sealwatch_v1_GetReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  getReport(argument: _sealwatch_v1_GetReportRequestInput, callback: grpc.requestCallback<_sealwatch_v1_GetReportResponse>): grpc.ClientUnaryCall;
  
  /**
   * The cluster's standing as known now. viewer
   */
  GetStatus(argument: _sealwatch_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  GetStatus(argument: _sealwatch_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  GetStatus(argument: _sealwatch_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  GetStatus(argument: _sealwatch_v1_GetStatusRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  /**
   * The cluster's standing as known now. viewer
   */
  getStatus(argument: _sealwatch_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  getStatus(argument: _sealwatch_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  getStatus(argument: _sealwatch_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  getStatus(argument: _sealwatch_v1_GetStatusRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ClusterStatus>): grpc.ClientUnaryCall;
  
  /**
   * Newest first, paged. viewer
   */
  ListHistory(argument: _sealwatch_v1_ListHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _sealwatch_v1_ListHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _sealwatch_v1_ListHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _sealwatch_v1_ListHistoryRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  /**
   * Newest first, paged. viewer
   */
  listHistory(argument: _sealwatch_v1_ListHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _sealwatch_v1_ListHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _sealwatch_v1_ListHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _sealwatch_v1_ListHistoryRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  
  /**
   * viewer
   */
  ListHosts(argument: _sealwatch_v1_ListHostsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  ListHosts(argument: _sealwatch_v1_ListHostsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  ListHosts(argument: _sealwatch_v1_ListHostsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  ListHosts(argument: _sealwatch_v1_ListHostsRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  /**
   * viewer
   */
  listHosts(argument: _sealwatch_v1_ListHostsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  listHosts(argument: _sealwatch_v1_ListHostsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  listHosts(argument: _sealwatch_v1_ListHostsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  listHosts(argument: _sealwatch_v1_ListHostsRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListHostsResponse>): grpc.ClientUnaryCall;
  
  /**
   * The reports of a host at which the measurement of one TLS service changed. Newest first, paged. viewer
   */
  ListServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  ListServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  ListServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  ListServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  /**
   * The reports of a host at which the measurement of one TLS service changed. Newest first, paged. viewer
   */
  listServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  listServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  listServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  listServiceHistory(argument: _sealwatch_v1_ListServiceHistoryRequestInput, callback: grpc.requestCallback<_sealwatch_v1_ListServiceHistoryResponse>): grpc.ClientUnaryCall;
  
  /**
   * Puts a release signed by the cluster key in force. admin; before the first release any operator certificate
   */
  PublishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  PublishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  PublishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  PublishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  /**
   * Puts a release signed by the cluster key in force. admin; before the first release any operator certificate
   */
  publishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  publishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  publishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  publishRelease(argument: _sealwatch_v1_PublishReleaseRequestInput, callback: grpc.requestCallback<_sealwatch_v1_PublishReleaseResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends a host's certificates and its live stream at once. admin
   */
  RevokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  RevokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  RevokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  RevokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  /**
   * Ends a host's certificates and its live stream at once. admin
   */
  revokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  revokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  revokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  revokeHost(argument: _sealwatch_v1_RevokeHostRequestInput, callback: grpc.requestCallback<_sealwatch_v1_RevokeHostResponse>): grpc.ClientUnaryCall;
  
  /**
   * Stores a manifest; it counts only once a release names it. admin
   */
  UploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  UploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  UploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  UploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  /**
   * Stores a manifest; it counts only once a release names it. admin
   */
  uploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  uploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  uploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  uploadManifest(argument: _sealwatch_v1_UploadManifestRequestInput, callback: grpc.requestCallback<_sealwatch_v1_UploadManifestResponse>): grpc.ClientUnaryCall;
  
  /**
   * Changes of posture as they happen. viewer
   */
  Watch(argument: _sealwatch_v1_WatchRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_PostureChange>;
  Watch(argument: _sealwatch_v1_WatchRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_PostureChange>;
  /**
   * Changes of posture as they happen. viewer
   */
  watch(argument: _sealwatch_v1_WatchRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_PostureChange>;
  watch(argument: _sealwatch_v1_WatchRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_sealwatch_v1_PostureChange>;
  
}

/**
 * What operators ask and decide. An operator's certificate opens it; what may be called depends on the role that the
 * release in force gives the operator: viewer < operator < admin.
 */
export interface QueryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Every declared host gets a fresh nonce; progress until all answered or the time is over, then the result. viewer
   */
  Check: grpc.handleServerStreamingCall<_sealwatch_v1_CheckRequest, _sealwatch_v1_CheckEventInput>;
  
  /**
   * A one-use enrolment token. operator
   */
  CreateToken: grpc.handleUnaryCall<_sealwatch_v1_CreateTokenRequest, _sealwatch_v1_CreateTokenResponseInput>;
  
  /**
   * viewer
   */
  GetHost: grpc.handleUnaryCall<_sealwatch_v1_GetHostRequest, _sealwatch_v1_HostDetailInput>;
  
  /**
   * The release in force and its manifests. viewer
   */
  GetRelease: grpc.handleUnaryCall<_sealwatch_v1_GetReleaseRequest, _sealwatch_v1_GetReleaseResponseInput>;
  
  /**
   * The signed envelope as it came, byte for byte. viewer
   */
  GetReport: grpc.handleUnaryCall<_sealwatch_v1_GetReportRequest, _sealwatch_v1_GetReportResponseInput>;
  
  /**
   * The cluster's standing as known now. viewer
   */
  GetStatus: grpc.handleUnaryCall<_sealwatch_v1_GetStatusRequest, _sealwatch_v1_ClusterStatusInput>;
  
  /**
   * Newest first, paged. viewer
   */
  ListHistory: grpc.handleUnaryCall<_sealwatch_v1_ListHistoryRequest, _sealwatch_v1_ListHistoryResponseInput>;
  
  /**
   * viewer
   */
  ListHosts: grpc.handleUnaryCall<_sealwatch_v1_ListHostsRequest, _sealwatch_v1_ListHostsResponseInput>;
  
  /**
   * The reports of a host at which the measurement of one TLS service changed. Newest first, paged. viewer
   */
  ListServiceHistory: grpc.handleUnaryCall<_sealwatch_v1_ListServiceHistoryRequest, _sealwatch_v1_ListServiceHistoryResponseInput>;
  
  /**
   * Puts a release signed by the cluster key in force. admin; before the first release any operator certificate
   */
  PublishRelease: grpc.handleUnaryCall<_sealwatch_v1_PublishReleaseRequest, _sealwatch_v1_PublishReleaseResponseInput>;
  
  /**
   * Ends a host's certificates and its live stream at once. admin
   */
  RevokeHost: grpc.handleUnaryCall<_sealwatch_v1_RevokeHostRequest, _sealwatch_v1_RevokeHostResponseInput>;
  
  /**
   * Stores a manifest; it counts only once a release names it. admin
   */
  UploadManifest: grpc.handleUnaryCall<_sealwatch_v1_UploadManifestRequest, _sealwatch_v1_UploadManifestResponseInput>;
  
  /**
   * Changes of posture as they happen. viewer
   */
  Watch: grpc.handleServerStreamingCall<_sealwatch_v1_WatchRequest, _sealwatch_v1_PostureChangeInput>;
  
}

export interface QueryServiceDefinition extends grpc.ServiceDefinition {
  Check: MethodDefinition<_sealwatch_v1_CheckRequestInput, _sealwatch_v1_CheckEventInput, _sealwatch_v1_CheckRequest, _sealwatch_v1_CheckEvent>
  CreateToken: MethodDefinition<_sealwatch_v1_CreateTokenRequestInput, _sealwatch_v1_CreateTokenResponseInput, _sealwatch_v1_CreateTokenRequest, _sealwatch_v1_CreateTokenResponse>
  GetHost: MethodDefinition<_sealwatch_v1_GetHostRequestInput, _sealwatch_v1_HostDetailInput, _sealwatch_v1_GetHostRequest, _sealwatch_v1_HostDetail>
  GetRelease: MethodDefinition<_sealwatch_v1_GetReleaseRequestInput, _sealwatch_v1_GetReleaseResponseInput, _sealwatch_v1_GetReleaseRequest, _sealwatch_v1_GetReleaseResponse>
  GetReport: MethodDefinition<_sealwatch_v1_GetReportRequestInput, _sealwatch_v1_GetReportResponseInput, _sealwatch_v1_GetReportRequest, _sealwatch_v1_GetReportResponse>
  GetStatus: MethodDefinition<_sealwatch_v1_GetStatusRequestInput, _sealwatch_v1_ClusterStatusInput, _sealwatch_v1_GetStatusRequest, _sealwatch_v1_ClusterStatus>
  ListHistory: MethodDefinition<_sealwatch_v1_ListHistoryRequestInput, _sealwatch_v1_ListHistoryResponseInput, _sealwatch_v1_ListHistoryRequest, _sealwatch_v1_ListHistoryResponse>
  ListHosts: MethodDefinition<_sealwatch_v1_ListHostsRequestInput, _sealwatch_v1_ListHostsResponseInput, _sealwatch_v1_ListHostsRequest, _sealwatch_v1_ListHostsResponse>
  ListServiceHistory: MethodDefinition<_sealwatch_v1_ListServiceHistoryRequestInput, _sealwatch_v1_ListServiceHistoryResponseInput, _sealwatch_v1_ListServiceHistoryRequest, _sealwatch_v1_ListServiceHistoryResponse>
  PublishRelease: MethodDefinition<_sealwatch_v1_PublishReleaseRequestInput, _sealwatch_v1_PublishReleaseResponseInput, _sealwatch_v1_PublishReleaseRequest, _sealwatch_v1_PublishReleaseResponse>
  RevokeHost: MethodDefinition<_sealwatch_v1_RevokeHostRequestInput, _sealwatch_v1_RevokeHostResponseInput, _sealwatch_v1_RevokeHostRequest, _sealwatch_v1_RevokeHostResponse>
  UploadManifest: MethodDefinition<_sealwatch_v1_UploadManifestRequestInput, _sealwatch_v1_UploadManifestResponseInput, _sealwatch_v1_UploadManifestRequest, _sealwatch_v1_UploadManifestResponse>
  Watch: MethodDefinition<_sealwatch_v1_WatchRequestInput, _sealwatch_v1_PostureChangeInput, _sealwatch_v1_WatchRequest, _sealwatch_v1_PostureChange>
}
