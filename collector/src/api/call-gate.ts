import type { ServerUnaryCall } from '@grpc/grpc-js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { type IdentifyPeer, identifyPeer, type Peer } from './peer-identity.js';
import type { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';

/** The part of any call, unary or stream, that says who is at the other end. */
export type ConnectedCall = Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>;

/** Who calls, within the rate that one identity may call. */
export interface CallGate {
  /** @throws CodedError as `identifyPeer`, and CodedError('certificate.malformed' | 'limit.exceeded') */
  admit(call: ConnectedCall): Promise<Peer>;
  /** Whether the peer of a stream still is who it was. @throws CodedError as `identifyPeer` */
  recheck(peer: Peer): Promise<void>;
}

export function callGate(deps: IdentifyPeer & { readonly calls: RateLimit }): CallGate {
  return {
    admit: async (call) => {
      const peer = await identifyPeer(certificateOf(call), deps);
      if (deps.calls.take(`${peer.kind}/${peer.name}`)) return peer;
      throw new CodedError('limit.exceeded', `${peer.kind} ${peer.name} calls too often; try again later`);
    },
    recheck: async ({ certificate }) => {
      await identifyPeer(certificate, deps);
    },
  };
}

/** grpc-js asks the call's own TLS socket, and only one whose chain was verified has a certificate to give. */
function certificateOf(call: ConnectedCall): Certificate {
  let raw: Buffer | undefined;
  try {
    raw = call.getAuthContext().sslPeerCertificate?.raw;
  } catch (error) {
    // the HTTP/2 session has lost its socket
    throw new CodedError('request.cancelled', 'the caller is gone', { cause: error });
  }
  if (raw === undefined) throw new CodedError('identity.forbidden', 'the call came without a client certificate');
  return readCertificate(raw, 'the client certificate');
}
