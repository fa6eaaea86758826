import { type ServiceState, statusLine } from '@sealwatch/collector/service-manager/status-line.js';
import { expect, it } from 'vitest';

const STATE: ServiceState = { verdict: 'noncompliant', releaseVersion: 7, declared: 5, connected: 4 };

it('systemctl status shows how the cluster is and who is connected', () => {
  expect(statusLine(STATE)).toBe('cluster noncompliant; release 7; 4 hosts connected, 5 declared');
});

it('before the first release there is no verdict to show', () => {
  expect(statusLine({ ...STATE, releaseVersion: 0, declared: 0 })).toBe('no release yet; 4 hosts connected');
});
