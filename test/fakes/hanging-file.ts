import { Daemon } from './daemon.js';
import { waitUntil } from './wait-until.js';

/** Mounts a file system of user space and never says a word: the kernel keeps waiting whoever asks it for anything. */
const SILENT = `
use Fcntl;
$^F = 255;
sysopen(my $fuse, "/dev/fuse", O_RDWR) or die "/dev/fuse: $!";
my $options = "fd=" . fileno($fuse) . ",rootmode=100000,user_id=0,group_id=0";
my @inside = ("nsenter", "--target", $ARGV[0], "--mount");
system(@inside, "mount", "-i", "-t", "fuse", "-o", $options, "silent", $ARGV[1]) == 0 or die;
$| = 1;
print "mounted\\n";
sleep;
`;

/**
 * Puts a file in a file's place that hangs whoever looks at it, as one of a file server that is away does. Until the
 * daemon ends; what waits then gets an error, and the mount is there to be taken away.
 * @param pid whose mounts
 */
export async function hangFile(pid: number, path: string): Promise<Daemon> {
  const daemon = new Daemon(['perl', '-e', SILENT, String(pid), path]);
  try {
    await waitUntil('the silent file system is mounted', () => daemon.output.includes('mounted'), {
      explain: () => daemon.output,
    });
  } catch (error) {
    await daemon.kill();
    throw error;
  }
  return daemon;
}
