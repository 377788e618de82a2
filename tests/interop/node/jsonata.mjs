// Evaluates expressions by the reference implementation of JSONata. Reads a JSON array of {expression, states} from
// standard input, and writes a JSON array of the results. `states` is the variable $states of Step Functions.
import { text } from 'node:stream/consumers';
import jsonata from 'jsonata';

const cases = JSON.parse(await text(process.stdin));
const results = [];
for (const { expression, states } of cases) {
  const result = await jsonata(expression).evaluate(undefined, { states });
  results.push(result ?? null); // JSON has no undefined, which is what a name that is absent gives
}
process.stdout.write(JSON.stringify(results));
