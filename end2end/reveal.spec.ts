import type { Locator, Page } from '@playwright/test';

import { type Portal, TOKEN, traces } from './support/portal.ts';
import { expect, expectUnauthenticated, test } from './support/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** Expects the token in the list, and its secret nowhere. */
async function expectGone(portal: Portal, name: string, secret: string): Promise<void> {
  await expect(portal.secret).toBeHidden();
  await expect(portal.row(name)).toContainText(`ot_live_…${secret.slice(-4)}`);
  expect(await traces(portal.page, secret)).toEqual([]);
}

const envLine = (page: Page) => page.getByRole('figure', { name: '.env' }).locator('code');

/** Selects the text in an element from one offset to another; `to` counts from the end if it is not positive. */
function selectIn(where: Locator, from: number, to: number): Promise<void> {
  return where.evaluate(
    (element, [from, to]) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const first = texts.nextNode() as Text;
      let last = first;
      while (texts.nextNode()) last = texts.currentNode as Text;
      const end = to > 0 ? to : last.length + to;
      getSelection()!.setBaseAndExtent(first, from, to > 0 ? first : last, end);
    },
    [from, to],
  );
}

test.describe('the dialog', { tag: '@javascript' }, () => {
  test.beforeEach(({ portal }) => portal.openProfile());

  test('says what it shows, with the focus on copying', async ({ portal }) => {
    const token = await portal.create('Billing Dashboard');
    await expect(portal.page.getByRole('dialog', { name: 'Copy your new token' })).toBeVisible();
    await expect(portal.dialog).toContainText('“Billing Dashboard” was created.');
    await expect(portal.dialog).toContainText("Copy it now. You won't be able to see it again.");
    await expect(portal.button('Copy token')).toBeFocused();
    // The search works: the token is found while it is shown.
    expect(await traces(portal.page, token)).toEqual(['document']);
    await expect(portal.page).toHaveURL('/profile');
  });

  test('closes at once after copying, and nothing is left of the token', async ({ portal }) => {
    const token = await portal.create('A');
    await portal.copy();
    await portal.button('Done').click();
    await expect(portal.dialog).toBeHidden();
    await expectGone(portal, 'A', token);
  });

  test('closes by Escape after copying, and nothing is left of the token', async ({ portal }) => {
    const token = await portal.create('A');
    await portal.copy();
    await portal.page.keyboard.press('Escape');
    await expect(portal.dialog).toBeHidden();
    await expectGone(portal, 'A', token);
  });

  for (const way of ['Done', 'Escape']) {
    test(`asks before it is closed uncopied by ${way}`, async ({ portal }) => {
      const { page } = portal;
      const leave = () =>
        way === 'Done' ? portal.button('Done').click() : page.keyboard.press('Escape');
      const guard = portal.alert.filter({ hasText: "You haven't copied this token yet." });
      const token = await portal.create('A');

      await leave();
      await expect(guard).toBeVisible();
      await expect(portal.button('Copy and close')).toBeFocused();
      await portal.button('Keep open').click();
      await expect(guard).toBeHidden();
      await expect(portal.secret).toHaveText(token);
      await expect(portal.button('Copy token')).toBeFocused();

      await leave();
      await portal.button('Close without copying').click();
      await expect(portal.dialog).toBeHidden();
      await expect(portal.said("“A” was created, but you didn't copy it.")).toBeVisible();
      await expect(portal.nameField).toBeFocused();
      await expectGone(portal, 'A', token);
    });
  }

  test('copies and closes from the question', async ({ portal }) => {
    const token = await portal.create('A');
    await portal.button('Done').click();
    await portal.button('Copy and close').click();
    await expect(portal.dialog).toBeHidden();
    await expect(portal.said('Token “A” created.')).toBeVisible();
    expect(await portal.page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await expectGone(portal, 'A', token);
  });

  test('never loses the token silently, however often Escape is pressed', async ({ portal }) => {
    const token = await portal.create('A');
    // Browsers do not let pages keep a dialog open.
    for (let times = 0; times < 4; times += 1) await portal.page.keyboard.press('Escape');
    if (await portal.dialog.isVisible()) {
      await expect(portal.secret).toHaveText(token);
      await portal.button('Close without copying').click();
    }
    await expect(portal.said("“A” was created, but you didn't copy it.")).toBeVisible();
    await expectGone(portal, 'A', token);
  });

  /** Selections in the dialog, and whether copying them copies the token. */
  const PARTS: [string, boolean, (page: Page) => Promise<unknown>][] = [
    ['nothing of the .env', false, (page) => page.getByRole('figure', { name: '.env' }).locator('pre').focus()],
    ['a word of the .env', false, (page) => envLine(page).dblclick({ position: { x: 8, y: 8 } })],
    ['five letters of the .env', false, (page) => selectIn(envLine(page), 0, 5)],
    ['all but the last letter of the .env', false, (page) => selectIn(envLine(page), 0, -1)],
    ['the token in the .env', true, (page) => selectIn(envLine(page), 'OPENTILL_TOKEN='.length, 0)],
    ['the .env', true, (page) => selectIn(envLine(page), 0, 0)],
    ['everything', true, (page) => page.keyboard.press('ControlOrMeta+A')],
    ['the question', false, (page) => selectIn(page.locator('#reveal-text'), 0, 0)],
    // Copying any part of the token copies the whole token.
    ['nothing in the box of the token', true, (page) => page.getByRole('textbox', { name: 'Your new token' }).focus()],
    ['five letters of the token', true, (page) => selectIn(page.locator('.secret'), 0, 5)],
  ];

  // Firefox copies nothing of the one, and says nothing of the other while a dialog is modal: there the dialog asks.
  const NOT_IN_FIREFOX = ['everything', 'nothing in the box of the token'];

  for (const [what, isWhole, select] of PARTS) {
    const tag = NOT_IN_FIREFOX.includes(what) ? '@chromium' : [];
    test(`${isWhole ? 'counts' : 'does not count'} as copied after copying ${what}`, { tag }, async ({ portal }) => {
      const { page } = portal;
      const token = await portal.create('A');
      await page.evaluate(() => navigator.clipboard.writeText('before'));
      await select(page);
      await portal.copySelection();
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      if (isWhole) await expect.poll(copied).toContain(token);
      else expect(await copied()).not.toContain(token);
      const asks = await page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
      expect(asks, 'before the page is left').toBe(!isWhole);
      await page.keyboard.press('Escape');
      if (isWhole) {
        await expect(portal.said('Token “A” created.')).toBeVisible();
      } else {
        await expect(portal.button('Copy and close')).toBeFocused();
        await portal.button('Close without copying').click();
        await expect(portal.said("“A” was created, but you didn't copy it.")).toBeVisible();
      }
    });
  }

  test('does not close by a click beside it', async ({ portal }) => {
    const token = await portal.create('A');
    await portal.page.mouse.click(5, 5);
    await expect(portal.secret).toHaveText(token);
  });

  test('shows each token once, one after the other', async ({ portal }) => {
    const first = await portal.create('A');
    await portal.leaveReveal();
    const second = await portal.create('B');
    expect(second).not.toBe(first);
    expect(await traces(portal.page, first)).toEqual([]);
    await portal.leaveReveal();
    await expect(portal.rows).toHaveCount(2);
    // Newest first, and only the newest is marked.
    await expect(portal.rows.first()).toContainText('B');
    await expect(portal.row('B').getByText('New', { exact: true })).toBeVisible();
    await expect(portal.row('A').getByText('New', { exact: true })).toBeHidden();
  });

  test('loses the token when the page is left, and does not get it back', async ({ portal }) => {
    const { page } = portal;
    const token = await portal.create('A');
    await portal.open('/docs/api');
    expect(await traces(page, token)).toEqual([]);
    await page.goBack();
    await portal.ready();
    await expectGone(portal, 'A', token);
    await page.goForward();
    await portal.ready();
    expect(await traces(page, token)).toEqual([]);
    await page.goBack();
    await page.reload();
    await portal.ready();
    await expectGone(portal, 'A', token);
  });

  test('loses the token on reload, and shows it in no other tab', async ({ portal }) => {
    const token = await portal.create('A');
    const other = await portal.newTab();
    await other.open(portal.page.url());
    await expectGone(other, 'A', token);
    await portal.page.reload();
    await portal.ready();
    await expectGone(portal, 'A', token);
  });

  test('keeps no token in a page that the browser keeps', async ({ portal }) => {
    const { page } = portal;
    const token = await portal.create('A');
    const send = (type: string) =>
      page.evaluate((type) => {
        window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
      }, type);
    await send('pagehide');
    await expect.poll(() => traces(page, token)).toEqual([]);
    // And the page is reloaded when it is shown again.
    const loaded = page.waitForEvent('load');
    await send('pageshow');
    await loaded;
    await portal.ready();
    await expectGone(portal, 'A', token);
  });
});

test.describe('the page without JavaScript', { tag: '@plain' }, () => {
  test.beforeEach(({ portal }) => portal.openProfile());

  test('shows the token, and no address holds it', async ({ portal }) => {
    const answered = portal.page.waitForResponse('/profile/tokens');
    const token = await portal.create('A');
    const headers = await (await answered).allHeaders();
    expect(headers['cache-control']).toContain('no-store');
    await expect(portal.page.getByRole('heading', { level: 1 })).toHaveText('Copy your new token');
    await expect(portal.page).toHaveURL('/profile/tokens');
    // Once by itself, once in the `.env` line.
    expect((await portal.page.content()).split(token)).toHaveLength(3);
    await portal.leaveReveal();
    await expect(portal.row('A')).toContainText(`ot_live_…${token.slice(-4)}`);
    expect(await portal.page.content()).not.toContain(token);
  });

  test('shows it once: a reload makes no second token', async ({ portal, me }) => {
    const { page } = portal;
    const token = await portal.create('A');
    await page.reload();
    const heading = page.getByRole('heading', { name: 'This token has already been shown' });
    await expect(heading).toBeVisible();
    expect(await page.content()).not.toContain(token);
    await portal.follow(page.getByRole('link', { name: 'Back to API tokens' }), '/profile#api-tokens');
    await expect(portal.rows).toHaveCount(1);
    expect((await me(token)).status()).toBe(200);
  });

  test('replaces a token that was not seen', async ({ portal, me }) => {
    const { page } = portal;
    const unseen = await portal.create('A');
    await page.reload();
    await portal.button('Replace and show').click();
    const token = await portal.read();
    expect(token).not.toBe(unseen);
    expect((await me(token)).status()).toBe(200);
    await expectUnauthenticated(await me(unseen));
    await portal.leaveReveal();
    await expect(portal.rows).toHaveCount(1);
  });

  test('never replaces a token that is in use', async ({ portal, me }) => {
    const token = await portal.create('A');
    expect((await me(token)).status()).toBe(200);
    const offer = portal.button('Replace and show');
    // The use is recorded within seconds.
    await expect(async () => {
      await portal.page.reload();
      await expect(offer).toHaveCount(0, { timeout: 100 });
    }).toPass();
    await expect(portal.page.getByText('No second token was created')).toBeVisible();
    expect((await me(token)).status()).toBe(200);
  });

  test('shows nothing to whoever comes back', async ({ portal }) => {
    const { page } = portal;
    const token = await portal.create('A');
    await portal.leaveReveal();
    // The response to a form is not cached: going back, the browser asks whether to send the form again.
    await page.goBack().catch(() => null);
    await expect(portal.nameField).toHaveCount(0);
    await expect(page.getByText(token)).toHaveCount(0);
    const other = await portal.newTab();
    await other.open('/profile/tokens');
    await expect(other.page).toHaveURL('/profile#api-tokens');
    expect(await other.page.content()).not.toContain(token);
    await expect(other.rows).toHaveCount(1);
  });

  test('asks again for a name that cannot be used', async ({ portal, announce }) => {
    announce(/status of 422/);
    await portal.create('A');
    await portal.leaveReveal();
    await portal.submit('a');
    await expect(portal.page.getByText('You already have an active token named “a”.')).toBeVisible();
    await expect(portal.nameField).toHaveValue('a');
    await portal.create('B');
    await expect(portal.secret).toHaveText(TOKEN);
  });
});

test.describe('a dialog that was open before', { tag: '@javascript' }, () => {
  test.beforeEach(({ portal }) => portal.openProfile());

  test('says nothing of the token before', async ({ portal }) => {
    await portal.create('A');
    await portal.button('Test this token').click();
    await expect(portal.dialog).toContainText('It works.');
    await portal.button('Copy .env').click();
    await expect(portal.dialog).toContainText('Copied');
    await portal.copy();
    await portal.button('Done').click();
    await expect(portal.dialog).toBeHidden();
    await portal.create('B');
    await expect(portal.button('Copy token')).toBeFocused();
    await expect(portal.dialog).not.toContainText(/It works\.|Copied|copied to clipboard/);
  });

  test('takes no answer that was meant for the token before', async ({ portal }) => {
    const { page } = portal;
    let answer = () => {};
    const held = new Promise<void>((release) => {
      answer = release;
    });
    await page.route('/api/v1/me', async (route) => {
      await held;
      await route.continue();
    });
    await portal.create('A');
    await portal.button('Test this token').click();
    await portal.leaveReveal();
    await portal.create('B');
    const came = page.waitForResponse('/api/v1/me');
    answer();
    await (await came).finished();
    await expect(portal.row('A')).not.toContainText('Never used');
    await expect(portal.row('B')).toContainText('Never used');
    await expect(portal.dialog).not.toContainText('It works.');
    await expect(portal.button('Test this token')).toBeVisible();
  });

  test('leads to a question that knows of the test', async ({ portal }) => {
    await portal.create('A');
    await portal.button('Test this token').click();
    await expect(portal.dialog).toContainText('It works.');
    await portal.leaveReveal();
    await portal.button('Revoke it').click();
    await expect(portal.dialog).toContainText(/Last used\s*(today \d\d:\d\d|\d+ \w{3} \d{4} \d\d:\d\d UTC), just now/);
  });

  test('has the line for the keyboard that does not fit', async ({ portal }) => {
    await portal.page.setViewportSize({ width: 320, height: 640 });
    await portal.create('A');
    const pre = portal.page.getByRole('figure', { name: '.env' }).locator('pre');
    await expect(pre).toHaveAttribute('tabindex', '0');
  });
});
