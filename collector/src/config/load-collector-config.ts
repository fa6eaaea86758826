import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readInputIfThere } from '@sealwatch/shared/runtime/read-input.js';
import { resolve } from 'node:path';
import type { CollectorConfig, CollectorFlags } from './collector-config.js';
import { type HostPort, parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import { collectorStateDirectory } from './operator-directory.js';
import { type CollectorYaml, MAX_COLLECTOR_YAML_BYTES, parseCollectorYaml } from './parse-collector-yaml.js';

/** Where an administrator keeps settings who keeps none in the state directory. */
const SYSTEM_SETTINGS = '/etc/sealwatch/collector.yaml';

/** Defaults, then one file, then flags. @throws CodedError('config.*' | 'usage.invalid' | 'file.unreadable') */
export async function loadCollectorConfig(flags: CollectorFlags, io: Pick<Io, 'cwd'>): Promise<CollectorConfig> {
  const stateDir = resolve(io.cwd, flags.stateDir);
  const file = await settings(flags.config === undefined ? undefined : resolve(io.cwd, flags.config), stateDir);
  return {
    stateDir,
    listen: listenAddress('--listen', flags.listen ?? file.listen),
    enrollListen: listenAddress('--enroll-listen', flags.enrollListen ?? file.enrollListen),
    logLevel: flags.logLevel ?? file.logLevel,
    limits: file.limits,
  };
}

async function settings(named: string | undefined, stateDir: string): Promise<CollectorYaml> {
  if (named !== undefined) {
    const given = await read(named);
    if (given === undefined) throw new CodedError('config.missing', `${named} does not exist`);
    return given;
  }
  return (
    (await read(collectorStateDirectory(stateDir).settings)) ??
    (await read(SYSTEM_SETTINGS)) ??
    parseCollectorYaml(Buffer.alloc(0), 'the defaults')
  );
}

async function read(file: string): Promise<CollectorYaml | undefined> {
  const bytes = await readInputIfThere(file, MAX_COLLECTOR_YAML_BYTES);
  return bytes && parseCollectorYaml(bytes, file);
}

/** Unlike an address to dial, one to listen on may leave the port to the system: 0. */
function listenAddress(flag: string, text: string): HostPort {
  const anyPort = /^(.+):0$/.exec(text)?.[1];
  const address = parseHostPort(anyPort === undefined ? text : `${anyPort}:1`);
  if (address === undefined) {
    throw new CodedError('usage.invalid', `${flag} ${text} is no HOST:PORT, like 0.0.0.0:7443 or [::]:7443`);
  }
  return anyPort === undefined ? address : { ...address, port: 0 };
}
