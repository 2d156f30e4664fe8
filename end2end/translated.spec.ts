import type { Page } from '@playwright/test';

import { Portal } from './support/portal.ts';
import { expect, test as base } from './support/test.ts';

/** `twin` is a client of the same name in a browser that does not translate. */
const test = base.extend<{ twin: Portal }>({
  twin: async ({ browser, server }, use) => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ baseURL: server.url, permissions });
    await use(new Portal(await context.newPage(), server.addClient('Ada Byron'), true));
    await context.close();
  },
});

/** Puts each text, now and later, into elements of its own, as translating browsers do. */
function translate() {
  const done = new WeakSet<Node>();
  const wrap = (root: Node) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const all: Text[] = root instanceof Text ? [root] : [];
    while (texts.nextNode()) all.push(texts.currentNode as Text);
    for (const text of all) {
      const isLeft = text.parentElement?.closest('script, style, font, [translate=no]');
      if (!text.parentElement || isLeft || !text.data.trim() || done.has(text)) continue;
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      inner.textContent = text.data;
      done.add(inner.firstChild!);
      text.replaceWith(outer);
      outer.append(inner);
    }
  };
  wrap(document.body);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') wrap(target);
      addedNodes.forEach((node) => node.isConnected && wrap(node));
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}

/** All text of the islands, without what differs each time. */
async function read(page: Page): Promise<string[]> {
  const texts = page.locator('#api-tokens, #password, .session-watch, .login, .docs figure').filter({ visible: true });
  const all = await texts.allInnerTexts();
  return all.map((text) => text.replaceAll(/ot_live_[0-9A-Za-z…]+|ends in \w{4}/g, 'TOKEN').replaceAll(/\s+/g, ' ').trim());
}

/** Pseudo-random numbers, the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state >> 8;
  }
}

type Step = [what: string, how: (portal: Portal) => Promise<unknown>];

const close: Step[] = [
  ['done', (portal) => portal.button('Done').click()],
  ['left', (portal) => portal.dialog.locator('.guard').getByText('Close without copying').click()],
];
const create = (name: string): Step => [
  `created ${name}`,
  async (portal) => {
    await portal.nameField.fill(name);
    await portal.page.locator('form.create [type=submit]').click();
    await expect(portal.dialog).toBeVisible();
  },
];
const ask = (name: string): Step => [
  `asked about ${name}`,
  async (portal) => {
    await portal.button(`Revoke ${name}`).click();
    await expect(portal.dialog).toBeVisible();
    // The hint tells which token the dialog is about.
    await expect(portal.dialog.locator('code')).toHaveText(await portal.row(name).locator('code').innerText());
    await expect(portal.dialog).toContainText(name);
  },
];
const cancel: Step = ['cancelled', (portal) => portal.button('Cancel').click()];
const revoke: Step = ['revoked', (portal) => portal.button('Revoke token').click()];
const refused = (name: string): Step => [
  `refused ${name}`,
  async (portal) => {
    await portal.nameField.fill(name);
    await portal.page.locator('form.create [type=submit]').click();
    await expect(portal.nameField).toHaveAttribute('aria-invalid', 'true');
  },
];

/** Random actions on tokens. */
function walk(seed: number): Step[] {
  const next = numbers(seed);
  const draw = <T>(all: T[]): T => all[next.next().value % all.length];
  const names: string[] = [];
  const steps: Step[] = [];
  for (let round = 0; round < 8; round += 1) {
    const what = names.length < 2 ? 'create' : draw(['create', 'cancel', 'revoke', 'refuse']);
    if (what === 'create') {
      const name = `Name ${round}`;
      names.unshift(name);
      steps.push(create(name));
      if (draw([true, false])) steps.push(['tested', (portal) => portal.button('Test this token').click()]);
      if (draw([true, false])) steps.push(['copied', (portal) => portal.copy()], close[0]);
      else steps.push(...close);
    } else if (what === 'refuse') {
      steps.push(refused(draw([names[0], 'A name that is too long '.repeat(6)])));
    } else {
      const name = draw(names);
      steps.push(ask(name), what === 'cancel' ? cancel : revoke);
      if (what === 'revoke') names.splice(names.indexOf(name), 1);
    }
  }
  return steps;
}

/** Takes the same steps on both pages, and compares their texts after each. */
async function compare(portal: Portal, twin: Portal, steps: Step[]): Promise<void> {
  await portal.page.evaluate(translate);
  for (const [what, how] of steps) {
    for (const each of [twin, portal]) {
      await each.page.bringToFront();
      await how(each);
    }
    await expect(async () => expect(await read(portal.page), what).toEqual(await read(twin.page))).toPass();
  }
}

test.describe('a page that is translated while it lives says what one that is not says:', { tag: '@javascript' }, () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test.beforeEach(({ announce }) => announce(/status of 422|session\/keep/));

  for (const seed of [1, 2, 3]) {
    test(`tokens, in order ${seed}`, async ({ portal, twin }) => {
      test.setTimeout(120_000);
      await twin.openProfile();
      await portal.openProfile();
      await compare(portal, twin, walk(seed));
    });
  }

  test('the warning before the session ends', async ({ portal, twin }) => {
    for (const each of [twin, portal]) {
      // The clocks of both stand still, so that they show the same.
      await each.page.clock.install();
      await each.openProfile();
      await each.page.clock.pauseAt(Date.now() + 10_000);
      const root = each.page.locator('html');
      await root.evaluate((root) => (root.dataset.until = String(Date.now() + 1_790_000)));
    }
    const forward = (time: string): Step => [time, (each) => each.page.clock.runFor(time)];
    const failed: Step = [
      'no answer',
      async (each) => {
        await each.page.route('/rpc/session/keep', (route) => route.abort(), { times: 1 });
        await each.button('Stay logged in').click();
        await expect(each.page.locator('.session-watch')).toContainText('No response from the server.');
      },
    ];
    await compare(portal, twin, [forward('28:00'), forward('00:20'), forward('00:30'), failed, forward('01:00')]);
    await expect(portal.page.locator('.session-watch')).toContainText('Your session has ended.');
  });

  test('passwords', async ({ portal, twin }) => {
    for (const each of [twin, portal]) await each.open('/login');
    await compare(portal, twin, [
      ['shown', (each) => each.page.locator('button.reveal').click()],
      ['hidden', (each) => each.page.locator('button.reveal').click()],
    ]);
  });

  test('samples', async ({ portal, twin }) => {
    for (const each of [twin, portal]) await each.open('/docs/api');
    await compare(portal, twin, [['copied', (each) => each.button('Copy curl command').click()]]);
  });
});
