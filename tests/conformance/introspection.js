// Compares what graphql-js reads from an introspection result with what it reads from the SDL of the same schema.
//   node introspection.js query          prints { query }: the complete introspection query
//   node introspection.js read <file>    the file contains { data, sdl }; prints { introspection, sdl }: both as graphql-js prints them
import { readFile } from 'node:fs/promises';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema } from 'graphql';

const [command, file] = process.argv.slice(2);

const printed = (schema) => {
  const problems = validateSchema(schema);
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return printSchema(lexicographicSortSchema(schema));
};

if (command === 'query') {
  const query = getIntrospectionQuery({
    descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true,
  });
  console.log(JSON.stringify({ query }));
} else {
  const { data, sdl } = JSON.parse(await readFile(file, 'utf8'));
  console.log(JSON.stringify({ introspection: printed(buildClientSchema(data)), sdl: printed(buildSchema(sdl)) }));
}
