import { fileName } from './support/pictures.ts';
import { EXPECTED, PLAIN_STATES, STATES } from './support/states.ts';
import { expect, test, UNUSED_PRELOAD } from './support/test.ts';

/** The accessibility tree of each state, in a file in `aria/`. */
const TOLD = [
  'login',
  'login failed',
  'dashboard new',
  'account menu',
  'profile without tokens',
  'profile with tokens',
  'reveal dialog',
  'question before closing',
  'revoke dialog',
  'token page unused',
  'token page in use',
  'all tokens page',
  'activity page',
  'revoke all page',
  'API docs',
];
const TOLD_PLAIN = ['reveal page', 'revoke page'];

test.describe('screen readers are told the same as before:', { tag: ['@javascript', '@chromium'] }, () => {
  for (const state of TOLD) {
    test(state, async ({ portal, server, announce }) => {
      announce(EXPECTED);
      await STATES[state](portal, server);
      const what = (await portal.dialog.isVisible()) ? portal.dialog : portal.page.locator('body');
      await expect(what).toMatchAriaSnapshot({ name: `${fileName(state)}.aria.yml` });
    });
  }

  for (const state of TOLD_PLAIN) {
    test(state, async ({ portal, server, announce }) => {
      announce(/Failed to load resource/);
      announce(UNUSED_PRELOAD);
      const plain = await portal.withoutBoot();
      await PLAIN_STATES[state](plain, server);
      await expect(portal.page.locator('body')).toMatchAriaSnapshot({ name: `${fileName(state)}.aria.yml` });
    });
  }
});
