/** What one line of `/proc/PID/stat` says (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  /** As the kernel has it, 15 bytes at most for a program: anything may stand in it, parentheses and newlines too. */
  readonly comm: Buffer;
  /** `R`, `S`, `D`, `Z` … */
  readonly state: string;
  readonly parent: number;
  /** The session it belongs to: its own pid for what systemd starts. */
  readonly session: number;
  readonly threads: number;
  /** A thread of the kernel: it has no memory of its own and no executable. */
  readonly kernelThread: boolean;
  /** Clock ticks since boot, decimal. With the pid it names one process and no later one. */
  readonly startTime: string;
}

/** PF_KTHREAD, include/linux/sched.h. */
const KERNEL_THREAD = 0x00200000;

const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * Reads `/proc/PID/stat`. The name is between the first and the last parenthesis: whatever a program calls itself, no
 * later field holds one.
 * @returns undefined if the bytes are no such line
 */
export function parseProcessStat(bytes: Buffer): ProcessStat | undefined {
  const open = bytes.indexOf(OPEN);
  const close = bytes.lastIndexOf(CLOSE);
  if (open < 2 || close < open) return undefined;
  const pid = decimal(bytes.toString('latin1', 0, open - 1));
  // after the name: state is field 3, so field N is at N - 3
  const fields = bytes
    .toString('latin1', close + 1)
    .trim()
    .split(' ');
  const [state = '', parentText = ''] = fields;
  const parent = decimal(parentText);
  const session = decimal(fields[3]);
  const flags = decimal(fields[6]);
  const threads = decimal(fields[17]);
  const startTime = fields[19] ?? '';
  if (pid === undefined || parent === undefined || session === undefined) return undefined;
  if (flags === undefined || threads === undefined) return undefined;
  if (!/^[A-Za-z]$/.test(state) || !/^(0|[1-9]\d{0,19})$/.test(startTime)) return undefined;
  return {
    pid,
    comm: Buffer.from(bytes.subarray(open + 1, close)),
    state,
    parent,
    session,
    threads,
    kernelThread: (flags & KERNEL_THREAD) !== 0,
    startTime,
  };
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined;
}
