import { AxeBuilder } from '@axe-core/playwright';

import { type Portal, sidewaysScroll } from './support/portal.ts';
import { expect, test, UNUSED_PRELOAD } from './support/test.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What can differ between light and dark. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Each state of the portal, and how one gets there. */
const STATES: Record<string, (portal: Portal) => Promise<unknown>> = {
  login: (portal) => portal.open('/login'),
  'login failed': async (portal) => {
    await portal.open('/login');
    await portal.logIn('not the password');
    await expect(portal.alert).toBeVisible();
    await portal.ready();
  },
  dashboard: async (portal) => {
    await portal.signIn();
    await portal.open('/');
  },
  'account menu': async (portal) => {
    await portal.signIn();
    await portal.open('/');
    await portal.button(`Account menu, ${portal.client.name}`).click();
  },
  'profile without tokens': (portal) => portal.openProfile(),
  'profile with tokens': openWithTokens,
  'name refused': async (portal) => {
    await openWithTokens(portal);
    await portal.submit('My Integration');
    await expect(portal.nameField).toHaveAttribute('aria-invalid', 'true');
  },
  'reveal dialog': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
  },
  'question before closing': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await portal.button('Done').click();
    await expect(portal.button('Copy and close')).toBeFocused();
  },
  'token just created': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
    await portal.leaveReveal();
  },
  'revoke dialog': async (portal) => {
    await openWithTokens(portal);
    await portal.button('Revoke My Integration').click();
    await expect(portal.dialog).toBeVisible();
  },
  'API docs': (portal) => portal.open('/docs/api'),
  'page not found': (portal) => portal.open('/nowhere'),
};

/** The same, of pages that one only sees without WebAssembly. */
const PLAIN_STATES: typeof STATES = {
  'reveal page': async (portal) => {
    await portal.openProfile();
    await portal.create('My Integration');
  },
  'already shown page': async (portal) => {
    await PLAIN_STATES['reveal page'](portal);
    await portal.page.reload();
    await expect(portal.button('I did not see it: show a new one')).toBeVisible();
  },
  'revoke page': async (portal) => {
    await openWithTokens(portal);
    await portal.button('Revoke My Integration').click();
    await expect(portal.button('Revoke token')).toBeVisible();
  },
  'password refused': async (portal) => {
    await portal.openProfile();
    await portal.page.getByLabel('Current password').fill(portal.client.password);
    await portal.page.getByLabel('New password').fill('too short');
    await portal.button('Change password').click();
    await expect(portal.alert).toBeVisible();
  },
};

async function openWithTokens(portal: Portal): Promise<void> {
  await portal.signIn();
  await portal.createUnseen('My Integration', 'A name as long as names get '.repeat(4).slice(0, 100).trim());
  await portal.open('/profile');
}

async function expectAccessible({ page }: Portal): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await sidewaysScroll(page), `sideways at ${width} px`).toBe(0);
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNothingFound(new AxeBuilder({ page }).withTags(TAGS), `light, ${width} px`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNothingFound(new AxeBuilder({ page }).withRules(COLOURS), `dark, ${width} px`);
  }
}

async function expectNothingFound(axe: AxeBuilder, where: string): Promise<void> {
  const { passes, violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\n${target.join(' ')}\n${failureSummary}`),
  );
  expect.soft(found, where).toEqual([]);
  expect(passes.map(({ id }) => id), 'what was checked').toContain('color-contrast');
}

test.describe('accessible, light and dark, wide and narrow:', { tag: '@javascript' }, () => {
  // Colours are judged as they come to rest.
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const [state, reach] of Object.entries(STATES)) {
    test(state, async ({ portal, announce }) => {
      announce(/status of (401|404|422)/);
      await reach(portal);
      await expectAccessible(portal);
    });
  }

  for (const [state, reach] of Object.entries(PLAIN_STATES)) {
    test(state, async ({ portal, announce }) => {
      announce(/Failed to load resource/);
      announce(UNUSED_PRELOAD);
      await portal.page.route('**/boot*.js', (route) => route.abort());
      const plain = Object.assign(Object.create(portal), { hasScripts: false });
      await reach(plain);
      await expectAccessible(plain);
    });
  }
});
