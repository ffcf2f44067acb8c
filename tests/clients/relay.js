// Compiles the operations in relay/ by relay-compiler, whose rules on connections and nodes the schema has to meet, and runs them in relay-runtime's environment:
//   node relay.js compile                 fails with the compiler's complaints
//   node relay.js url token id key        what it is asked to do: operations.js
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { register } from 'node:module';

rmSync('relay/generated', { recursive: true, force: true });
mkdirSync('relay/generated');
execFileSync(process.execPath, ['node_modules/relay-compiler/cli.js'], { stdio: ['ignore', 'ignore', 'inherit'] });

if (process.argv[2] !== 'compile') {
  // Artifacts name each other without ".js", as a bundler has it.
  register('./relay/resolve.js', import.meta.url);
  await import('./relay/run.js');
}
