import { sidewaysScroll } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const NAMES = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  '<svg onload=alert(1)>',
  '</title></table></form><h1>Hello</h1>',
  '<!-- not a comment',
  '&lt;b&gt; &amp; &#x41;',
  '<leptos-island data-component="Panel">',
  '{{7*7}} ${7*7} #{7*7} <%= 7*7 %>',
  "'; DROP TABLE tokens;--",
  '../../../etc/passwd',
  'javascript:alert(1)',
  '%00%0d%0aSet-Cookie:%20a=b',
  '=HYPERLINK("//example.com")',
  '\\u003cscript\\u003e \\" \\\\',
  'null',
  'W'.repeat(100),
  'no‑break '.repeat(11).trim(),
  '👩‍👩‍👧‍👦'.repeat(8),
  'Z̴̙̤̞͉͚̯̞̠͍͑ͫ̓ͪ̂ͫ̽A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  'שלום عليكم',
  'مرحبا‍بالعالم (1) [2]',
  '日本語の名前、とても長い名前、とても長い名前、とても長い名前',
  'e\u0301 ﬁ ſ Ⅷ',
];

const REFUSED: Record<string, string> = {
  'a\u202eb': "The name contains a character that isn't allowed (U+202E).",
  'a\u0007b': "The name contains a character that isn't allowed (U+0007).",
  '\u200b\u200d': "The name contains a character that isn't allowed (U+200B).",
  '   ': 'Enter a name for the token.',
};

test.use({ viewport: { width: 320, height: 640 } });

test('any name is shown as the text it is', async ({ portal }) => {
  test.slow(); // Many names, each created, shown and revoked.
  const { page } = portal;
  // Without the recent activity, which every action extends.
  const elements = () => page.locator('body *:not(#activity *)').evaluateAll((all) => all.length);
  await portal.openProfile();
  await portal.createUnseen('Plain', 'Simple');
  await portal.open('/profile');
  const perRow = 1 + (await portal.rows.first().locator('*').count());
  const others = (await elements()) - 2 * perRow;

  for (const name of NAMES) {
    await test.step(name, async () => {
      const shown = name.normalize('NFC');
      await portal.create(name);
      const reveal = portal.hasScripts ? portal.dialog : page.getByRole('main');
      await expect(reveal).toContainText(`“${shown}” was created.`);
      expect(await sidewaysScroll(page)).toBe(0);
      await portal.leaveReveal();

      const row = portal.row(shown);
      await expect(row.getByRole('rowheader').locator('bdi')).toHaveText(shown);
      expect(await sidewaysScroll(page)).toBe(0);

      // Long names make it cover a part of the list.
      const dismiss = page.getByRole('button', { name: 'Dismiss' });
      if (await dismiss.isVisible()) await dismiss.click();
      await portal.button(`Revoke ${shown}`).click();
      await expect(page.getByRole('heading', { name: `Revoke “${shown}”?`, exact: true })).toBeVisible();
      expect(await sidewaysScroll(page)).toBe(0);
      if (portal.hasScripts) await portal.button('Cancel').click();
      else await page.getByRole('link', { name: 'Cancel' }).click();
    });
  }
  await portal.open('/profile');
  await expect(portal.rows).toHaveCount(2 + NAMES.length);
  expect((await elements()) - others).toBe((2 + NAMES.length) * perRow);
});

test('a name that cannot be shown is refused, and kept to be corrected', async ({ portal, announce }) => {
  announce(/status of 422/);
  await portal.openProfile();
  for (const [name, why] of Object.entries(REFUSED)) {
    await portal.submit(name);
    await expect(portal.page.getByText(why)).toBeVisible();
    await expect(portal.nameField).toHaveValue(name);
    await expect(portal.nameField).toHaveAccessibleDescription(new RegExp(`^${why.replaceAll(/[+()]/g, '\\$&')}`));
    await expect(portal.nameField).toHaveAttribute('aria-invalid', 'true');
    await expect(portal.secret).toBeHidden();
    expect(await sidewaysScroll(portal.page)).toBe(0);
  }
  await portal.open('/profile');
  await expect(portal.rows).toHaveCount(0);
});
