import { type APIResponse, type WorkerFixture, test as base, expect } from '@playwright/test';

import { Portal } from './portal.ts';
import { type Client, Server } from './server.ts';

interface Fixtures {
  /** A client of this test alone. */
  client: Client;
  /** The portal as that client; not logged in. */
  portal: Portal;
  /** Calls `GET /api/v1/me` with a token, outside the browser. */
  me: (token: string) => Promise<APIResponse>;
  /** Allows a console message that would fail the test. */
  announce: (message: RegExp) => void;
}

/** Instead of the usual server: one with demo data. */
export const DEMO_SERVER: [WorkerFixture<Server, object>, { scope: 'worker' }] = [
  async ({}, use) => {
    const server = await Server.start({}, { isDemo: true });
    await use(server);
    await server.stop();
  },
  { scope: 'worker' },
];

/** Instead of the usual server: one that no other test sees, to import into. */
export const OWN_SERVER: [WorkerFixture<Server, object>, { scope: 'worker' }] = [
  async ({}, use) => {
    const server = await Server.start({ OPENTILL_TIME_ZONE: 'UTC' });
    await use(server);
    await server.stop();
  },
  { scope: 'worker' },
];

export const UNUSED_PRELOAD = /was preloaded using link preload but not used/;

export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  client: async ({ server }, use) => use(server.addClient('Ada Byron')),

  portal: async ({ page, client, javaScriptEnabled }, use) =>
    use(new Portal(page, client, javaScriptEnabled)),

  me: async ({ request }, use) =>
    use((token) =>
      request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } }),
    ),

  // Every test expects an empty console, and no request to another origin.
  announce: [
    async ({ context, server, javaScriptEnabled }, use) => {
      const heard: string[] = [];
      const announced: RegExp[] = [];
      // Without JavaScript nothing uses what was preloaded for it.
      if (!javaScriptEnabled) announced.push(UNUSED_PRELOAD);
      context.on('console', (message) => {
        const { url } = message.location();
        if (/error|warning/.test(message.type())) {
          heard.push(`${message.type()}: ${message.text()} (${url})`);
        }
      });
      context.on('weberror', (error) => heard.push(`page error: ${error.error().message}`));
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (/^https?:|^wss?:/.test(protocol) && origin !== server.url) {
          heard.push(`foreign request: ${request.url()}`);
        }
      });
      await use((message) => announced.push(message));
      const unannounced = heard.filter((text) => !announced.some((message) => message.test(text)));
      expect(unannounced, 'messages on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Expects the exact response to a token that is not valid. */
export async function expectUnauthenticated(answer: APIResponse): Promise<void> {
  expect(answer.status()).toBe(401);
  expect(await answer.text()).toBe('{"message":"Unauthenticated."}');
}
