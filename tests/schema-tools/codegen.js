// Generates types for a frontend by graphql-codegen's client preset and lets tsc check a program that uses them: node codegen.js schema.graphql program.ts
// Prints tsc's complaints; ends with 1 when there are any.
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { generate } from '@graphql-codegen/cli';

const [schema, program] = process.argv.slice(2);
await rm('generated', { recursive: true, force: true });
await generate({
  schema,
  documents: ['operations.graphql'],
  generates: {
    'generated/': {
      preset: 'client',
      config: {
        useTypeImports: true,
        strictScalars: true,
        // How each scalar is written: schema.graphql tells.
        scalars: { Any: 'unknown', DateTime: 'string', UsdAmount: 'string', Duration: 'string', Long: 'number', UUID: 'string', URL: 'string' },
      },
    },
  },
  silent: true,
}, true);

const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', '--lib', 'es2022,dom'];
try {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options, program], { encoding: 'utf8' });
} catch (refused) {
  console.log(refused.stdout);
  process.exit(1);
}
