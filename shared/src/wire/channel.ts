import { type PeerCertificate, checkServerIdentity, createSecureContext } from 'node:tls';
import { ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { CodedError, reasonOf } from '../runtime/coded-error.js';
import { COLLECTOR_DNS_NAME, type Identity, parseIdentityUri } from '../trust/identity.js';
import { readCertificate } from '../x509/read-certificate.js';
import { TLS_SETTINGS } from './tls-settings.js';
import { MAX_MESSAGE_BYTES } from './wire-limits.js';

/** Whom we trust and who we are. PEM everywhere; `chain` is the leaf first, then the issuing CA. */
export interface ClientTrust {
  readonly root: string;
  readonly clusterId: string;
  /** Absent for enrolling, which is how one gets an identity. */
  readonly identity?: { readonly key: string | Buffer; readonly chain: string | Buffer };
}

/** @throws CodedError('certificate.malformed') if the PEM texts hold no certificate and its key */
export function clientCredentials({ root, clusterId, identity }: ClientTrust): ChannelCredentials {
  let context;
  try {
    const own = identity === undefined ? {} : { key: identity.key, cert: identity.chain };
    context = createSecureContext({ ...TLS_SETTINGS, ca: root, ...own });
  } catch (error) {
    throw new CodedError('certificate.malformed', `key and certificates can't be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return ChannelCredentials.createFromSecureContext(context, {
    checkServerIdentity: (_host, certificate) => collectorProblem(certificate, clusterId),
  });
}

/**
 * Any address may be dialled: the name verified is the one in every collector's certificate, which also spares an IP
 * as server name (Node warns: DEP0123). Proxies of the environment are for browsers, not for evidence.
 */
export function channelOptions(): ChannelOptions {
  return {
    'grpc.ssl_target_name_override': COLLECTOR_DNS_NAME,
    'grpc.default_authority': COLLECTOR_DNS_NAME,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 30_000,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0,
  };
}

/** The chain to the root has been verified by TLS; this asks whether it is a collector, and this cluster's. */
function collectorProblem(certificate: PeerCertificate, clusterId: string): Error | undefined {
  const problem = checkServerIdentity(COLLECTOR_DNS_NAME, certificate);
  if (problem !== undefined) return problem;
  const identity = identityOf(certificate);
  if (identity?.kind === 'collector' && identity.clusterId === clusterId) return undefined;
  return new CodedError('certificate.rejected', `the server is no collector of cluster ${clusterId}`);
}

function identityOf({ raw }: PeerCertificate): Identity | undefined {
  try {
    const { uris } = readCertificate(raw, "the server's certificate");
    return uris.length === 1 && uris[0] !== undefined ? parseIdentityUri(uris[0]) : undefined;
  } catch {
    return undefined;
  }
}
