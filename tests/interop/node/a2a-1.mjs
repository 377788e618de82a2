import { randomUUID } from 'node:crypto';

import {
  AgentCard,
  ListTaskPushNotificationConfigsRequest,
  SendMessageRequest,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from 'a2a-1';
import {
  ClientFactory,
  createAuthenticatingFetchWithRetry,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from 'a2a-1/client';
import {
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from 'a2a-1/errors';

import { bearer, collect, drive, nameBy } from './driver.mjs';

const TRANSPORTS = { JSONRPC: JsonRpcTransportFactory, 'HTTP+JSON': RestTransportFactory };
const ERRORS = [
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
];

async function connect({ url, token, binding }) {
  const fetchImpl = createAuthenticatingFetchWithRetry(fetch, bearer(token));
  const client = await new ClientFactory({ transports: [new TRANSPORTS[binding]({ fetchImpl })] }).createFromUrl(url);
  return {
    card: async () => cardJSON(await client.getAgentCard()),
    send: async (instruction) => Task.toJSON(await client.sendMessage(request(instruction))),
    get: async ({ taskId }) => Task.toJSON(await client.getTask({ id: taskId, tenant: '' })),
    cancel: async ({ taskId }) => Task.toJSON(await client.cancelTask({ id: taskId, tenant: '' })),
    tasks: async ({ contextId }) => (await client.listTasks(listing(contextId))).tasks.map(Task.toJSON),
    stream: (instruction) => collect(client.sendMessageStream(request(instruction)), StreamResponse.toJSON),
    subscribe: ({ taskId }) => collect(client.resubscribeTask({ id: taskId, tenant: '' }), StreamResponse.toJSON),
    ...webhooks(client),
  };
}

/** The client returns a card with a 0.3 interface as plain JSON, and any other card as an AgentCard object. */
function cardJSON(card) {
  return Object.values(card.securitySchemes).some(({ scheme }) => scheme) ? AgentCard.toJSON(card) : card;
}

function webhooks(client) {
  const json = TaskPushNotificationConfig.toJSON;
  return {
    create_webhook: async ({ taskId, webhook }) =>
      json(await client.createTaskPushNotificationConfig(config(webhook, taskId))),
    get_webhook: async ({ taskId, id }) =>
      json(await client.getTaskPushNotificationConfig({ taskId, id, tenant: '' })),
    list_webhooks: async ({ taskId }) => {
      const request = ListTaskPushNotificationConfigsRequest.fromJSON({ taskId });
      return (await client.listTaskPushNotificationConfig(request)).configs.map(json);
    },
    delete_webhook: ({ taskId, id }) => client.deleteTaskPushNotificationConfig({ taskId, id, tenant: '' }),
  };
}

function request({ text, wait, webhook }) {
  return SendMessageRequest.fromJSON({
    message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }] },
    configuration: {
      returnImmediately: !wait,
      taskPushNotificationConfig: webhook ? TaskPushNotificationConfig.toJSON(config(webhook)) : undefined,
    },
  });
}

function config({ url, token, credentials }, taskId = '') {
  const authentication = credentials ? { scheme: 'Bearer', credentials } : undefined;
  return TaskPushNotificationConfig.fromJSON({ taskId, url, token, authentication });
}

function listing(contextId) {
  return { tenant: '', contextId, status: 0, pageToken: '', includeArtifacts: true };
}

await drive(connect, nameBy(ERRORS));
