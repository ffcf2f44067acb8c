// Generates types for a frontend with the client preset of graphql-codegen, and checks a program that uses them with tsc:
//   node codegen.js schema.graphql program.ts
// Prints the errors of tsc and exits with 1 if there are any.
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
        // The JSON form of each scalar, as schema.graphql describes it.
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
