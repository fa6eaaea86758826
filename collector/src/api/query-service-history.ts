import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, reportSchema } from '@sealwatch/shared/statement/report.js';
import { COMPONENT_NAME } from '@sealwatch/shared/subject/component.js';
import { fromBodies } from '@sealwatch/shared/wire/body-wire.js';
import type { ListServiceHistoryRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListServiceHistoryRequest.js';
import type { ListServiceHistoryResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListServiceHistoryResponse.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { Paged, Page } from '../store/paging.js';
import type { ReportReader, SubjectState } from '../store/report-store.js';
import { pageSize } from './page-size.js';
import type { QueryGate } from './query-call.js';

type Reports = Pick<ReportReader, 'subjectHistory' | 'head' | 'report'>;

/** Each may carry a body of 64 KiB, and all of them travel in one message. */
const MAX_PAGE = 100;
const SERVICE = 'service:';

/** ListServiceHistory: when a TLS service's measurement changed, with the measurements themselves. */
export function serviceHistoryHandler(deps: {
  gate: QueryGate;
  reports: Reports;
}): Pick<QueryServiceHandlers, 'ListServiceHistory'> {
  const { gate, reports } = deps;
  return {
    ListServiceHistory: gate.unary(
      'ListServiceHistory',
      async (request: ListServiceHistoryRequest): Promise<ListServiceHistoryResponseInput> => {
        const { host, service, pageToken } = request;
        if (!COMPONENT_NAME.test(service)) {
          throw new CodedError('usage.invalid', `"${printable(service.slice(0, 80))}" is no name of a service`);
        }
        const size = Math.min(pageSize(request.pageSize), MAX_PAGE);
        const { items, next } = await fullPage(reports, host, service, { size, cursor: pageToken });
        if (items.length === 0 && pageToken === '') throw await unknown(reports, host, service);
        return { entries: items.map(entryToWire), nextPageToken: next };
      },
    ),
  };
}

/** A full page, or the last one. Each step is a call of its own, so that other questions get between. */
async function fullPage(reports: Reports, host: string, service: string, asked: Page): Promise<Paged<SubjectState>> {
  const items: SubjectState[] = [];
  let { cursor } = asked;
  do {
    const page = { size: asked.size - items.length, cursor };
    const step = await reports.subjectHistory(host, SERVICE + service, page);
    items.push(...step.items);
    cursor = step.next;
  } while (items.length < asked.size && cursor !== '');
  return { items, next: cursor };
}

async function unknown(reports: Reports, host: string, service: string): Promise<CodedError> {
  const head = await reports.head(host);
  const newest = head && (await reports.report(host, head.epoch, head.sequence));
  if (newest === undefined) {
    const name = printable(host.slice(0, 253));
    return new CodedError('host.unknown', `no report of ${name} is recorded; sealwatch hosts list has every name`);
  }
  const { subjects } = parsePayload(newest.envelope.payload, {
    schema: reportSchema,
    what: `the newest report of ${host}`,
    maxBytes: MAX_REPORT_BYTES,
    code: 'store.corrupt',
  });
  const names = subjects.flatMap(({ id }) => (id.startsWith(SERVICE) ? [id.slice(SERVICE.length)] : []));
  const remedy =
    names.length === 0
      ? 'nor does it report any other: list services in cluster.yaml, with service evidence required, and deploy'
      : `its newest report has: ${names.join(', ')}`;
  return new CodedError('service.unknown', `${host} never reported a TLS service ${service}; ${remedy}`);
}

function entryToWire(state: SubjectState): NonNullable<ListServiceHistoryResponseInput['entries']>[number] {
  const { digest, body, ...place } = state;
  const bodies: MeasurementBody[] = digest === null || body === null ? [] : [{ digest, bytes: body }];
  const [wire] = fromBodies(bodies);
  return { ...place, digest: digest ?? '', ...(wire === undefined ? {} : { body: wire }) };
}
