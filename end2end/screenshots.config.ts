import { defineConfig } from '@playwright/test';

import firefox from './firefox.config.ts';
import base from './playwright.config.ts';

const [{ use }] = firefox.projects!;

/** `make screenshots`: a picture of every state in Chromium and Firefox, of the main ones in WebKit, and those of the README. */
export default defineConfig({
  ...base,
  testIgnore: [],
  testMatch: ['screenshots.ts', 'billing_pictures.ts', 'pictures.ts'],
  projects: [
    { name: 'chromium', testIgnore: 'webkit/**' },
    { name: 'firefox', testIgnore: ['webkit/**', 'pictures.ts'], use },
    { name: 'webkit', testDir: 'webkit' },
  ],
});
