import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { MAX_TOKEN_TTL_MS } from '@sealwatch/shared/trust/enrollment-token.js';
import type { CreateTokenResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenResponse.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterConfig } from '../../config/cluster-config.js';
import { bundleFile, type OperatorDirectory } from '../../config/operator-directory.js';
import { fileExists } from '../../provisioning/file-exists.js';
import { writeBundle } from '../../provisioning/write-bundle.js';
import type { OperatorConnection } from '../../operator/operator-connection.js';
import { ChildProgram } from './child-program.js';

/** Which declared host this machine is. @throws CodedError('usage.invalid') */
export function declaredName({ hosts }: ClusterConfig, wanted: string | true, machine: string): string {
  const names = hosts.map(({ name }) => name);
  const [only, second] = names;
  const name = wanted === true ? (names.includes(machine) || second !== undefined ? machine : only) : wanted;
  if (name !== undefined && names.includes(name)) return name;
  const known = names.length === 0 ? 'none' : names.slice(0, 10).join(', ');
  throw new CodedError(
    'usage.invalid',
    `${name ?? machine} is no host of cluster.yaml (declared: ${known}); declare it, or say --with-agent NAME`,
  );
}

/** Enrols the host with its bundle, unless it is enrolled; a token too old to be good is replaced first. */
export async function enrollThisHost(
  io: Io,
  connection: OperatorConnection,
  input: { directory: OperatorDirectory; host: string; program: readonly string[]; stateDir: string },
): Promise<void> {
  const { directory, host, program, stateDir } = input;
  if (await fileExists(join(stateDir, 'trust', 'enrollment.json'))) return;
  const bundle = bundleFile(directory, host);
  if (Date.now() - (await stat(bundle)).mtimeMs > MAX_TOKEN_TTL_MS / 2) await renewToken(connection, bundle, host);
  const args = ['enroll', '--bundle', bundle, '--state-dir', stateDir];
  await new ChildProgram('sealwatch-agent enroll', [...program, ...args], io).finished();
}

async function renewToken(connection: OperatorConnection, file: string, host: string): Promise<void> {
  const request = { host, ttlSeconds: MAX_TOKEN_TTL_MS / 1000, replace: false };
  const { token } = await connection.ask<CreateTokenResponse>((client, call, done) =>
    client.createToken(request, call, done),
  );
  await writeBundle(file, { ...parseBundle(await readPrivateFile(file), file), token });
}
