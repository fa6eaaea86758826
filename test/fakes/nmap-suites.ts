import { mustRun } from './run-command.js';

/** What nmap's ssl-enum-ciphers finds, by our names of versions; TLS 1.3's suites by their registered names. */
export async function nmapSuites(port: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const argv = ['nmap', '-Pn', '-n', '-p', String(port), '--script', '+ssl-enum-ciphers', '127.0.0.1'];
  const { stdout } = await mustRun(argv, { timeoutMs: 170_000 });
  const found = new Map<string, string[]>();
  let suites: string[] = [];
  for (const line of stdout.split('\n')) {
    const [, version] = /^\| +((?:TLS|SSL)v\d(?:\.\d)?): *$/.exec(line) ?? [];
    const [, suite] = /^\| +((?:TLS|SSL)_\w+)/.exec(line) ?? [];
    if (version !== undefined) found.set(ourName(version), (suites = []));
    else if (suite !== undefined) suites.push(suite.replace(/^TLS_AKE_WITH_/, 'TLS_'));
  }
  return found;
}

/** `TLSv1.2` -> `TLS 1.2`, `SSLv3` -> `SSL 3.0`. */
function ourName(version: string): string {
  const [family = '', number = ''] = version.split('v');
  return `${family} ${number.includes('.') ? number : `${number}.0`}`;
}
