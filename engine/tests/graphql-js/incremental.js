// Responses in parts: every result that graphql-js delivers, in order.
import { experimentalExecuteIncrementally, parse } from 'graphql';
import { behaviour } from './behaviour.js';

export async function executeIncrementally(schema, { incremental: text, operationName, variables }) {
  const answer = await experimentalExecuteIncrementally({
    schema, document: parse(text), operationName, variableValues: variables, ...behaviour(schema),
  });
  const results = [];
  if (answer.initialResult === undefined) {
    results.push(answer);
  } else {
    results.push(answer.initialResult);
    for await (const result of answer.subsequentResults) results.push(result);
  }
  return { results: results.map((result) => JSON.stringify(result)) };
}
