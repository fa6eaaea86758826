import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Real programs of this machine, the components of Kubernetes first; at least `atLeast` of them, or an error that says so. */
export function realBinaries(atLeast: number): { name: string; path: string }[] {
  const wanted = [
    '/usr/bin/containerd',
    '/usr/sbin/runc',
    '/usr/bin/runc',
    '/usr/bin/etcd',
    '/usr/bin/kubectl',
    '/usr/bin/openssl',
    '/usr/bin/bash',
    '/usr/bin/git',
    '/usr/bin/tar',
  ];
  const found = new Map<string, string>();
  for (const path of wanted) {
    if (existsSync(path) && statSync(path).isFile()) found.set(basename(path), realpathSync(path));
  }
  const binaries = [...found].map(([name, path]) => ({ name, path })).slice(0, Math.max(atLeast, 4));
  if (binaries.length < atLeast)
    throw new Error(`this machine has only ${String(binaries.length)} of ${wanted.join(', ')}`);
  return binaries;
}
