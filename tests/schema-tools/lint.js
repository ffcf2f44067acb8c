// Runs the schema-recommended rules of graphql-eslint on a schema: node lint.js schema.graphql
// Prints each finding as one line of JSON.
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
      // Pages, refusals, quotes and messages are responses without an identity. Types with an identity implement Node, which requires an id.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
});
const [result] = await eslint.lintText(await readFile(schema, 'utf8'), { filePath: 'schema.graphql' });
for (const { ruleId, line, message } of result.messages) console.log(JSON.stringify({ ruleId, line, message }));
