/** What is mounted, killed and cut off here must be nobody else's. */
export function requireOwnMachine(): void {
  if (process.env['SEALWATCH_OWN_MACHINE'] === '1') return;
  throw new Error('run this by scripts/test-system.sh, or by scripts/own-machine.sh COMMAND');
}
