import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/**
 * Debian's Firefox over WebDriver BiDi, which cannot turn JavaScript off, nor emulate media, print, or measure
 * like Chromium's protocol: what needs that has the tag `@chromium`. Playwright 1.65 sends a command that
 * Firefox 153 does not know yet, so it stays at 1.64.
 */
export default defineConfig({
  ...base,
  // A screenshot injects a style, which the Content-Security-Policy blocks with another error on the console.
  use: { ...base.use, screenshot: 'off' },
  projects: [
    {
      name: 'firefox',
      grepInvert: /@plain|@chromium/,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
          firefoxUserPrefs: {
            // Scrollbars that take no space, as in Chromium.
            'ui.useOverlayScrollbars': 1,
            // Tests read the clipboard without a click.
            'dom.events.testing.asyncClipboard': true,
          },
        },
      },
    },
  ],
});
