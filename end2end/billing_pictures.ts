import { BILLING_STATES } from './support/billing.ts';
import { DEMO_CLIENT } from './support/server.ts';
import { take } from './support/take.ts';
import { DEMO_SERVER, test } from './support/test.ts';

test.use({
  contextOptions: { reducedMotion: 'reduce' },
  server: DEMO_SERVER,
  client: async ({}, use) => use(DEMO_CLIENT),
});

for (const [state, reach] of Object.entries(BILLING_STATES)) {
  test(state, async ({ portal, server, browserName }) => {
    await reach(portal, server);
    await take(portal, state);
    if (browserName !== 'chromium' || !state.startsWith('invoice ')) return;
    for (const format of ['A4', 'Letter'] as const) {
      await portal.page.pdf({ path: `screenshots/${state}-${format}.pdf`, format });
    }
  });
}
