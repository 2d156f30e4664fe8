import { expect, test } from './support/test.ts';

test('the documentation teaches in order, with the real address', async ({ portal, server }) => {
  const { page } = portal;
  await portal.open('/docs/api');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API docs');
  const headings = page.getByRole('article').getByRole('heading', { level: 2 });
  const order = [
    'Generating a token',
    'Using a token',
    'Invalid tokens',
    'Revoking a token',
    'Best practices',
    'Reference',
  ];
  await expect(headings).toHaveText(order);
  for (const title of order) {
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: title }).click();
    await expect(headings.filter({ hasText: title })).toBeInViewport();
  }

  for (const language of ['curl command', 'JavaScript code', 'PHP code', 'Python code']) {
    const sample = page.getByRole('region', { name: language });
    await expect(sample).toContainText(`${server.url}/api/v1/me`);
    await expect(sample).toContainText('OPENTILL_TOKEN');
  }
  await expect(page.getByRole('region', { name: 'answer' })).toContainText('{"message":"Unauthenticated."}');
  await expect(page.getByRole('article')).toContainText('shown in full only when it is created');
  // Nothing in it could be taken for a token.
  expect(await page.content()).not.toMatch(/ot_live_[0-9A-Za-z]{38}/);
});

test('only who is logged in is led to the form', async ({ portal }) => {
  const { page } = portal;
  const link = page.getByRole('link', { name: 'Create a token', exact: true });
  await portal.open('/docs/api');
  await expect(link).toHaveCount(0);
  await portal.signIn();
  await portal.open('/docs/api');
  await portal.follow(link, '/profile#api-tokens');
  await expect(portal.nameField).toBeInViewport();
});

test.describe('copying', { tag: '@javascript' }, () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('each sample has its own button, which copies it as it stands', async ({ portal }) => {
    const { page } = portal;
    await portal.open('/docs/api');
    const blocks = page.locator('pre');
    const buttons = page.getByRole('button', { name: /^Copy / });
    await expect(buttons).toHaveCount(await blocks.count());
    for (const block of await blocks.all()) {
      const label = await block.getAttribute('aria-label');
      await portal.button(`Copy ${label}`).click();
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()), label ?? '')
        .toBe(await block.textContent());
    }
    await expect(portal.said('Copied')).toHaveCount(await blocks.count());
  });
});

test.describe('without JavaScript', { tag: '@plain' }, () => {
  test('there is no button that would do nothing', async ({ portal }) => {
    await portal.open('/docs/api');
    await expect(portal.page.getByRole('button', { name: /^Copy/ })).toHaveCount(0);
  });
});
