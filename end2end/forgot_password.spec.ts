import { expectAccessible } from './support/accessible.ts';
import { DEMO_SERVER, expect, test } from './support/test.ts';

const NEW_PASSWORD = 'another horse battery staple';

// The demo writes its mails to a folder.
test.use({
  server: DEMO_SERVER,
  contextOptions: { reducedMotion: 'reduce' },
  client: async ({ server }, use) => use(server.addClient('Ada Byron')),
});

test('whoever forgot the password chooses another by the link in the mail', async ({
  portal,
  server,
  announce,
}) => {
  announce(/status of (404|422)/);
  const { page, client, hasScripts } = portal;
  const checked = async () => hasScripts && (await expectAccessible(portal));
  await portal.open('/login');
  await portal.follow(page.getByRole('link', { name: 'Forgot your password?' }), '/forgot-password');
  await checked();
  // What is no address is refused by the server, and what was typed is kept.
  await page.getByLabel('Email').fill('nobody');
  await portal.button('Send link').click();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/Enter an email address/);
  await expect(page.getByLabel('Email')).toHaveValue('nobody');
  await page.getByLabel('Email').fill(client.email);
  await portal.button('Send link').click();
  await expect(page.getByRole('status')).toContainText(client.email);
  await portal.ready();
  await checked();

  const link = await server.mailedLink(client);
  await portal.open(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password');
  await checked();
  // A browser refuses what is too short before it is sent, so the server is asked with something that is easy to guess.
  await page.getByLabel('New password').fill('passwordpassword');
  await page.getByLabel('Also revoke all my API tokens').check();
  await portal.button('Set password').click();
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/too easy to guess/);
  await expect(page.getByLabel('Also revoke all my API tokens')).toBeChecked();
  await portal.ready();
  await checked();
  await page.getByLabel('New password').fill(NEW_PASSWORD);
  await portal.button('Set password').click();
  await page.waitForURL('/login');
  await expect(page.getByRole('status')).toHaveText(
    'Your password is set and all API tokens are revoked. Log in with it.',
  );
  await portal.ready();
  await portal.logIn(NEW_PASSWORD);
  await page.waitForURL('/');

  await portal.open(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("This link doesn't work");
  await checked();
});
