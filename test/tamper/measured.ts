/** With AIDE beside, often enough for percentiles, and without a look that was asked for: as docs/tamper.md has it. */
export const MEASURED: boolean = process.env['TAMPER'] === 'measured';
