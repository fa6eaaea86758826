import type { JudgedProbe } from './probe-json.js';
import { renderObservation } from './render-observation.js';
import { renderProfileVerdict } from './render-profile-verdict.js';

/** The text of `sealwatch-agent probe`. Ends with a line feed. */
export function renderProbe(probe: JudgedProbe, options: { color: boolean }): string {
  const { address, observation, connections, profile, findings } = probe;
  const lines = [
    ...renderObservation(address, observation),
    `Connections: ${String(connections)}`,
    '',
    ...renderProfileVerdict(profile, findings, options.color),
  ];
  return `${lines.join('\n')}\n`;
}
