/**
 * Percent of the last ten seconds in which at least one task waited, from `/proc/pressure/RESOURCE`
 * (Documentation/accounting/psi.rst): `some avg10=1.23 avg60=… avg300=… total=…`.
 * @returns undefined if the text is no such account
 */
export function parseStall(text: string): number | undefined {
  const match = /^some avg10=(\d{1,3}(?:\.\d{1,2})?) /m.exec(text);
  const percent = match === null ? NaN : Number(match[1]);
  return percent <= 100 ? percent : undefined;
}
