const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

/** 0 asks for the default; more than the most is the most. */
export function pageSize(asked: number): number {
  return asked === 0 ? DEFAULT_PAGE : Math.min(asked, MAX_PAGE);
}
