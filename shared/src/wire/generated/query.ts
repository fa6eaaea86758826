import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AckInput as _sealwatch_v1_AckInput, Ack as _sealwatch_v1_Ack } from './sealwatch/v1/Ack.js';
import type { AgentServiceClient as _sealwatch_v1_AgentServiceClient, AgentServiceDefinition as _sealwatch_v1_AgentServiceDefinition } from './sealwatch/v1/AgentService.js';
import type { AttestRequestInput as _sealwatch_v1_AttestRequestInput, AttestRequest as _sealwatch_v1_AttestRequest } from './sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput as _sealwatch_v1_AttestResponseInput, AttestResponse as _sealwatch_v1_AttestResponse } from './sealwatch/v1/AttestResponse.js';
import type { BodiesInput as _sealwatch_v1_BodiesInput, Bodies as _sealwatch_v1_Bodies } from './sealwatch/v1/Bodies.js';
import type { BodyInput as _sealwatch_v1_BodyInput, Body as _sealwatch_v1_Body } from './sealwatch/v1/Body.js';
import type { CertificateSummaryInput as _sealwatch_v1_CertificateSummaryInput, CertificateSummary as _sealwatch_v1_CertificateSummary } from './sealwatch/v1/CertificateSummary.js';
import type { ChallengeInput as _sealwatch_v1_ChallengeInput, Challenge as _sealwatch_v1_Challenge } from './sealwatch/v1/Challenge.js';
import type { CheckEventInput as _sealwatch_v1_CheckEventInput, CheckEvent as _sealwatch_v1_CheckEvent } from './sealwatch/v1/CheckEvent.js';
import type { CheckProgressInput as _sealwatch_v1_CheckProgressInput, CheckProgress as _sealwatch_v1_CheckProgress } from './sealwatch/v1/CheckProgress.js';
import type { CheckRequestInput as _sealwatch_v1_CheckRequestInput, CheckRequest as _sealwatch_v1_CheckRequest } from './sealwatch/v1/CheckRequest.js';
import type { CheckResultInput as _sealwatch_v1_CheckResultInput, CheckResult as _sealwatch_v1_CheckResult } from './sealwatch/v1/CheckResult.js';
import type { ClusterStatusInput as _sealwatch_v1_ClusterStatusInput, ClusterStatus as _sealwatch_v1_ClusterStatus } from './sealwatch/v1/ClusterStatus.js';
import type { CreateTokenRequestInput as _sealwatch_v1_CreateTokenRequestInput, CreateTokenRequest as _sealwatch_v1_CreateTokenRequest } from './sealwatch/v1/CreateTokenRequest.js';
import type { CreateTokenResponseInput as _sealwatch_v1_CreateTokenResponseInput, CreateTokenResponse as _sealwatch_v1_CreateTokenResponse } from './sealwatch/v1/CreateTokenResponse.js';
import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from './sealwatch/v1/Envelope.js';
import type { GetHostRequestInput as _sealwatch_v1_GetHostRequestInput, GetHostRequest as _sealwatch_v1_GetHostRequest } from './sealwatch/v1/GetHostRequest.js';
import type { GetReleaseRequestInput as _sealwatch_v1_GetReleaseRequestInput, GetReleaseRequest as _sealwatch_v1_GetReleaseRequest } from './sealwatch/v1/GetReleaseRequest.js';
import type { GetReleaseResponseInput as _sealwatch_v1_GetReleaseResponseInput, GetReleaseResponse as _sealwatch_v1_GetReleaseResponse } from './sealwatch/v1/GetReleaseResponse.js';
import type { GetReportRequestInput as _sealwatch_v1_GetReportRequestInput, GetReportRequest as _sealwatch_v1_GetReportRequest } from './sealwatch/v1/GetReportRequest.js';
import type { GetReportResponseInput as _sealwatch_v1_GetReportResponseInput, GetReportResponse as _sealwatch_v1_GetReportResponse } from './sealwatch/v1/GetReportResponse.js';
import type { GetStatusRequestInput as _sealwatch_v1_GetStatusRequestInput, GetStatusRequest as _sealwatch_v1_GetStatusRequest } from './sealwatch/v1/GetStatusRequest.js';
import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from './sealwatch/v1/Head.js';
import type { HeartbeatInput as _sealwatch_v1_HeartbeatInput, Heartbeat as _sealwatch_v1_Heartbeat } from './sealwatch/v1/Heartbeat.js';
import type { HelloInput as _sealwatch_v1_HelloInput, Hello as _sealwatch_v1_Hello } from './sealwatch/v1/Hello.js';
import type { HistoryEntryInput as _sealwatch_v1_HistoryEntryInput, HistoryEntry as _sealwatch_v1_HistoryEntry } from './sealwatch/v1/HistoryEntry.js';
import type { HostDetailInput as _sealwatch_v1_HostDetailInput, HostDetail as _sealwatch_v1_HostDetail } from './sealwatch/v1/HostDetail.js';
import type { HostSummaryInput as _sealwatch_v1_HostSummaryInput, HostSummary as _sealwatch_v1_HostSummary } from './sealwatch/v1/HostSummary.js';
import type { ListHistoryRequestInput as _sealwatch_v1_ListHistoryRequestInput, ListHistoryRequest as _sealwatch_v1_ListHistoryRequest } from './sealwatch/v1/ListHistoryRequest.js';
import type { ListHistoryResponseInput as _sealwatch_v1_ListHistoryResponseInput, ListHistoryResponse as _sealwatch_v1_ListHistoryResponse } from './sealwatch/v1/ListHistoryResponse.js';
import type { ListHostsRequestInput as _sealwatch_v1_ListHostsRequestInput, ListHostsRequest as _sealwatch_v1_ListHostsRequest } from './sealwatch/v1/ListHostsRequest.js';
import type { ListHostsResponseInput as _sealwatch_v1_ListHostsResponseInput, ListHostsResponse as _sealwatch_v1_ListHostsResponse } from './sealwatch/v1/ListHostsResponse.js';
import type { ListServiceHistoryRequestInput as _sealwatch_v1_ListServiceHistoryRequestInput, ListServiceHistoryRequest as _sealwatch_v1_ListServiceHistoryRequest } from './sealwatch/v1/ListServiceHistoryRequest.js';
import type { ListServiceHistoryResponseInput as _sealwatch_v1_ListServiceHistoryResponseInput, ListServiceHistoryResponse as _sealwatch_v1_ListServiceHistoryResponse } from './sealwatch/v1/ListServiceHistoryResponse.js';
import type { NeedInput as _sealwatch_v1_NeedInput, Need as _sealwatch_v1_Need } from './sealwatch/v1/Need.js';
import type { PostureChangeInput as _sealwatch_v1_PostureChangeInput, PostureChange as _sealwatch_v1_PostureChange } from './sealwatch/v1/PostureChange.js';
import type { PublishReleaseRequestInput as _sealwatch_v1_PublishReleaseRequestInput, PublishReleaseRequest as _sealwatch_v1_PublishReleaseRequest } from './sealwatch/v1/PublishReleaseRequest.js';
import type { PublishReleaseResponseInput as _sealwatch_v1_PublishReleaseResponseInput, PublishReleaseResponse as _sealwatch_v1_PublishReleaseResponse } from './sealwatch/v1/PublishReleaseResponse.js';
import type { QueryServiceClient as _sealwatch_v1_QueryServiceClient, QueryServiceDefinition as _sealwatch_v1_QueryServiceDefinition } from './sealwatch/v1/QueryService.js';
import type { ReportUploadInput as _sealwatch_v1_ReportUploadInput, ReportUpload as _sealwatch_v1_ReportUpload } from './sealwatch/v1/ReportUpload.js';
import type { RevokeHostRequestInput as _sealwatch_v1_RevokeHostRequestInput, RevokeHostRequest as _sealwatch_v1_RevokeHostRequest } from './sealwatch/v1/RevokeHostRequest.js';
import type { RevokeHostResponseInput as _sealwatch_v1_RevokeHostResponseInput, RevokeHostResponse as _sealwatch_v1_RevokeHostResponse } from './sealwatch/v1/RevokeHostResponse.js';
import type { SealUploadInput as _sealwatch_v1_SealUploadInput, SealUpload as _sealwatch_v1_SealUpload } from './sealwatch/v1/SealUpload.js';
import type { ServiceHistoryEntryInput as _sealwatch_v1_ServiceHistoryEntryInput, ServiceHistoryEntry as _sealwatch_v1_ServiceHistoryEntry } from './sealwatch/v1/ServiceHistoryEntry.js';
import type { SignatureInput as _sealwatch_v1_SignatureInput, Signature as _sealwatch_v1_Signature } from './sealwatch/v1/Signature.js';
import type { UpdateInput as _sealwatch_v1_UpdateInput, Update as _sealwatch_v1_Update } from './sealwatch/v1/Update.js';
import type { UploadManifestRequestInput as _sealwatch_v1_UploadManifestRequestInput, UploadManifestRequest as _sealwatch_v1_UploadManifestRequest } from './sealwatch/v1/UploadManifestRequest.js';
import type { UploadManifestResponseInput as _sealwatch_v1_UploadManifestResponseInput, UploadManifestResponse as _sealwatch_v1_UploadManifestResponse } from './sealwatch/v1/UploadManifestResponse.js';
import type { WatchRequestInput as _sealwatch_v1_WatchRequestInput, WatchRequest as _sealwatch_v1_WatchRequest } from './sealwatch/v1/WatchRequest.js';
import type { WelcomeInput as _sealwatch_v1_WelcomeInput, Welcome as _sealwatch_v1_Welcome } from './sealwatch/v1/Welcome.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  sealwatch: {
    v1: {
      Ack: MessageTypeDefinition<_sealwatch_v1_AckInput, _sealwatch_v1_Ack>
      /**
       * Where hosts report. Only a host's TLS certificate opens it.
       */
      AgentService: SubtypeConstructor<typeof grpc.Client, _sealwatch_v1_AgentServiceClient> & { service: _sealwatch_v1_AgentServiceDefinition }
      AttestRequest: MessageTypeDefinition<_sealwatch_v1_AttestRequestInput, _sealwatch_v1_AttestRequest>
      AttestResponse: MessageTypeDefinition<_sealwatch_v1_AttestResponseInput, _sealwatch_v1_AttestResponse>
      Bodies: MessageTypeDefinition<_sealwatch_v1_BodiesInput, _sealwatch_v1_Bodies>
      Body: MessageTypeDefinition<_sealwatch_v1_BodyInput, _sealwatch_v1_Body>
      CertificateSummary: MessageTypeDefinition<_sealwatch_v1_CertificateSummaryInput, _sealwatch_v1_CertificateSummary>
      Challenge: MessageTypeDefinition<_sealwatch_v1_ChallengeInput, _sealwatch_v1_Challenge>
      CheckEvent: MessageTypeDefinition<_sealwatch_v1_CheckEventInput, _sealwatch_v1_CheckEvent>
      CheckProgress: MessageTypeDefinition<_sealwatch_v1_CheckProgressInput, _sealwatch_v1_CheckProgress>
      CheckRequest: MessageTypeDefinition<_sealwatch_v1_CheckRequestInput, _sealwatch_v1_CheckRequest>
      CheckResult: MessageTypeDefinition<_sealwatch_v1_CheckResultInput, _sealwatch_v1_CheckResult>
      ClusterStatus: MessageTypeDefinition<_sealwatch_v1_ClusterStatusInput, _sealwatch_v1_ClusterStatus>
      CreateTokenRequest: MessageTypeDefinition<_sealwatch_v1_CreateTokenRequestInput, _sealwatch_v1_CreateTokenRequest>
      CreateTokenResponse: MessageTypeDefinition<_sealwatch_v1_CreateTokenResponseInput, _sealwatch_v1_CreateTokenResponse>
      Envelope: MessageTypeDefinition<_sealwatch_v1_EnvelopeInput, _sealwatch_v1_Envelope>
      GetHostRequest: MessageTypeDefinition<_sealwatch_v1_GetHostRequestInput, _sealwatch_v1_GetHostRequest>
      GetReleaseRequest: MessageTypeDefinition<_sealwatch_v1_GetReleaseRequestInput, _sealwatch_v1_GetReleaseRequest>
      GetReleaseResponse: MessageTypeDefinition<_sealwatch_v1_GetReleaseResponseInput, _sealwatch_v1_GetReleaseResponse>
      GetReportRequest: MessageTypeDefinition<_sealwatch_v1_GetReportRequestInput, _sealwatch_v1_GetReportRequest>
      GetReportResponse: MessageTypeDefinition<_sealwatch_v1_GetReportResponseInput, _sealwatch_v1_GetReportResponse>
      GetStatusRequest: MessageTypeDefinition<_sealwatch_v1_GetStatusRequestInput, _sealwatch_v1_GetStatusRequest>
      Head: MessageTypeDefinition<_sealwatch_v1_HeadInput, _sealwatch_v1_Head>
      Heartbeat: MessageTypeDefinition<_sealwatch_v1_HeartbeatInput, _sealwatch_v1_Heartbeat>
      Hello: MessageTypeDefinition<_sealwatch_v1_HelloInput, _sealwatch_v1_Hello>
      HistoryEntry: MessageTypeDefinition<_sealwatch_v1_HistoryEntryInput, _sealwatch_v1_HistoryEntry>
      HostDetail: MessageTypeDefinition<_sealwatch_v1_HostDetailInput, _sealwatch_v1_HostDetail>
      HostSummary: MessageTypeDefinition<_sealwatch_v1_HostSummaryInput, _sealwatch_v1_HostSummary>
      ListHistoryRequest: MessageTypeDefinition<_sealwatch_v1_ListHistoryRequestInput, _sealwatch_v1_ListHistoryRequest>
      ListHistoryResponse: MessageTypeDefinition<_sealwatch_v1_ListHistoryResponseInput, _sealwatch_v1_ListHistoryResponse>
      ListHostsRequest: MessageTypeDefinition<_sealwatch_v1_ListHostsRequestInput, _sealwatch_v1_ListHostsRequest>
      ListHostsResponse: MessageTypeDefinition<_sealwatch_v1_ListHostsResponseInput, _sealwatch_v1_ListHostsResponse>
      ListServiceHistoryRequest: MessageTypeDefinition<_sealwatch_v1_ListServiceHistoryRequestInput, _sealwatch_v1_ListServiceHistoryRequest>
      ListServiceHistoryResponse: MessageTypeDefinition<_sealwatch_v1_ListServiceHistoryResponseInput, _sealwatch_v1_ListServiceHistoryResponse>
      Need: MessageTypeDefinition<_sealwatch_v1_NeedInput, _sealwatch_v1_Need>
      PostureChange: MessageTypeDefinition<_sealwatch_v1_PostureChangeInput, _sealwatch_v1_PostureChange>
      PublishReleaseRequest: MessageTypeDefinition<_sealwatch_v1_PublishReleaseRequestInput, _sealwatch_v1_PublishReleaseRequest>
      PublishReleaseResponse: MessageTypeDefinition<_sealwatch_v1_PublishReleaseResponseInput, _sealwatch_v1_PublishReleaseResponse>
      /**
       * What operators ask and decide. An operator's certificate opens it; what may be called depends on the role that the
       * release in force gives the operator: viewer < operator < admin.
       */
      QueryService: SubtypeConstructor<typeof grpc.Client, _sealwatch_v1_QueryServiceClient> & { service: _sealwatch_v1_QueryServiceDefinition }
      ReportUpload: MessageTypeDefinition<_sealwatch_v1_ReportUploadInput, _sealwatch_v1_ReportUpload>
      RevokeHostRequest: MessageTypeDefinition<_sealwatch_v1_RevokeHostRequestInput, _sealwatch_v1_RevokeHostRequest>
      RevokeHostResponse: MessageTypeDefinition<_sealwatch_v1_RevokeHostResponseInput, _sealwatch_v1_RevokeHostResponse>
      SealUpload: MessageTypeDefinition<_sealwatch_v1_SealUploadInput, _sealwatch_v1_SealUpload>
      ServiceHistoryEntry: MessageTypeDefinition<_sealwatch_v1_ServiceHistoryEntryInput, _sealwatch_v1_ServiceHistoryEntry>
      Signature: MessageTypeDefinition<_sealwatch_v1_SignatureInput, _sealwatch_v1_Signature>
      Update: MessageTypeDefinition<_sealwatch_v1_UpdateInput, _sealwatch_v1_Update>
      UploadManifestRequest: MessageTypeDefinition<_sealwatch_v1_UploadManifestRequestInput, _sealwatch_v1_UploadManifestRequest>
      UploadManifestResponse: MessageTypeDefinition<_sealwatch_v1_UploadManifestResponseInput, _sealwatch_v1_UploadManifestResponse>
      WatchRequest: MessageTypeDefinition<_sealwatch_v1_WatchRequestInput, _sealwatch_v1_WatchRequest>
      Welcome: MessageTypeDefinition<_sealwatch_v1_WelcomeInput, _sealwatch_v1_Welcome>
    }
  }
}

