import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { mustRun } from './run-command.js';
import { waitUntil } from './wait-until.js';

/** A program that does to itself, or to another, what an intruder would, says `ready`, and waits. */
const VICTIM = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int never_called(int x) { return x * 31 + 7; }

static void wait_for_ever(void) {
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}

static void *wait_in_thread(void *ignored) {
  wait_for_ever();
  return ignored;
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "";
  if (!strcmp(act, "anonymous")) {
    void *page = mmap(0, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 0xc3, 8192);
  } else if (!strcmp(act, "map")) {
    int fd = open(argv[2], O_RDONLY);
    mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    close(fd);
  } else if (!strcmp(act, "memfd")) {
    int in = open("/proc/self/exe", O_RDONLY);
    struct stat st;
    fstat(in, &st);
    int out = memfd_create("sshd", 0);
    sendfile(out, in, 0, st.st_size);
    char *args[] = {argv[0], NULL};
    extern char **environ;
    fexecve(out, args, environ);
    return 1;
  } else if (!strcmp(act, "trace")) {
    pid_t pid = atoi(argv[2]);
    ptrace(PTRACE_ATTACH, pid, 0, 0);
    waitpid(pid, 0, 0);
    ptrace(PTRACE_CONT, pid, 0, 0);
  } else if (!strcmp(act, "churn")) {
    puts("ready");
    fflush(stdout);
    for (;;) {
      for (int i = 2; i < 4; i++) {
        void *library = dlopen(argv[i], RTLD_NOW);
        usleep(100);
        if (library) dlclose(library);
      }
    }
  } else if (!strcmp(act, "reexec")) {
    if (argc == 3) { puts("ready"); fflush(stdout); }
    usleep(atoi(argv[2]));
    execl("/proc/self/exe", argv[0], "reexec", argv[2], "again", NULL);
    return 1;
  } else if (!strcmp(act, "first-thread-ends")) {
    pthread_t thread;
    pthread_create(&thread, 0, wait_in_thread, 0);
    pthread_exit(0);
  } else if (!strcmp(act, "zombie")) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    printf("child %d\\n", child);
  } else if (!strcmp(act, "many")) {
    for (int i = atoi(argv[2]); i > 0; i--) {
      pid_t child = fork();
      if (child == 0) for (;;) pause();
      printf("child %d\\n", child);
    }
  }
  wait_for_ever();
}
`;

/** Two libraries of one size with other bytes everywhere in their code. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'one.so': '__asm__(".fill 20000, 1, 0x90"); int added_by_nobody(void) { return 42; }\n',
  'two.so': '__asm__(".fill 20000, 1, 0xcc"); int added_by_nobody(void) { return 43; }\n',
};

/** Real programs whose code, files and surroundings a test may change; all ended and removed at the end. */
export class VictimPrograms {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-victim-'));
  readonly #running: Daemon[] = [];
  readonly #adopted: number[] = [];

  /** Compiles the program, and two libraries. */
  async build(): Promise<void> {
    writeFileSync(this.at('victim.c'), VICTIM);
    await mustRun(['gcc', '-O1', '-o', this.at('victim'), this.at('victim.c'), '-ldl', '-lpthread']);
    await mustRun(['gcc', '-O1', '-static', '-o', this.at('static'), this.at('victim.c')]);
    await mustRun(['gcc', '-O1', '-z', 'execstack', '-o', this.at('execstack'), this.at('victim.c')]);
    for (const [name, source] of Object.entries(LIBRARIES)) {
      writeFileSync(this.at(`${name}.c`), source);
      await mustRun(['gcc', '-shared', '-fPIC', '-o', this.at(name), this.at(`${name}.c`)]);
    }
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  /** Starts a program and waits until it says that it is ready. */
  async start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Daemon> {
    const daemon = new Daemon(argv, { env });
    this.#running.push(daemon);
    await waitUntil('the program is ready', () => daemon.output.includes('ready'), { explain: () => daemon.output });
    return daemon;
  }

  /** A process that something started here has started: it ends with the others. */
  adopt(pid: number): void {
    this.#adopted.push(pid);
  }

  /** Ends what runs; the files stay. */
  async stopAll(): Promise<void> {
    for (const pid of this.#adopted.splice(0)) end(pid);
    await Promise.all(this.#running.splice(0).map((daemon) => daemon.kill()));
  }

  async dispose(): Promise<void> {
    await this.stopAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}
