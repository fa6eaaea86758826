import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { ClusterStatusInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import type { GetHostRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetHostRequest.js';
import type { GetStatusRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetStatusRequest.js';
import type { HostDetailInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import type { HostSummaryInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostSummary.js';
import type { ListHostsRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHostsRequest.js';
import type { ListHostsResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHostsResponse.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { ComplianceService, HostSummary } from '../compliance/compliance-service.js';
import type { CertificateRecord, EnrollmentStore } from '../store/enrollment-store.js';
import { pageSize } from './page-size.js';
import type { QueryGate } from './query-call.js';

/** GetStatus, ListHosts, GetHost: where everything stands, as known now. */
export function postureHandlers(deps: {
  gate: QueryGate;
  compliance: Pick<ComplianceService, 'status' | 'hostSummaries' | 'host'>;
  enrollment: Pick<EnrollmentStore, 'certificatesOf'>;
}): Pick<QueryServiceHandlers, 'GetStatus' | 'ListHosts' | 'GetHost'> {
  const { gate, compliance, enrollment } = deps;
  return {
    GetStatus: gate.unary<GetStatusRequest, ClusterStatusInput>('GetStatus', () =>
      Promise.resolve({ ...compliance.status(), collectorVersion: VERSION }),
    ),
    ListHosts: gate.unary('ListHosts', (request: ListHostsRequest): Promise<ListHostsResponseInput> => {
      // the token is the last name of the page before, and summaries come by name
      const rest = compliance.hostSummaries().filter(({ name }) => name > request.pageToken);
      const page = rest.slice(0, pageSize(request.pageSize));
      const nextPageToken = page.length < rest.length ? (page.at(-1)?.name ?? '') : '';
      return Promise.resolve({ hosts: page.map(summaryToWire), nextPageToken });
    }),
    GetHost: gate.unary('GetHost', async ({ name }: GetHostRequest): Promise<HostDetailInput> => {
      const host = compliance.host(name);
      if (host === undefined) throw new CodedError('host.unknown', `${name} is neither declared nor enrolled`);
      const certificates = await enrollment.certificatesOf(['host-signing', 'host-tls'], name);
      return {
        summary: summaryToWire(host.summary),
        result: host.result === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(host.result), 'utf8'),
        certificates: certificates.map(certificateToWire),
      };
    }),
  };
}

function summaryToWire(summary: HostSummary): HostSummaryInput {
  return {
    ...summary,
    role: summary.role ?? '',
    lastHeardAt: summary.lastHeardAt ?? '',
    evidenceAt: summary.evidenceAt ?? '',
    reasons: [...summary.reasons],
  };
}

function certificateToWire(record: CertificateRecord): NonNullable<HostDetailInput['certificates']>[number] {
  const { serial, notBefore, notAfter, epoch, revokedAt } = record;
  const purpose = record.purpose === 'host-signing' ? 'signing' : 'tls';
  return { purpose, serial, notBefore, notAfter, epoch, revokedAt: revokedAt ?? '' };
}
