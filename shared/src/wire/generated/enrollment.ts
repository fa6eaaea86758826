import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AckInput as _sealwatch_v1_AckInput, Ack as _sealwatch_v1_Ack } from './sealwatch/v1/Ack.js';
import type { AgentServiceClient as _sealwatch_v1_AgentServiceClient, AgentServiceDefinition as _sealwatch_v1_AgentServiceDefinition } from './sealwatch/v1/AgentService.js';
import type { AttestRequestInput as _sealwatch_v1_AttestRequestInput, AttestRequest as _sealwatch_v1_AttestRequest } from './sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput as _sealwatch_v1_AttestResponseInput, AttestResponse as _sealwatch_v1_AttestResponse } from './sealwatch/v1/AttestResponse.js';
import type { BodiesInput as _sealwatch_v1_BodiesInput, Bodies as _sealwatch_v1_Bodies } from './sealwatch/v1/Bodies.js';
import type { BodyInput as _sealwatch_v1_BodyInput, Body as _sealwatch_v1_Body } from './sealwatch/v1/Body.js';
import type { ChallengeInput as _sealwatch_v1_ChallengeInput, Challenge as _sealwatch_v1_Challenge } from './sealwatch/v1/Challenge.js';
import type { EnrollRequestInput as _sealwatch_v1_EnrollRequestInput, EnrollRequest as _sealwatch_v1_EnrollRequest } from './sealwatch/v1/EnrollRequest.js';
import type { EnrollResponseInput as _sealwatch_v1_EnrollResponseInput, EnrollResponse as _sealwatch_v1_EnrollResponse } from './sealwatch/v1/EnrollResponse.js';
import type { EnrollmentServiceClient as _sealwatch_v1_EnrollmentServiceClient, EnrollmentServiceDefinition as _sealwatch_v1_EnrollmentServiceDefinition } from './sealwatch/v1/EnrollmentService.js';
import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from './sealwatch/v1/Envelope.js';
import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from './sealwatch/v1/Head.js';
import type { HeartbeatInput as _sealwatch_v1_HeartbeatInput, Heartbeat as _sealwatch_v1_Heartbeat } from './sealwatch/v1/Heartbeat.js';
import type { HelloInput as _sealwatch_v1_HelloInput, Hello as _sealwatch_v1_Hello } from './sealwatch/v1/Hello.js';
import type { NeedInput as _sealwatch_v1_NeedInput, Need as _sealwatch_v1_Need } from './sealwatch/v1/Need.js';
import type { RenewRequestInput as _sealwatch_v1_RenewRequestInput, RenewRequest as _sealwatch_v1_RenewRequest } from './sealwatch/v1/RenewRequest.js';
import type { RenewResponseInput as _sealwatch_v1_RenewResponseInput, RenewResponse as _sealwatch_v1_RenewResponse } from './sealwatch/v1/RenewResponse.js';
import type { ReportUploadInput as _sealwatch_v1_ReportUploadInput, ReportUpload as _sealwatch_v1_ReportUpload } from './sealwatch/v1/ReportUpload.js';
import type { SealUploadInput as _sealwatch_v1_SealUploadInput, SealUpload as _sealwatch_v1_SealUpload } from './sealwatch/v1/SealUpload.js';
import type { SignatureInput as _sealwatch_v1_SignatureInput, Signature as _sealwatch_v1_Signature } from './sealwatch/v1/Signature.js';
import type { UpdateInput as _sealwatch_v1_UpdateInput, Update as _sealwatch_v1_Update } from './sealwatch/v1/Update.js';
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
      Challenge: MessageTypeDefinition<_sealwatch_v1_ChallengeInput, _sealwatch_v1_Challenge>
      EnrollRequest: MessageTypeDefinition<_sealwatch_v1_EnrollRequestInput, _sealwatch_v1_EnrollRequest>
      EnrollResponse: MessageTypeDefinition<_sealwatch_v1_EnrollResponseInput, _sealwatch_v1_EnrollResponse>
      /**
       * How a host gets its certificates. Server-authenticated TLS; the agent has pinned the root.
       */
      EnrollmentService: SubtypeConstructor<typeof grpc.Client, _sealwatch_v1_EnrollmentServiceClient> & { service: _sealwatch_v1_EnrollmentServiceDefinition }
      Envelope: MessageTypeDefinition<_sealwatch_v1_EnvelopeInput, _sealwatch_v1_Envelope>
      Head: MessageTypeDefinition<_sealwatch_v1_HeadInput, _sealwatch_v1_Head>
      Heartbeat: MessageTypeDefinition<_sealwatch_v1_HeartbeatInput, _sealwatch_v1_Heartbeat>
      Hello: MessageTypeDefinition<_sealwatch_v1_HelloInput, _sealwatch_v1_Hello>
      Need: MessageTypeDefinition<_sealwatch_v1_NeedInput, _sealwatch_v1_Need>
      RenewRequest: MessageTypeDefinition<_sealwatch_v1_RenewRequestInput, _sealwatch_v1_RenewRequest>
      RenewResponse: MessageTypeDefinition<_sealwatch_v1_RenewResponseInput, _sealwatch_v1_RenewResponse>
      ReportUpload: MessageTypeDefinition<_sealwatch_v1_ReportUploadInput, _sealwatch_v1_ReportUpload>
      SealUpload: MessageTypeDefinition<_sealwatch_v1_SealUploadInput, _sealwatch_v1_SealUpload>
      Signature: MessageTypeDefinition<_sealwatch_v1_SignatureInput, _sealwatch_v1_Signature>
      Update: MessageTypeDefinition<_sealwatch_v1_UpdateInput, _sealwatch_v1_Update>
      Welcome: MessageTypeDefinition<_sealwatch_v1_WelcomeInput, _sealwatch_v1_Welcome>
    }
  }
}

