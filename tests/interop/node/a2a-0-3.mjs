import { randomUUID } from 'node:crypto';

import {
  ClientFactory,
  createAuthenticatingFetchWithRetry,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from 'a2a-0-3/client';

import { bearer, collect, drive, nameBy } from './driver.mjs';

const ERRORS = [
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
];

async function connect({ url, token, cardPath }) {
  const fetchImpl = createAuthenticatingFetchWithRetry(fetch, bearer(token));
  const cardResolver = new DefaultAgentCardResolver({ path: cardPath });
  const factory = new ClientFactory({ transports: [new JsonRpcTransportFactory({ fetchImpl })], cardResolver });
  const client = await factory.createFromUrl(url);
  return {
    card: () => client.getAgentCard(),
    send: (instruction) => client.sendMessage(params(instruction)),
    get: ({ taskId }) => client.getTask({ id: taskId }),
    cancel: ({ taskId }) => client.cancelTask({ id: taskId }),
    stream: (instruction) => collect(client.sendMessageStream(params(instruction))),
    subscribe: ({ taskId }) => collect(client.resubscribeTask({ id: taskId })),
    ...webhooks(client),
  };
}

function webhooks(client) {
  return {
    create_webhook: async ({ taskId, webhook }) => {
      const params = { taskId, pushNotificationConfig: config(webhook) };
      return flat(await client.setTaskPushNotificationConfig(params));
    },
    get_webhook: async ({ taskId, id }) =>
      flat(await client.getTaskPushNotificationConfig({ id: taskId, pushNotificationConfigId: id })),
    list_webhooks: async ({ taskId }) => (await client.listTaskPushNotificationConfig({ id: taskId })).map(flat),
    delete_webhook: ({ taskId, id }) =>
      client.deleteTaskPushNotificationConfig({ id: taskId, pushNotificationConfigId: id }),
  };
}

function params({ text, wait, webhook }) {
  return {
    message: { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text }] },
    configuration: { blocking: wait, pushNotificationConfig: webhook ? config(webhook) : undefined },
  };
}

function config({ url, token, credentials }) {
  return { url, token, authentication: credentials ? { schemes: ['Bearer'], credentials } : undefined };
}

/** Flattens the webhook's fields, which A2A 0.3 nests, to the shape of 1.0. */
function flat({ taskId, pushNotificationConfig }) {
  return { taskId, ...pushNotificationConfig };
}

await drive(connect, nameBy(ERRORS));
