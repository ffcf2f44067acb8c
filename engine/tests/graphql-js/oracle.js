// Reads one JSON object per line from stdin and writes one per line to stdout, in order:
//   { "schema": SDL }            sets the schema for the lines after it; no output
//   { "document": text }         → { "parses", "message"?, "printed"?, "rules"? }: rules are the names of the broken ones, sorted
//   { "document", "parseOnly" }  → the same without validation, for type system documents
//   { "coerce": text, "variables" }  → { "values"?: JSON text }: the first operation's variables, given or by default; absent when one is refused
//   { "execute": text, "operationName", "variables" } → { "data"?: JSON text, "paths": of the errors, in order }, with the values of behaviour.js
//   { "incremental": text, "operationName", "variables" } → { "results": [JSON text] }: the results with @defer and @stream, with the values of behaviour.js
//   { "document", "isIncremental": true } → as above, with the rules for @defer and @stream
// Add other kinds of input to `answer`.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  buildSchema, createSourceEventStream, executeSubscriptionEvent, executeSync, getOperationAST, getVariableValues, parse, print, specifiedRules, validate,
  validateSubscriptionArgs, visit,
} from 'graphql';
import { behaviour } from './behaviour.js';
import { executeIncrementally } from './incremental.js';

const require = createRequire(import.meta.url);
// The package does not export this one, but it can be imported by its path.
const { isPrintableAsBlockString } = require(join(dirname(require.resolve('graphql')), 'language', 'blockString.js'));

// The engine implements the edition of September 2025: an empty selection set is an error, and incremental delivery is unknown unless it is enabled.
const strict = { allowEmptySelectionSets: false };

let broken;
const attribute = (chosen) => chosen.map((rule) => (context) => {
  const own = Object.create(context);
  own.reportError = (error) => {
    broken.add(rule.name);
    context.reportError(error);
  };
  return rule(own);
});
const rulesWithIncremental = attribute(specifiedRules.filter((rule) => !/MaxIntrospectionDepth/.test(rule.name)));
const rules = attribute(specifiedRules.filter((rule) => !/DeferStream|StreamDirective|MaxIntrospectionDepth/.test(rule.name)));

// The engine keeps a description's text and prints it as a block string if possible.
const asBlockWherePossible = (document) =>
  visit(document, {
    enter: (node) =>
      node.description ? { ...node, description: { ...node.description, block: isPrintableAsBlockString(node.description.value) } } : undefined,
  });

let schema;

function executeNamed({ execute: text, operationName, variables }) {
  const document = parse(text, strict);
  const request = { schema, document, operationName, variableValues: variables, ...behaviour(schema) };
  let result;
  if (getOperationAST(document, operationName).operation === 'subscription') {
    const checked = validateSubscriptionArgs({ ...request, subscribeFieldResolver: async function* () {} });
    const source = Array.isArray(checked) ? { errors: checked } : createSourceEventStream(checked);
    result = source.errors ? source : executeSubscriptionEvent(checked);
  } else {
    result = executeSync(request);
  }
  const paths = (result.errors ?? []).map((error) => (error.path ?? []).join('.'));
  return result.data === undefined ? { paths } : { data: JSON.stringify(result.data), paths };
}

/** Keys in one order: what matters of an input object is which value each field has. */
const ordered = (value) =>
  value === null || typeof value !== 'object' ? value
    : Array.isArray(value) ? value.map(ordered)
      : Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]));

function coerce({ coerce: text, variables }) {
  const { variableDefinitions } = getOperationAST(parse(text, strict));
  const { variableValues, errors } = getVariableValues(schema, variableDefinitions, variables);
  return errors ? {} : { values: JSON.stringify(ordered(variableValues.coerced)) };
}

function answer(question) {
  if (question.schema !== undefined) {
    schema = buildSchema(question.schema);
    return undefined;
  }
  if (question.execute !== undefined) return executeNamed(question);
  if (question.coerce !== undefined) return coerce(question);
  if (question.incremental !== undefined) return executeIncrementally(schema, question);
  let document;
  try {
    document = parse(question.document, strict);
  } catch (error) {
    return { parses: false, message: error.message };
  }
  const printed = print(asBlockWherePossible(document));
  if (question.parseOnly) return { parses: true, printed };
  broken = new Set();
  validate(schema, document, question.isIncremental ? rulesWithIncremental : rules, { ...strict, maxErrors: 100_000 });
  return { parses: true, printed, rules: [...broken].sort() };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line));
  if (reply !== undefined) process.stdout.write(JSON.stringify(reply) + '\n');
}
