const SHOWN = 12;
const LONGEST = 300;

/** A list in a finding: enough of it to know what is meant, never more than a report has room for. */
export function someOf(items: readonly string[], shown: number = SHOWN): string {
  const named = items.slice(0, shown).map((item) => (item.length > LONGEST ? `${item.slice(0, LONGEST)}…` : item));
  return [...named, ...(items.length > shown ? [`${String(items.length - shown)} more`] : [])].join(', ');
}
