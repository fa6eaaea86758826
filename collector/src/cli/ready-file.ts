import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { rm } from 'node:fs/promises';

/** What a program that started the collector waits for; the pid tells a leftover of a crash from the real thing. */
export interface Ready {
  readonly schema: 'sealwatch/ready/v1';
  readonly pid: number;
  /** `host:port`, with the port that 0 became. */
  readonly address: string;
  readonly enrollAddress: string;
}

export async function announceReady(file: string, addresses: Pick<Ready, 'address' | 'enrollAddress'>): Promise<void> {
  const ready: Ready = { schema: 'sealwatch/ready/v1', pid: process.pid, ...addresses };
  await writePrivateFile(file, `${JSON.stringify(ready)}\n`);
}

export async function withdrawReady(file: string): Promise<void> {
  await rm(file, { force: true });
}
