import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from './test.ts';
import type { Visitor } from './visitor.ts';

/** The status of `GET /api/v1/me` with a token. */
async function me({ url }: Visitor, token: string): Promise<number> {
  const { status } = await fetch(`${url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
  return status;
}

async function openProfile(visitor: Visitor, ...tokens: string[]): Promise<void> {
  await visitor.signIn();
  await visitor.createUnseen(...tokens);
  await visitor.open('/profile');
}

/** Closes the dialog, which was not copied from. */
async function closeUncopied(visitor: Visitor, name: string): Promise<void> {
  await visitor.click('Done');
  await visitor.hears('You have not copied this token.');
  await visitor.click('Close without copying');
  await visitor.dialogCloses();
  await visitor.hears(`“${name}” was created but not copied.`);
}

test('a client makes a token, copies and tests it, revokes it and logs out', async ({ visitor }) => {
  const { client, session } = visitor;
  await visitor.open('/login');
  await visitor.fill('Email', client.email);
  await visitor.fill('Password', client.password);
  await visitor.press('Enter');
  await visitor.at('/');
  await visitor.click(`Account menu, ${client.name}`);
  await visitor.click('Profile');
  await visitor.at('/profile');

  const token = await visitor.create('My Integration');
  await visitor.dialogOpens();
  await visitor.click('Copy token');
  await visitor.hears('Token copied to clipboard.');
  await visitor.click('Test this token');
  await visitor.hears('Works. Signed in as');
  await visitor.click('Done');
  await visitor.dialogCloses();
  await visitor.isOn('Token name');
  expect(await visitor.holds(token)).toBe(false);
  // What was copied is the token.
  await visitor.press('v', 'Control');
  const pasted = (token: string) => document.querySelector<HTMLInputElement>('#token-name')!.value === token;
  await visitor.until('the token is pasted', pasted, token);
  await visitor.fill('Token name', '');

  await visitor.click('Revoke My Integration');
  await visitor.isOn('Cancel');
  await visitor.click('Revoke token');
  await visitor.hears('My Integration was revoked.');
  expect(await me(visitor, token)).toBe(401);

  await visitor.click(`Account menu, ${client.name}`);
  await visitor.click('Log out');
  await visitor.at('/login');
  await session.back();
  await visitor.at('/login');
});

test('without JavaScript a client logs in by any address, makes a token and revokes it', async ({ plain: visitor }) => {
  await visitor.open('/login');
  // WebKit itself takes such an address in a field of the type `email` for none.
  await visitor.fill('Email', 'jane@müller.example');
  await visitor.fill('Password', visitor.client.password);
  await visitor.press('Enter');
  await visitor.hears('The email or password is not right.');

  await visitor.signIn();
  await visitor.open('/profile');
  const token = await visitor.create('A');
  expect(await me(visitor, token)).toBe(200);
  await visitor.click('I have saved it, back to Profile');
  await visitor.at('/profile');
  expect(await visitor.names()).toEqual(['A']);
  await visitor.click('Revoke A');
  await visitor.click('Revoke token');
  await visitor.hears('The token was revoked.');
  expect(await me(visitor, token)).toBe(401);
});

test('the dialog asks before a token is lost, by its button and by Escape', async ({ visitor }) => {
  await openProfile(visitor);
  const token = await visitor.create('A');
  await visitor.isOn('Copy token');
  for (const leave of [() => visitor.click('Done'), () => visitor.press('Escape')]) {
    await leave();
    await visitor.hears('You have not copied this token.');
    await visitor.isOn('Copy and close');
    await visitor.click('Back');
    await visitor.isOn('Copy token');
    expect(await visitor.read()).toBe(token);
  }
  // Browsers may close a dialog by themselves when Escape is pressed again and again.
  for (let times = 0; times < 4; times += 1) await visitor.press('Escape');
  await sleep(200);
  if (await visitor.holds(token)) await visitor.click('Close without copying');
  await visitor.dialogCloses();
  await visitor.hears('“A” was created but not copied.');
  expect(await visitor.holds(token)).toBe(false);
});

test('only what contains the whole token counts as a copy of it', async ({ visitor }) => {
  const { session } = visitor;
  /** Selects the characters of the .env line from the first to the one before `end`. */
  const select = (end: number) =>
    session.evaluate((end) => {
      const text = document.createTreeWalker(document.querySelector('figure code')!, NodeFilter.SHOW_TEXT);
      const first = text.nextNode() as Text;
      let last = first;
      while (text.nextNode()) last = text.currentNode as Text;
      getSelection()!.setBaseAndExtent(first, 0, end ? first : last, end || last.length);
    }, end);
  await openProfile(visitor);
  await visitor.create('A');
  await visitor.isOn('Copy token');
  await select(5);
  await visitor.press('c', 'Control');
  await closeUncopied(visitor, 'A');

  await visitor.create('B');
  await visitor.isOn('Copy token');
  await select(0);
  await visitor.press('c', 'Control');
  await visitor.click('Done');
  await visitor.dialogCloses();
  await visitor.hears('Token B created.');
});

test('the token is gone when the page is left, and does not come back', async ({ visitor }) => {
  const { session } = visitor;
  await openProfile(visitor);
  for (const leave of [() => visitor.open('/docs/api').then(() => session.back()), () => session.reload()]) {
    const token = await visitor.create('A');
    await visitor.isOn('Copy token');
    await leave();
    await visitor.at('/profile');
    await visitor.dialogCloses();
    expect(await visitor.holds(token)).toBe(false);
    expect(await visitor.names()).toEqual(['A']);
    await visitor.click('Revoke A');
    await visitor.click('Revoke token');
    await visitor.hears('A was revoked.');
  }
});

test('revoking can be cancelled, and takes what is gone already as revoked', async ({ visitor }) => {
  await openProfile(visitor, 'A');
  for (const cancel of [() => visitor.click('Cancel'), () => visitor.press('Escape')]) {
    await visitor.click('Revoke A');
    await visitor.isOn('Cancel');
    await cancel();
    await visitor.dialogCloses();
    await visitor.isOn('Revoke A');
  }
  expect(await visitor.names()).toEqual(['A']);
  expect((await visitor.post('/profile/tokens/revoke-all', {})).status).toBe(303);
  await visitor.click('Revoke A');
  await visitor.click('Revoke token');
  await visitor.hears('A is revoked.');
  expect(await visitor.names()).toEqual([]);
});

test('a form that is sent twice makes one token, and shows it', async ({ visitor }) => {
  await openProfile(visitor);
  const ways = [
    () => visitor.click('Create Token', 2),
    // The dialog may cover the button by then.
    () => Promise.all([visitor.press('Enter'), visitor.click('Create Token').catch(() => {})]),
  ];
  const names = ['A', 'B', 'C', 'D'];
  for (const [at, name] of names.entries()) {
    await visitor.fill('Token name', name);
    await ways[at % 2]();
    const token = await visitor.read();
    expect(await me(visitor, token)).toBe(200);
    await closeUncopied(visitor, name);
  }
  await visitor.open('/profile');
  expect((await visitor.names()).sort()).toEqual(names);
});
