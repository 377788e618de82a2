import { text } from 'node:stream/consumers';

/**
 * Executes the instruction on standard input and prints {result} or {error: {name, message}}.
 *
 * connect(instruction) returns one function per verb; it uses the instruction's `url`, `token` and `binding`.
 * nameOf(error) returns the name of the class that the client's users catch.
 */
export async function drive(connect, nameOf) {
  const instruction = JSON.parse(await text(process.stdin));
  console.log(JSON.stringify(await execute(connect, nameOf, instruction)));
}

async function execute(connect, nameOf, instruction) {
  try {
    const verbs = await connect(instruction);
    return { result: (await verbs[instruction.verb](instruction)) ?? null };
  } catch (error) {
    return { error: { name: nameOf(error), message: error.message } };
  }
}

/** The SDK's authentication handler: it adds the token to each request and never retries. */
export function bearer(token) {
  return {
    headers: async () => ({ Authorization: `Bearer ${token}` }),
    shouldRetryWithHeaders: async () => undefined,
  };
}

/** Name of the first class of the error or, if a stream wraps the error, of its cause. */
export function nameBy(classes) {
  return (error) => {
    const found = classes.find((type) => error instanceof type || error.cause instanceof type);
    return found?.name ?? error.name;
  };
}

export async function collect(events, toJSON = (event) => event) {
  const collected = [];
  for await (const event of events) collected.push(toJSON(event));
  return collected;
}
