import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { defineConfig } from '@playwright/test';

const isCI = Boolean(process.env.CI);

/** The browser: `CHROMIUM`, else the one on `PATH`, else Debian's. */
function chromium(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = folders.map((folder) => join(folder, 'chromium')).find(isExecutable);
  return process.env.CHROMIUM ?? found ?? '/usr/bin/chromium';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export default defineConfig({
  // Those have another runner: webkit.config.ts.
  testIgnore: 'webkit/**',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: isCI,
  timeout: 60_000,
  expect: { timeout: 10_000, toPass: { timeout: 15_000 } },
  snapshotPathTemplate: 'aria/{arg}{ext}',
  reporter: [['list'], ['./support/summary.ts']],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // Tests without a tag run in both.
  projects: [
    { name: 'javascript', grepInvert: /@plain/ },
    { name: 'no-javascript', grepInvert: /@javascript/, use: { javaScriptEnabled: false } },
  ],
});
