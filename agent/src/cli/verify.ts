import { resolve } from 'node:path';
import { asOfOption } from '@sealwatch/shared/cli/as-of-option.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';
import { checkJson } from '@sealwatch/shared/check/check-json.js';
import { checkPasses } from '@sealwatch/shared/check/check-passes.js';
import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { MODES, type Mode } from '@sealwatch/shared/trust/inception.js';
import { Command, Option } from 'commander';
import { type EnrolledRelease, enrolledReference } from '../cycle/enrolled-reference.js';
import { type HostVerification, verifyHost } from '../cycle/verify-host.js';
import { DEFAULT_HOST_ROOT, requireHostRoot } from '../measure/host/require-host-root.js';
import { connectContainerd, DEFAULT_CONTAINERD_SOCKET } from '../measure/image/connect-containerd.js';
import { NO_STANDARD_MODE_MEMORY, openStandardModeMemory } from '../measure/host/standard-mode-memory.js';
import { loadEnrolledRelease } from '../state/load-enrolled-release.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';
import { manifestReference } from './manifest-reference.js';

interface VerifyOptions {
  readonly manifest?: string;
  readonly publisherKey?: string;
  readonly root: string;
  readonly containerdSocket: string;
  readonly stateDir: string;
  readonly component?: readonly string[];
  readonly mode?: Mode;
  readonly allowNonFipsHost?: true;
  readonly asOf?: CalendarDate;
  readonly output: 'text' | 'json';
}

const EXAMPLE = `
Examples:
  sealwatch-agent verify
      an enrolled host against its release in force
  sealwatch-agent verify --manifest konvoy.manifest.json --publisher-key publisher.pub --component kubelet
      any host against a manifest, trusting that publisher key and nothing else

Exit status: 0 the host passes, 1 it does not or can't be known, 2 wrong usage or unreadable input.`;

export function verifyCommand(io: Io): Command {
  return new Command('verify')
    .description('Measure and judge this host once, without a network')
    .option('--manifest <file>', 'verify against this manifest; needs --publisher-key')
    .option('--publisher-key <file>', 'public key (PEM) that must have signed the manifest')
    .option('--component <name...>', 'with --manifest: what must be here (default: all it lists)')
    .addOption(new Option('--mode <mode>', "with --manifest: the cluster's mode (default: fips)").choices(MODES))
    .option('--allow-non-fips-host', 'with --manifest: only warn if the kernel is not in FIPS mode (demonstration)')
    .option('--root <dir>', 'where the host is seen from here', DEFAULT_HOST_ROOT)
    .option('--containerd-socket <path>', "containerd's socket, as the host has it", DEFAULT_CONTAINERD_SOCKET)
    .option('--state-dir <dir>', "the agent's state directory", DEFAULT_STATE_DIR)
    .addOption(asOfOption())
    .addOption(new Option('--output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLE)
    .action((options: VerifyOptions) => verify(options, io));
}

async function verify(options: VerifyOptions, io: Io): Promise<void> {
  const { root, containerdSocket, output, asOf } = options;
  const { reference, standardMemory } = await whatToVerify(options, io);
  await requireHostRoot(root, '--root /');
  const containerd = connectContainerd(root, containerdSocket);
  const result = await verifyHost({
    reference,
    hostRoot: root,
    containerd,
    standardMemory,
    asOf: asOf ?? null,
    clock: systemClock,
    signal: io.signal,
  }).finally(() => {
    containerd.close();
  });
  io.out.write(output === 'json' ? checkJson(result) : renderCheck(result, { color: useColor(io) }));
  if (!checkPasses(result)) throw new ExitStatus(EXIT.no);
}

type WhatToVerify = Pick<HostVerification, 'reference' | 'standardMemory'>;

async function whatToVerify(options: VerifyOptions, io: Io): Promise<WhatToVerify> {
  const { manifest, publisherKey, component, mode, allowNonFipsHost, stateDir } = options;
  if (manifest !== undefined && publisherKey !== undefined) {
    const reference = await manifestReference({
      manifestFile: resolve(io.cwd, manifest),
      publisherKeyFile: resolve(io.cwd, publisherKey),
      components: component ?? null,
      mode: mode ?? 'fips',
      allowNonFipsHost: allowNonFipsHost ?? false,
    });
    return { reference, standardMemory: NO_STANDARD_MODE_MEMORY };
  }
  if ([manifest, publisherKey, component, mode, allowNonFipsHost].some((value) => value !== undefined)) {
    throw new CodedError(
      'usage.invalid',
      '--manifest and --publisher-key go together, and --component, --mode and --allow-non-fips-host only with them',
    );
  }
  // only reads: a running agent is not disturbed
  return {
    reference: enrolledReference(await enrolledRelease(stateDir)),
    standardMemory: await openStandardModeMemory(stateDir, null),
  };
}

async function enrolledRelease(stateDir: string): Promise<EnrolledRelease> {
  try {
    return await loadEnrolledRelease(stateDir);
  } catch (error) {
    if (!isCoded(error, 'host.not-enrolled')) throw error;
    const message = `${error.message}; or give --manifest FILE --publisher-key FILE`;
    throw new CodedError('host.not-enrolled', message, { cause: error });
  }
}
