// Runs graphql-eslint's schema-recommended rules over a schema: node lint.js schema.graphql
// Prints each complaint as one line of JSON.
import { readFile } from 'node:fs/promises';
import graphql from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';

const schema = process.argv[2];
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: {
    files: ['*.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      // Pages, refusals, quotes and messages are answers: they have no identity to be kept under. What has one implements Node, whose id its interface demands.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
});
const [result] = await eslint.lintText(await readFile(schema, 'utf8'), { filePath: 'schema.graphql' });
for (const { ruleId, line, message } of result.messages) console.log(JSON.stringify({ ruleId, line, message }));
