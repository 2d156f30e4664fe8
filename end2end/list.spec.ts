import type { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const NAMES = ['Delta (eu)', 'alpha (eu)', 'Charlie (eu)', 'bravo', 'Echo', 'Foxtrot', 'Golf (eu)', 'Hotel (eu)', 'Kilo (eu)'];

async function openWith(portal: Portal, ...names: string[]): Promise<void> {
  await portal.signIn();
  await portal.createUnseen(...names);
  await portal.open('/profile');
  await expect(portal.rows).toHaveCount(names.length);
}

const shownNames = (portal: Portal) => portal.rows.getByRole('rowheader').getByRole('link').allInnerTexts();

test.describe('a long list', { tag: '@javascript' }, () => {
  test('is filtered and sorted, and goes on after a row is revoked', async ({ portal }) => {
    const { page } = portal;
    await openWith(portal, ...NAMES);
    const filter = page.getByRole('searchbox', { name: 'Filter tokens' });
    const sort = page.getByRole('combobox', { name: 'Sort tokens' });

    await sort.selectOption('Name');
    expect(await shownNames(portal)).toEqual(['alpha (eu)', 'bravo', 'Charlie (eu)', 'Delta (eu)', 'Echo', 'Foxtrot', 'Golf (eu)', 'Hotel (eu)', 'Kilo (eu)']);
    await filter.fill('(EU)');
    expect(await shownNames(portal)).toEqual(['alpha (eu)', 'Charlie (eu)', 'Delta (eu)', 'Golf (eu)', 'Hotel (eu)', 'Kilo (eu)']);
    await expect(portal.said('6 tokens shown')).toBeAttached();

    await portal.button('Revoke Charlie (eu)').click();
    await portal.button('Revoke token').click();
    await expect(portal.button('Revoke Delta (eu)')).toBeFocused();
    expect(await shownNames(portal)).toEqual(['alpha (eu)', 'Delta (eu)', 'Golf (eu)', 'Hotel (eu)', 'Kilo (eu)']);

    await filter.fill('nothing like that');
    await expect(portal.rows).toHaveCount(0);
    await portal.button('Show all tokens').click();
    await expect(portal.rows).toHaveCount(8);
    await page.getByRole('checkbox', { name: 'Unused only' }).check();
    await expect(portal.rows).toHaveCount(0);

    // A new token is never hidden by a filter.
    await portal.create('India');
    await portal.leaveReveal();
    await expect(portal.row('India')).toBeVisible();
    await expect(portal.rows).toHaveCount(9);
  });

  test('has no tools while it is short', async ({ portal }) => {
    await openWith(portal, 'A', 'B');
    await expect(portal.page.getByRole('searchbox')).toBeHidden();
  });

  test('says what was done where one looks', async ({ portal }) => {
    const { page } = portal;
    await openWith(portal, ...NAMES);
    await page.setViewportSize({ width: 390, height: 600 });
    await portal.button('Revoke Delta (eu)').scrollIntoViewIfNeeded();
    await portal.button('Revoke Delta (eu)').click();
    await portal.button('Revoke token').click();
    const message = portal.said('Token “Delta (eu)” revoked.');
    await expect(message).toBeInViewport();
    await portal.button('Dismiss').click();
    await expect(message).toBeHidden();
  });
});

test.describe('the rest of the page and other tabs', { tag: '@javascript' }, () => {
  test('follow what is done', async ({ portal }) => {
    await openWith(portal, 'A', 'B');
    const other = await portal.newTab();
    await other.open('/profile');
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    for (const tab of [portal, other]) {
      await expect(tab.row('A')).toHaveCount(0);
      await expect(tab.page.getByText('Recently revoked (1)')).toBeVisible();
      await expect(tab.page.locator('#activity')).toContainText('Token revoked');
    }
    await portal.page.getByText('Recently revoked (1)').click();
    await portal.page.locator('.revoked').getByRole('link', { name: 'A' }).click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toContainText('Revoked');
  });

  test('remember a token that was not copied, until it is used', async ({ portal, me }) => {
    await portal.openProfile();
    const token = await portal.create('Lost');
    await portal.leaveReveal();
    await portal.open('/profile');
    await expect(portal.row('Lost')).toContainText('Not copied');
    expect((await me(token)).status()).toBe(200);
    await expect(async () => {
      await portal.open('/profile');
      await expect(portal.row('Lost')).not.toContainText('Not copied', { timeout: 100 });
    }).toPass();
  });
});

test('at the limit the form gives way to a sentence', { tag: '@javascript' }, async ({ portal, server }) => {
  const { STATES } = await import('./support/states.ts');
  await STATES['limit of tokens reached'](portal, server);
  await expect(portal.nameField).toBeHidden();
  await portal.button('Revoke Integration 1').click();
  await portal.button('Revoke token').click();
  await expect(portal.nameField).toBeVisible();
});
