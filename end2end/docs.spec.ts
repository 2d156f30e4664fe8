import { expect, test } from './support/test.ts';

/** The languages and the labels of their samples. */
const SAMPLES = {
  curl: 'curl command',
  JavaScript: 'JavaScript code',
  PHP: 'PHP code',
  Python: 'Python code',
};

test('the documentation teaches in order, with the real address', async ({ portal, server }) => {
  const { page } = portal;
  await portal.open('/docs/api');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API docs');
  const headings = page.getByRole('article').getByRole('heading', { level: 2 });
  const order = [
    'In one minute',
    'Generating a token',
    'Using a token',
    'Reading lists',
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

  for (const [language, label] of Object.entries(SAMPLES)) {
    await portal.choose(language);
    const sample = page.getByRole('figure', { name: label });
    await expect(sample).toContainText(`${server.url}/api/v1/me`);
    await expect(sample).toContainText('OPENTILL_TOKEN');
    for (const other of Object.values(SAMPLES).filter((other) => other !== label)) {
      await expect(page.getByRole('figure', { name: other })).toBeHidden();
    }
  }
  await expect(page.getByRole('figure', { name: 'response', exact: true })).toContainText('{"message":"Unauthenticated."}');
  await expect(page.getByRole('article')).toContainText('shown in full only when it is created');
  // It contains nothing that looks like a token.
  expect(await page.content()).not.toMatch(/ot_live_[0-9A-Za-z]{38}/);
});

test('the first step leads to the form, after logging in', async ({ portal }) => {
  const { page } = portal;
  const link = page.getByRole('link', { name: 'Create a token', exact: true });
  await portal.open('/docs/api');
  await expect(link).toHaveCount(0);
  const logIn = page.getByRole('link', { name: 'Log in to create a token' });
  await expect(logIn).toHaveAttribute('href', '/login?next=%2Fprofile%23api-tokens');
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
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    for (const [language, label] of Object.entries(SAMPLES)) {
      await portal.choose(language);
      await portal.button(`Copy ${label}`).click();
      const code = page.getByRole('figure', { name: label }).locator('code');
      await expect.poll(copied, label).toBe(await code.textContent());
    }
    const others = ['first call', 'environment variable', 'response', 'response of /api/v1/me', '401 response', 'gitleaks rule'];
    for (const label of others) {
      await portal.button(`Copy ${label}`).click();
      const code = page.getByRole('figure', { name: label, exact: true }).locator('code');
      await expect.poll(copied, label).toBe(await code.textContent());
    }
  });

  test('a language that was chosen is there for every sample, the next time, and with a new token', async ({ portal }) => {
    const { page } = portal;
    await portal.signIn();
    await portal.open('/docs/api');
    await portal.choose('Python');
    const isChosen = async () => {
      const radios = await page.getByRole('radio', { name: 'Python' }).all();
      expect(radios).toHaveLength(4);
      for (const radio of radios) await expect(radio).toBeChecked();
      for (const label of ['Python code', 'pages with Python', 'changes with Python', 'ETag with Python']) {
        await expect(page.getByRole('figure', { name: label })).toBeVisible();
      }
    };
    await isChosen();
    await portal.open('/docs/api');
    await isChosen();
    await portal.open('/profile');
    await portal.create('Billing Dashboard');
    await expect(portal.dialog.getByRole('radio', { name: 'Python' })).toBeChecked();
    await expect(portal.dialog.getByRole('figure', { name: 'Python code' })).toBeVisible();
    // What is no language is not remembered.
    await portal.dialog.getByRole('radio', { name: '.env' }).check();
    await portal.open('/docs/api');
    await isChosen();
  });

  test('only code that does not fit is a stop for the keyboard', async ({ portal }) => {
    const { page } = portal;
    const pre = page.getByRole('figure', { name: 'curl command' }).locator('pre');
    await portal.open('/docs/api');
    await expect(pre).not.toHaveAttribute('tabindex');
    await page.setViewportSize({ width: 320, height: 640 });
    await expect(pre).toHaveAttribute('tabindex', '0');
    await expect(page.getByRole('region', { name: 'curl command' })).toBeVisible();
  });
});

test('printed, it shows every language and nothing to press', { tag: '@chromium' }, async ({ portal }) => {
  const { page } = portal;
  await portal.open('/docs/api');
  await page.emulateMedia({ media: 'print' });
  for (const label of Object.values(SAMPLES)) {
    await expect(page.getByRole('figure', { name: label })).toBeVisible();
  }
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expect(page.getByRole('navigation')).toHaveCount(0);
});

test.describe('without JavaScript', { tag: '@plain' }, () => {
  test('there is no button that would do nothing', async ({ portal }) => {
    await portal.open('/docs/api');
    await expect(portal.page.getByRole('button', { name: /^Copy/ })).toHaveCount(0);
  });
});

test.describe('on a narrow screen', { tag: '@javascript' }, () => {
  test('code that was hidden at first is a stop for the keyboard, too', async ({ portal }) => {
    const { page } = portal;
    await page.setViewportSize({ width: 320, height: 640 });
    await portal.open('/docs/api');
    await portal.choose('Python');
    const pre = page.getByRole('figure', { name: 'Python code' }).locator('pre');
    await expect(pre).toHaveAttribute('tabindex', '0');
  });
});

test('every heading can be linked to', async ({ portal }) => {
  await portal.open('/docs/api');
  const headings = await portal.page.locator('article').locator('h2, h3').all();
  expect(headings.length).toBeGreaterThan(9);
  for (const heading of headings) {
    const id = await heading.getAttribute('id');
    expect(id).toMatch(/^[a-z_-]+$/);
    await expect(heading.getByRole('link')).toHaveAttribute('href', `#${id}`);
  }
});
