import { hold } from './support/portal.ts';
import { MAX_TOKENS } from './support/server.ts';
import { expect, test } from './support/test.ts';

const SUSPENDED = /Your account is suspended\. Existing tokens still work and can be revoked/;

test.describe('while a token is being created', { tag: '@javascript' }, () => {
  test('the button says so, and nothing is sent twice', async ({ portal }) => {
    const { page } = portal;
    const pending = portal.button('Creating…');
    const form = page.locator('form[action="/profile/tokens"]');
    const held = await hold(page, '/rpc/tokens/create');
    await portal.openProfile();
    await expect(form).toHaveAttribute('aria-busy', 'false');
    await portal.submit('A');
    await expect(pending).toHaveAttribute('aria-disabled', 'true');
    await expect(pending).toBeFocused();
    await expect(form).toHaveAttribute('aria-busy', 'true');
    await pending.click({ force: true });
    await portal.nameField.press('Enter');
    held.release();
    await portal.read();
    expect(held.requests).toBe(1);
    await portal.leaveReveal();
    await expect(portal.button('Create Token')).not.toHaveAttribute('aria-disabled');
    await expect(form).toHaveAttribute('aria-busy', 'false');
    await expect(portal.rows).toHaveCount(1);
  });
});

test('offline, one is told that nothing was created, and can try again', { tag: '@javascript' }, async ({ portal, announce }) => {
  announce(/ERR_INTERNET_DISCONNECTED/);
  const context = portal.page.context();
  await portal.openProfile();
  await context.setOffline(true);
  await portal.submit('A');
  const alert = portal.alert.filter({ hasText: "You're offline. Nothing was created. Try again when you're back online." });
  await expect(alert).toBeFocused();
  await expect(portal.nameField).toHaveValue('A');
  await expect(portal.rows).toHaveCount(0);

  await context.setOffline(false);
  await portal.button('Create Token').click();
  await portal.read();
  await portal.leaveReveal();
  await expect(alert).toBeHidden();
  await expect(portal.rows).toHaveCount(1);
});

test('whoever has as many tokens as they may is told to revoke one', async ({ portal, announce }) => {
  announce(/status of 409/);
  await portal.signIn();
  await portal.createUnseen(...Array.from({ length: MAX_TOKENS - 1 }, (_, at) => `Integration ${at + 1}`));
  await portal.open('/profile');
  await expect(portal.page.getByText(`${MAX_TOKENS - 1} of ${MAX_TOKENS}`)).toBeVisible();
  // Elsewhere, so this page does not know of it.
  await portal.createUnseen('The last one');
  await portal.submit('One more');
  const told = portal.page.getByText(`You've reached the limit of ${MAX_TOKENS} active tokens. Revoke one to create another.`);
  await expect(told.filter({ visible: true })).toHaveCount(1);
  if (portal.hasScripts) await expect(portal.alert.filter({ hasText: "You've reached the limit" })).toBeFocused();
  await expect(portal.nameField).toHaveValue('One more');

  await portal.open('/profile');
  await expect(portal.rows).toHaveCount(MAX_TOKENS);
  await expect(portal.nameField).toBeHidden();
  await portal.button('Revoke Integration 1').click();
  await portal.button('Revoke token').click();
  await expect(portal.rows).toHaveCount(MAX_TOKENS - 1);
  await portal.create('One more');
  await portal.leaveReveal();
  await expect(portal.rows).toHaveCount(MAX_TOKENS);
});

test('characters are counted before there are too many', { tag: '@javascript' }, async ({ portal }) => {
  const { page, nameField } = portal;
  const count = (characters: number) => page.getByText(`${characters}/100 characters`);
  await portal.openProfile();
  await nameField.fill('a'.repeat(79));
  await expect(count(79)).toBeHidden();
  await nameField.fill('a'.repeat(80));
  await expect(count(80)).toBeVisible();
  // Each is one character; in JavaScript the second has length 2.
  for (const letter of ['a', '🐘']) {
    await nameField.fill(letter.repeat(100));
    await expect(count(100)).toBeVisible();
    await expect(nameField).not.toHaveAttribute('aria-invalid');
    await nameField.fill(letter.repeat(101));
    await expect(count(101)).toBeVisible();
    await expect(nameField).toHaveAttribute('aria-invalid', 'true');
    await expect(nameField).toHaveAccessibleDescription(/101\/100 characters/);
  }
  await nameField.fill('A');
  await expect(count(1)).toBeHidden();
  await expect(nameField).not.toHaveAttribute('aria-invalid');
});

test('what a token can read is chosen in closed boxes, and nothing ticked means everything', async ({ portal, announce }) => {
  announce(/status of 422/);
  const { page } = portal;
  const box = (name: string) => page.getByRole('checkbox', { name, exact: true });
  const limit = page.getByText('Limit what it can read');
  await portal.openProfile();
  await expect(box('Invoices')).toBeHidden();
  await limit.click();
  await box('Invoices').check();
  await box('Orders').check();
  await portal.create('Some of it');
  await portal.leaveReveal();
  await expect(portal.row('Some of it')).toContainText('Invoices, orders');

  // A refused form keeps the choice in sight; a token that was created does not leave it behind.
  if (await box('Invoices').isHidden()) await limit.click();
  await expect(box('Orders')).not.toBeChecked();
  await box('Domains').check();
  await portal.submit('Some of it');
  await expect(page.getByText('You already have an active token named')).toBeVisible();
  await expect(box('Domains')).toBeChecked();
  await box('Domains').uncheck();
  await portal.create('All of it');
  await portal.leaveReveal();
  await expect(portal.row('All of it')).toContainText('Everything');

  await portal.followToken('Some of it');
  await expect(page.getByText('Can read: Invoices, orders')).toBeVisible();
});

test('until when and from where a token works is chosen in closed fields, and errors are beside them', async ({ portal, announce }) => {
  announce(/status of 422/);
  const { page } = portal;
  const expires = page.getByLabel('Expires on');
  const allowed = page.getByLabel('Allowed IP addresses');
  await portal.openProfile();
  await expect(allowed).toBeHidden();
  await page.getByText('Limits', { exact: true }).click();
  await expires.fill('2099-01-15');
  await allowed.fill('10.0.0.5/8');
  await portal.submit('Limited');
  await expect(page.getByText('Did you mean 10.0.0.0/8 or 10.0.0.5?')).toBeVisible();
  await expect(allowed).toHaveAttribute('aria-invalid', 'true');
  await expect(expires).toHaveValue('2099-01-15');
  await expect(portal.nameField).toHaveValue('Limited');

  await allowed.fill('10.0.0.0/8, 127.0.0.1');
  await portal.create('Limited');
  await portal.leaveReveal();
  await expect(portal.row('Limited')).toContainText('Expires 15 Jan 2099 · Only from 2 addresses');
  await portal.followToken('Limited');
  await expect(page.getByText('Works only from: 10.0.0.0/8, 127.0.0.1')).toBeVisible();
});

test('the empty list leads to the name of the first token', async ({ portal }) => {
  await portal.openProfile();
  await portal.page.getByRole('link', { name: 'Create your first token' }).click();
  await expect(portal.nameField).toBeFocused();
  await expect(portal.nameField).toBeInViewport();
});

test.describe('a suspended client', () => {
  test('sees why no token can be created, and can revoke', async ({ portal, server }) => {
    await portal.signIn();
    await portal.createUnseen('A');
    server.suspend(portal.client);
    await portal.open('/profile');
    await expect(portal.nameField).toBeDisabled();
    await expect(portal.nameField).toHaveAccessibleDescription(SUSPENDED);
    await expect(portal.button('Create Token')).toBeDisabled();
    await expect(portal.page.getByText('Edit details')).toHaveCount(0);
    await expect(portal.page.getByText("so you can't change your details")).toBeVisible();
    await portal.button('Revoke A').click();
    await portal.button('Revoke token').click();
    await expect(portal.said(/Token (“.*” )?revoked\./)).toBeVisible();
    await expect(portal.rows).toHaveCount(0);
  });

  test('is told so on a page from before', async ({ portal, server, announce }) => {
    announce(/status of 403/);
    await portal.openProfile();
    server.suspend(portal.client);
    await portal.submit('A');
    const told = 'Existing tokens still work and can be revoked';
    await expect(portal.page.getByText(told).first()).toBeVisible();
    if (portal.hasScripts) await expect(portal.alert.filter({ hasText: told })).toBeFocused();
    await portal.open('/profile');
    await expect(portal.rows).toHaveCount(0);
  });
});
