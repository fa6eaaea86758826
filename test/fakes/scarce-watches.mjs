// Started where the kernel grants few inotify watches: what the file watch makes of it, as one line of JSON.
import { appendFileSync } from 'node:fs';
import { FileWatch } from '../../agent/dist/watch/file-watch.js';

const [hostRoot, ...paths] = process.argv.slice(2);
const said = [];
const warnings = [];
const watch = new FileWatch({
  hostRoot,
  onDisturbed: (disturbance) => said.push(...disturbance.components),
  clock: { wall: () => Date.now(), monotonic: () => performance.now() },
  log: { warn: ({ reason }) => warnings.push(reason) },
  lookEveryMs: 50,
});
await watch.follow(paths.map((path) => ({ path, disturbs: [{ kind: 'files', components: [path] }] })));
const { unwatched } = watch.state();
for (const path of paths) {
  appendFileSync(`${hostRoot}${path}`, 'x');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
await watch.stop();
console.log(JSON.stringify({ unwatched: unwatched.length, warnings, said: [...new Set(said)] }));
