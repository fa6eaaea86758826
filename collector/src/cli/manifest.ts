import type { Io } from '@sealwatch/shared/cli/io.js';
import { Command } from 'commander';
import { manifestCreate } from './manifest-create.js';
import { manifestKeygen } from './manifest-keygen.js';
import { manifestPublish } from './manifest-publish.js';
import { manifestShow } from './manifest-show.js';
import { manifestSign } from './manifest-sign.js';
import { manifestVerify } from './manifest-verify.js';

/** `sealwatch manifest` */
export function manifestCommand(io: Io): Command {
  return new Command('manifest')
    .description("make and verify the publisher's signed list of components")
    .addCommand(manifestKeygen(io))
    .addCommand(manifestCreate(io))
    .addCommand(manifestSign(io))
    .addCommand(manifestVerify(io))
    .addCommand(manifestShow(io))
    .addCommand(manifestPublish(io));
}
