import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { GetReleaseRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReleaseRequest.js';
import type { GetReleaseResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReleaseResponse.js';
import type { GetReportRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReportRequest.js';
import type { GetReportResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReportResponse.js';
import type { ListHistoryRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryRequest.js';
import type { ListHistoryResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { fromReleaseBundle } from '@sealwatch/shared/wire/release-wire.js';
import type { ReleaseService } from '../compliance/release-service.js';
import type { HistoryEntry, ReportReader } from '../store/report-store.js';
import { pageSize } from './page-size.js';
import type { QueryGate } from './query-call.js';

/** ListHistory, GetReport, GetRelease: what was recorded, as it was signed. */
export function recordHandlers(deps: {
  gate: QueryGate;
  reports: Pick<ReportReader, 'history' | 'report'>;
  releases: Pick<ReleaseService, 'current'>;
}): Pick<QueryServiceHandlers, 'ListHistory' | 'GetReport' | 'GetRelease'> {
  const { gate, reports, releases } = deps;
  return {
    ListHistory: gate.unary('ListHistory', async (request: ListHistoryRequest): Promise<ListHistoryResponseInput> => {
      const page = { size: pageSize(request.pageSize), cursor: request.pageToken };
      const { items, next } = await reports.history(request.host, page);
      return { entries: items.map(entryToWire), nextPageToken: next };
    }),
    GetReport: gate.unary('GetReport', async (request: GetReportRequest): Promise<GetReportResponseInput> => {
      const { host, epoch, sequence } = request;
      const report = await reports.report(host, epoch, sequence);
      if (report === undefined) {
        throw new CodedError('host.unknown', `there is no report ${String(epoch)}/${String(sequence)} of ${host}`);
      }
      return { envelope: fromEnvelope(report.envelope), receivedAt: report.receivedAt };
    }),
    GetRelease: gate.unary<GetReleaseRequest, GetReleaseResponseInput>('GetRelease', () => {
      const current = releases.current();
      if (current === undefined) throw new CodedError('release.missing', 'no release is in force yet');
      return Promise.resolve(fromReleaseBundle(current.bundle));
    }),
  };
}

function entryToWire(entry: HistoryEntry): NonNullable<ListHistoryResponseInput['entries']>[number] {
  const { at, kind, epoch, sequence, verdict, details, digest, signedAt } = entry;
  return {
    at,
    kind,
    epoch,
    sequence,
    verdict: verdict ?? '',
    details: [...details],
    digest: digest ?? '',
    signedAt: signedAt ?? '',
  };
}
