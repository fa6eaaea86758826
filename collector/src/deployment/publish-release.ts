import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { openRelease, type VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { GetReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReleaseResponse.js';
import type { PublishReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/PublishReleaseResponse.js';
import { fromReleaseBundle, toReleaseBundle } from '@sealwatch/shared/wire/release-wire.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import type { ClusterTrust } from '../provisioning/cluster-trust.js';
import { keepRelease } from './local-releases.js';
import type { PreparedDeployment } from './prepare-deployment.js';

/** What the collector has in force, verified here as well; undefined before the first release. */
export async function releaseInForce(
  connection: OperatorConnection,
  { clusterKey, inception }: ClusterTrust,
): Promise<VerifiedRelease | undefined> {
  try {
    const wire = await connection.ask<GetReleaseResponse>((client, call, done) => client.getRelease({}, call, done));
    return openRelease(toReleaseBundle(wire), { clusterKey: publicKeyOf(clusterKey), inception });
  } catch (error) {
    if (isCoded(error, 'release.missing')) return undefined;
    throw error;
  }
}

/** Signs, keeps a copy, and puts it in force. Returns the copy's file. @throws CodedError('release.rollback' | …) */
export async function publishRelease(
  connection: OperatorConnection,
  input: { directory: OperatorDirectory; trust: ClusterTrust; prepared: PreparedDeployment },
): Promise<string> {
  const { directory, trust, prepared } = input;
  const { release, manifests } = prepared;
  const envelope = await signEnvelope(PAYLOAD_TYPES.release, release, keySigner(trust.clusterKey));
  const bundle = { release: envelope, manifests };
  // what the collector and every agent will ask of it is asked here first
  openRelease(bundle, { clusterKey: publicKeyOf(trust.clusterKey), inception: trust.inception });
  const file = await keepRelease(directory, release.version, envelope);
  await connection.ask<PublishReleaseResponse>((client, call, done) =>
    client.publishRelease(fromReleaseBundle(bundle), call, done),
  );
  return file;
}
