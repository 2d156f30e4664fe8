import { hold } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const WRONG = 'Incorrect email or password.';

/** URLs that lead to other sites, or look like it. */
const FOREIGN = [
  '//example.com',
  '///example.com',
  '////example.com',
  '/\\example.com',
  '\\\\example.com',
  '\\/example.com',
  '/\t/example.com',
  '/\n/example.com',
  '\t//example.com',
  ' //example.com',
  '/.//example.com',
  '/..//example.com',
  '/a/..//example.com',
  '/%2e//example.com',
  '/%09/example.com',
  '/%5cexample.com',
  'https:example.com',
  'https:/example.com',
  'https://example.com',
  'HTTPS://example.com',
  '//example.com\\@127.0.0.1',
  '//127.0.0.1@example.com',
  '@example.com',
  '.example.com',
  ':80',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:x',
  'ftp://example.com',
  '//ехample.com',
  '//example。com',
  '/\r\nSet-Cookie: a=b',
  '/\r\nLocation: //example.com',
];

test('a failed login says one sentence, keeps the email and forgets the password', async ({ portal, announce }) => {
  announce(/status of 401/);
  const { page, client } = portal;
  await portal.open('/login');
  for (const [email, password] of [
    [client.email, 'not the password'],
    ['nobody@example.com', client.password],
  ]) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    const answer = page.waitForResponse('/login');
    await portal.button('Log in').click();
    expect((await answer).status()).toBe(401);
    await expect(portal.alert).toHaveText(WRONG);
    await expect(page.getByLabel('Password')).toBeFocused();
    await expect(page.getByLabel('Email')).toHaveValue(email);
    await expect(page.getByLabel('Password')).toHaveValue('');
    await expect(page.getByLabel('Email')).toHaveAccessibleDescription(WRONG);
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription(WRONG);
    expect(await page.content()).not.toContain(password);
  }
  await portal.ready();
  await portal.logIn();
  await expect(page).toHaveURL('/');
});

test('after logging in one is where one wanted to go', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login?next=%2Fprofile%23api-tokens');
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  // The login page redirects clients who are logged in.
  await portal.open('/login?next=%2Fdocs%2Fapi%23using');
  await expect(page).toHaveURL('/docs/api#using');
});

test('where one wanted to go outlives a failed login', async ({ portal, announce }) => {
  announce(/status of 401/);
  await portal.open('/login?next=%2Fprofile%23api-tokens');
  await portal.logIn('not the password');
  await expect(portal.alert).toHaveText(WRONG);
  await portal.ready();
  await portal.logIn();
  await expect(portal.page).toHaveURL('/profile#api-tokens');
});

test('no login leads to another site', async ({ portal, server, announce }) => {
  // Some are paths of the portal that do not exist.
  announce(/status of 404/);
  const { page } = portal;
  page.on('dialog', (dialog) => expect(dialog.message(), 'no script runs').toBe(''));
  // Some through the form; all as a client who is logged in already.
  for (const [at, next] of FOREIGN.entries()) {
    const address = `/login?next=${encodeURIComponent(next)}`;
    if (at % 6 === 0) await page.context().clearCookies();
    await page.goto(address, { waitUntil: 'commit' });
    if (at % 6 === 0) {
      await portal.ready();
      await portal.logIn();
      await page.waitForURL((url) => url.pathname !== '/login');
    }
    expect(new URL(page.url()).origin, JSON.stringify(next)).toBe(server.url);
    const names = (await page.context().cookies()).map(({ name }) => name);
    expect(names, JSON.stringify(next)).not.toContain('a');
  }
});

test('browsers and password managers know what belongs in which field', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login');
  const fields = { Email: ['email', 'username'], Password: ['password', 'current-password'] };
  for (const [label, [type, autocomplete]] of Object.entries(fields)) {
    const field = page.getByLabel(label);
    await expect(field).toHaveAttribute('type', type);
    await expect(field).toHaveAttribute('autocomplete', autocomplete);
    await expect(field).toHaveAttribute('autocapitalize', 'none');
    await expect(field).toHaveAttribute('spellcheck', 'false');
    await expect(field).toHaveAttribute('required');
  }
});

test.describe('pasting', { tag: '@javascript' }, () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('fills in both fields', async ({ portal }) => {
    const { page, client } = portal;
    await portal.open('/login');
    for (const [label, text] of [['Email', client.email], ['Password', client.password]]) {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await page.getByLabel(label).click();
      await page.keyboard.press('ControlOrMeta+V');
      await expect(page.getByLabel(label)).toHaveValue(text);
    }
    await portal.follow(portal.button('Log in'), '/');
  });
});

test('an empty field is named, and the first one has the focus', { tag: '@javascript' }, async ({ portal }) => {
  const { page, client } = portal;
  await portal.open('/login');
  const email = page.getByLabel('Email');
  const password = page.getByLabel('Password');
  const expectNamed = async (lacksEmail: boolean, lacksPassword: boolean) => {
    for (const [field, lacks, sentence] of [
      [email, lacksEmail, 'Enter your email address.'],
      [password, lacksPassword, 'Enter your password.'],
    ] as const) {
      await expect(page.getByText(sentence)).toBeVisible({ visible: lacks });
      await expect(field).toHaveAccessibleDescription(lacks ? sentence : '');
      if (lacks) await expect(field).toHaveAttribute('aria-invalid', 'true');
      else await expect(field).not.toHaveAttribute('aria-invalid');
    }
    await expect(lacksEmail ? email : password).toBeFocused();
  };
  await portal.button('Log in').click();
  await expectNamed(true, true);
  await email.fill(client.email);
  await portal.button('Log in').click();
  await expectNamed(false, true);
  await email.clear();
  await password.fill(client.password);
  await portal.button('Log in').click();
  await expectNamed(true, false);
  await expect(page).toHaveURL('/login');
});

test('while logging in, the button says so and nothing is sent twice', { tag: '@javascript' }, async ({ portal }) => {
  const { page, client } = portal;
  const held = await hold(page, '/login');
  await portal.open('/login');
  await page.getByLabel('Email').fill(client.email);
  await page.getByLabel('Password').fill(client.password);
  // All of this runs in the page: Playwright cannot inspect a page that is being left.
  const seen = await portal.button('Log in').evaluate(async (button: HTMLButtonElement) => {
    button.click();
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    button.click();
    button.form!.requestSubmit();
    const { textContent: says, ariaDisabled } = button;
    return { says, ariaDisabled, ariaBusy: button.form!.ariaBusy };
  });
  expect(seen).toEqual({ says: 'Logging in…', ariaDisabled: 'true', ariaBusy: 'true' });
  held.release();
  await page.waitForURL('/');
  expect(held.requests).toBe(1);
});

test('the password can be shown and hidden', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login');
  const password = page.getByLabel('Password');
  await password.fill('correct horse');
  await expect(password).toHaveAttribute('type', 'password');
  await portal.button('Show').click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(portal.button('Hide')).toHaveAttribute('aria-pressed', 'true');
  await portal.button('Hide').click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('correct horse');
});

test('showing the password leaves the focus and the caret in it', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.open('/login');
  const password = page.getByLabel('Password');
  const caret = () => password.evaluate((field: HTMLInputElement) => field.selectionStart);
  await password.click();
  await page.keyboard.type('correct horse');
  for (let times = 0; times < 6; times += 1) await page.keyboard.press('ArrowLeft');
  for (const name of ['Show', 'Hide']) {
    await portal.button(name).click();
    await expect(password).toBeFocused();
    await expect.poll(caret).toBe('correct'.length);
  }
  await page.keyboard.type('ly');
  await expect(password).toHaveValue('correctly horse');
});

test('the password cannot be shown where nothing could hide it again', { tag: '@plain' }, async ({ portal }) => {
  await portal.open('/login');
  await expect(portal.button('Show')).toHaveCount(0);
});

test('when the session is over, the page says so and leads back', { tag: '@javascript' }, async ({ portal, server, announce }) => {
  announce(/status of 401/);
  const { page } = portal;
  await portal.openProfile();
  server.endSessions(portal.client);
  await portal.submit('A');
  await expect(portal.alert).toContainText('Your session has ended. Log in to continue.');
  await expect(portal.nameField).toHaveValue('A');
  const again = portal.alert.getByRole('link', { name: 'Log in' });
  await portal.follow(again, '/login?next=%2Fprofile%23api-tokens');
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  await expect(portal.rows).toHaveCount(0);
});

test('when the session is over, a form leads to the login and back', { tag: '@plain' }, async ({ portal, server }) => {
  const { page } = portal;
  await portal.openProfile();
  server.endSessions(portal.client);
  await portal.submit('A');
  await expect(page).toHaveURL('/login?next=%2Fprofile%23api-tokens');
  await expect(portal.said('Your session has ended. Log in to continue.')).toBeVisible();
  await portal.logIn();
  await expect(page).toHaveURL('/profile#api-tokens');
  await expect(portal.rows).toHaveCount(0);
});

test('after logging out the pages are gone, also by the Back button', async ({ portal }) => {
  const { page, client } = portal;
  await portal.openProfile();
  await portal.button(`Account menu, ${client.name}`).click();
  await portal.follow(portal.button('Log out'), '/login');
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(client.name)).toHaveCount(0);
});
