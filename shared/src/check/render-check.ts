import type { CheckResult } from './check-result.js';
import { renderClosing } from './render-closing.js';
import { renderHost } from './render-host.js';
import { renderVerdict } from './render-verdict.js';

/** The first line of every answer under a demonstration policy. */
const DEMONSTRATION =
  'DEMONSTRATION POLICY: host FIPS mode is only a warning here; this answer says nothing about a FIPS cluster';

/**
 * The printed report: every host, the cluster, the verdict. Each text from elsewhere is escaped on its way in, so no
 * file or host name can draw on the terminal. Ends with a line feed.
 */
export function renderCheck(result: CheckResult, options: { color: boolean }): string {
  const { color } = options;
  const lines = result.demonstration ? [DEMONSTRATION, ''] : [];
  for (const host of result.hosts) lines.push(...renderHost(host, { color, cached: result.cached }));
  lines.push(...renderClosing(result, color), '', ...renderVerdict(result));
  return `${lines.join('\n')}\n`;
}
