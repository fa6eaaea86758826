import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';

export interface ServiceState {
  readonly verdict: Verdict;
  /** 0 for none. */
  readonly releaseVersion: number;
  readonly declared: number;
  /** Of all hosts, declared or not. */
  readonly connected: number;
}

/** What `systemctl status` shows. No times: the line is sent anew only when it says something else. */
export function statusLine({ verdict, releaseVersion, declared, connected }: ServiceState): string {
  const hosts = `${String(connected)} hosts connected`;
  if (releaseVersion === 0) return `no release yet; ${hosts}`;
  return `cluster ${verdict}; release ${String(releaseVersion)}; ${hosts}, ${String(declared)} declared`;
}
