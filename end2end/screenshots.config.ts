import { defineConfig } from '@playwright/test';

import firefox from './firefox.config.ts';
import base from './playwright.config.ts';

const [{ use }] = firefox.projects!;

/** `make screenshots`: a picture of every state in Chromium and Firefox, and of the main ones in WebKit. */
export default defineConfig({
  ...base,
  testIgnore: [],
  testMatch: 'screenshots.ts',
  projects: [
    { name: 'chromium', testIgnore: 'webkit/**' },
    { name: 'firefox', testIgnore: 'webkit/**', use },
    { name: 'webkit', testDir: 'webkit' },
  ],
});
