import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** Debian's WebKitGTK, which is driven by WebDriver: `support/webdriver.ts`. */
export default defineConfig({
  ...base,
  testDir: 'webkit',
  testIgnore: [],
  use: {},
  projects: [{ name: 'webkit' }],
});
