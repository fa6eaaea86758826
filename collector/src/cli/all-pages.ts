import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** Far above any cluster; a collector whose pages never end is wrong, not patient. */
const MAX_PAGES = 10_000;

/**
 * Items page by page until the last page; whoever has enough stops asking.
 * @throws CodedError('collector.protocol') if a page leads back to itself
 */
export async function* allPages<T>(
  page: (token: string) => Promise<{ items: readonly T[]; nextPageToken: string }>,
): AsyncIterable<T> {
  let token = '';
  for (let count = 0; count < MAX_PAGES; count++) {
    const { items, nextPageToken } = await page(token);
    yield* items;
    if (nextPageToken === '') return;
    if (nextPageToken === token) break;
    token = nextPageToken;
  }
  throw new CodedError('collector.protocol', "the collector's pages do not end");
}
