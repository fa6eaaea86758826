import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { status as grpcStatus } from '@grpc/grpc-js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { toEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type OperatorCluster, operatorCluster } from '../fakes/operator-cluster.js';
import { type Answer, PublisherBench } from '../fakes/publisher-bench.js';
import { type QueryServer, queryServer } from '../fakes/query-server.js';

let bench: PublisherBench;
let cluster: OperatorCluster;
let server: QueryServer | undefined;
beforeAll(async () => {
  bench = new PublisherBench();
  cluster = operatorCluster({ address: '127.0.0.1:1' });
  await bench.create(['--component', 'kubelet=/usr/bin/kubelet']);
});
afterEach(() => {
  server?.kill();
});
afterAll(() => {
  bench.remove();
  rmSync(cluster.directory, { recursive: true });
});

async function publish(file: string, answers: Partial<QueryServiceHandlers>): Promise<Answer> {
  server = await queryServer(cluster, answers);
  return bench.run(['publish', file, '--directory', cluster.directory, '--collector', server.address]);
}

it('uploads the envelope byte for byte', async () => {
  let received: Envelope | undefined;
  const { status, stdout } = await publish('manifest.json', {
    UploadManifest: ({ request }, done) => {
      received = toEnvelope(request.manifest, { what: 'the upload', maxPayloadBytes: 1e6 });
      done(null, { digest: sha256(received.payload) });
    },
  });
  expect(status).toBe(0);
  expect(envelopeToJson(received!)).toBe(bench.read('manifest.json').toString());
  expect(stdout).toContain(`Uploaded konvoy-1.7.0, ${sha256(received!.payload)}`);
});

it('does not believe a collector that acknowledges something else', async () => {
  const answer = await publish('manifest.json', {
    UploadManifest: (_, done) => {
      done(null, { digest: sha256(Buffer.from('something else')) });
    },
  });
  expect(answer).toMatchObject({ status: 1, stdout: '' });
  expect(answer.stderr).toContain('is not the digest of manifest.json');
});

it('passes on why the collector refuses', async () => {
  const answer = await publish('manifest.json', {
    UploadManifest: (_, done) => {
      done({ code: grpcStatus.PERMISSION_DENIED, details: 'viewers may not upload manifests' });
    },
  });
  expect(answer.status).not.toBe(0);
  expect(answer.stderr).toContain('viewers may not upload manifests');
});

it('sends nothing that is no sealed manifest', async () => {
  await bench.create(['--component', 'kubelet=/usr/bin/kubelet', '--out', 'draft.json'], ['--unsigned']);
  const other = { ...bench.envelope(), payloadType: 'application/vnd.sealwatch.release.v1+json' };
  bench.write('other.json', envelopeToJson(other));
  let calls = 0;
  for (const file of ['draft.json', 'other.json']) {
    const answer = await publish(file, {
      UploadManifest: () => {
        calls += 1;
      },
    });
    expect(answer.status).toBe(1);
    server?.kill();
  }
  expect(calls).toBe(0);
});

it('exits 3 if no collector answers', async () => {
  const args = ['publish', 'manifest.json', '--directory', cluster.directory, '--collector', '127.0.0.1:1'];
  expect(await bench.run(args)).toMatchObject({ status: 3 });
  const nowhere = ['publish', 'manifest.json', '--directory', join(cluster.directory, 'none')];
  expect(await bench.run(nowhere)).toMatchObject({ status: 2 });
});
