import type { KeyObject } from 'node:crypto';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import type { Renewal } from '@sealwatch/shared/trust/renewal.js';
import type { EnrollResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollResponse.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import { answer, type RunningCollector } from './running-collector.js';
import type { TestIdentity } from './test-authority.js';

/** A host that enrolled for real: it made its keys, asked with a token and got its certificates. */
export interface EnrolledHost {
  readonly response: EnrollResponse;
  readonly signingKey: KeyObject;
  readonly tlsKey: KeyObject;
  /** For the mutual-TLS listener. */
  readonly identity: TestIdentity;
}

export interface HostKeys {
  readonly signingKey: KeyObject;
  readonly tlsKey: KeyObject;
}

export function hostKeys(): HostKeys {
  return { signingKey: generateP256().privateKey, tlsKey: generateP256().privateKey };
}

/** @param claimed the name in the requests, which nobody should read */
export async function enrollWith(
  collector: RunningCollector,
  token: string,
  { signingKey, tlsKey }: HostKeys = hostKeys(),
  claimed = 'whoever',
): Promise<EnrolledHost> {
  const response = await answer<EnrollResponse>((done) =>
    collector.enrollment().enroll(
      {
        token,
        signingCsr: createCsr({ privateKey: signingKey, commonName: claimed }),
        tlsCsr: createCsr({ privateKey: tlsKey, commonName: claimed }),
        agentVersion: 'test',
      },
      done,
    ),
  );
  const key = tlsKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { response, signingKey, tlsKey, identity: { key, chain: response.tlsChain.map(certificatePem).join('') } };
}

export async function enrollHost(collector: RunningCollector, host = 'host-a'): Promise<EnrolledHost> {
  return enrollWith(collector, await collector.createToken(host));
}

/** A renewal as an honest agent asks for it, with the changes a test wants. */
export async function renewalBy(
  signingKey: KeyObject,
  changes: Partial<Renewal> & Pick<Renewal, 'clusterId' | 'at'>,
): Promise<Envelope> {
  const tlsCsr = createCsr({ privateKey: generateP256().privateKey, commonName: 'host-a' }).toString('base64');
  const renewal: Renewal = {
    schema: 'sealwatch/renewal/v1',
    host: 'host-a',
    epoch: 1,
    nonce: 'ab'.repeat(16),
    signingCsr: null,
    tlsCsr,
    ...changes,
  };
  return signEnvelope(PAYLOAD_TYPES.renewal, renewal, keySigner(signingKey));
}
