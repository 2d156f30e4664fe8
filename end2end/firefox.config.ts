import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/**
 * Debian's Firefox, by WebDriver BiDi. It cannot turn JavaScript off that way. Playwright 1.65 asks for a
 * command that Firefox 153 does not have yet, so it stays at 1.64.
 */
export default defineConfig({
  ...base,
  // On a failure a style would be injected, which the content policy blocks: one more error on the console.
  use: { ...base.use, screenshot: 'off' },
  projects: [
    {
      name: 'firefox',
      grepInvert: /@plain/,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
          // As with Chromium: scrollbars that take no room.
          firefoxUserPrefs: { 'ui.useOverlayScrollbars': 1 },
        },
      },
    },
  ],
});
