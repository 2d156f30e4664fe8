import { behindRelay } from '../support/behind_relay.ts';
import { CUTS, type Relay } from '../support/relay.ts';
import type { Server } from '../support/server.ts';
import { expect, test as base } from './test.ts';

const ways = new WeakMap<Server, Relay>();

const test = base.extend<{ relay: Relay }, { server: Server }>({
  server: [
    async ({}, use) => {
      const { server, relay, stop } = await behindRelay();
      ways.set(server, relay);
      await use(server);
      await stop();
    },
    { scope: 'worker' },
  ],
  relay: ({ server }, use) => use(ways.get(server)!),
});

for (const how of CUTS) {
  test(`a lost response (${how}) leaves one token, which is shown, and one revocation`, async ({ visitor, relay }) => {
    await visitor.signIn();
    await visitor.open('/profile');
    await visitor.fill('Token name', 'A');
    relay.lose('/rpc/tokens/create', how);
    await visitor.click('Create Token');
    // WebKit does not send it again by itself.
    await visitor.hears('We could not tell whether the token was created. Trying again is safe.');
    await visitor.click('Create Token');
    const token = await visitor.read();
    const answer = await fetch(`${relay.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    await visitor.click('Done');
    await visitor.click('Close without copying');
    await visitor.dialogCloses();
    expect(await visitor.names()).toEqual(['A']);

    await visitor.click('Revoke A');
    relay.lose('/rpc/tokens/revoke', how);
    await visitor.click('Revoke token');
    await visitor.hears('We could not tell whether A was revoked. Trying again is safe.');
    await visitor.click('Revoke token');
    await visitor.hears('A is revoked.');
    await visitor.dialogCloses();
    expect(await visitor.names()).toEqual([]);
  });
}
