import { text } from 'node:stream/consumers';

/**
 * Carries out the one instruction on standard input and prints its outcome: {result}, or {error: {name, message}}.
 *
 * connect(instruction) gives the verbs of a client for the instruction's `url`, `token` and `binding`.
 * nameOf(error) is what the client's users would catch.
 */
export async function drive(connect, nameOf) {
  const instruction = JSON.parse(await text(process.stdin));
  console.log(JSON.stringify(await outcome(connect, nameOf, instruction)));
}

async function outcome(connect, nameOf, instruction) {
  try {
    const verbs = await connect(instruction);
    return { result: (await verbs[instruction.verb](instruction)) ?? null };
  } catch (error) {
    return { error: { name: nameOf(error), message: error.message } };
  }
}

/** The client's own way to authenticate: headers for each request, and no second try. */
export function bearer(token) {
  return {
    headers: async () => ({ Authorization: `Bearer ${token}` }),
    shouldRetryWithHeaders: async () => undefined,
  };
}

/** The first of the client's error classes that fits the error or, where a stream wraps it, its cause. */
export function nameBy(classes) {
  return (error) => {
    const found = classes.find((type) => error instanceof type || error.cause instanceof type);
    return found?.name ?? error.name;
  };
}

export async function collected(events, toJSON = (event) => event) {
  const seen = [];
  for await (const event of events) seen.push(toJSON(event));
  return seen;
}
