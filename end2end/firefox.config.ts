import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/**
 * Debian's Firefox over WebDriver BiDi, which cannot turn JavaScript off. Playwright 1.65 sends a command
 * that Firefox 153 does not know yet, so it stays at 1.64.
 */
export default defineConfig({
  ...base,
  // A screenshot injects a style, which the Content-Security-Policy blocks with another error on the console.
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
          // Scrollbars that take no space, as in Chromium.
          firefoxUserPrefs: { 'ui.useOverlayScrollbars': 1 },
        },
      },
    },
  ],
});
