import { writeFileSync } from 'node:fs';
import { mustRun } from '../fakes/run-command.js';

/** Changes a byte of a file through a shared mapping, which no file event tells of. */
const SOURCE = `#include <fcntl.h>
#include <sys/mman.h>

int main(int argc, char **argv) {
  int fd = open(argv[1], O_RDWR);
  unsigned char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (argc != 2 || page == MAP_FAILED) return 1;
  page[4096] ^= 0xff;
  return 0;
}
`;

/** Makes the program. */
export async function buildMapWrite(path: string): Promise<void> {
  writeFileSync(`${path}.c`, SOURCE);
  await mustRun(['gcc', '-O1', '-o', path, `${path}.c`]);
}
