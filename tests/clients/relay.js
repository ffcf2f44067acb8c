// Compiles the operations in relay/ with relay-compiler, whose rules on connections and nodes the schema must meet,
// and runs them in an environment of relay-runtime:
//   node relay.js compile                 fails with the compiler's errors
//   node relay.js url token id key        operations.js says what it does
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { register } from 'node:module';

rmSync('relay/generated', { recursive: true, force: true });
mkdirSync('relay/generated');
execFileSync(process.execPath, ['node_modules/relay-compiler/cli.js'], { stdio: ['ignore', 'ignore', 'inherit'] });

if (process.argv[2] !== 'compile') {
  // Artifacts import each other without ".js", as a bundler allows.
  register('./relay/resolve.js', import.meta.url);
  await import('./relay/run.js');
}
