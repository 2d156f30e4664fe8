import { EXPECTED, PLAIN_STATES, STATES } from './support/states.ts';
import { take } from './support/take.ts';
import { test, UNUSED_PRELOAD } from './support/test.ts';

// Without transitions.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** For a picture Playwright injects a style, which the Content-Security-Policy blocks in Firefox. */
const BY_PICTURE = /blocked an inline style/;

for (const [state, reach] of Object.entries(STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(EXPECTED);
    announce(BY_PICTURE);
    await reach(portal, server);
    await take(portal, state);
  });
}

for (const [state, reach] of Object.entries(PLAIN_STATES)) {
  test(state, async ({ portal, server, announce }) => {
    announce(/Failed to load resource/);
    announce(UNUSED_PRELOAD);
    announce(BY_PICTURE);
    const plain = await portal.withoutBoot();
    await reach(plain, server);
    await take(plain, state);
  });
}
