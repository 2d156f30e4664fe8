import { expectAccessible } from './support/accessible.ts';
import { EXPECTED, PLAIN_STATES, STATES } from './support/states.ts';
import { test, UNUSED_PRELOAD } from './support/test.ts';

test.describe('accessible, light and dark, wide and narrow:', { tag: '@javascript' }, () => {
  // Colors are checked without transitions.
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const [state, reach] of Object.entries(STATES)) {
    test(state, async ({ portal, server, announce }) => {
      announce(EXPECTED);
      await reach(portal, server);
      await expectAccessible(portal);
    });
  }

  for (const [state, reach] of Object.entries(PLAIN_STATES)) {
    // Firefox asks before it sends a form again.
    const tag = state === 'already created page' ? '@chromium' : [];
    test(state, { tag }, async ({ portal, server, announce }) => {
      announce(/Failed to load resource/);
      announce(UNUSED_PRELOAD);
      const plain = await portal.withoutBoot();
      await reach(plain, server);
      await expectAccessible(plain);
    });
  }
});
