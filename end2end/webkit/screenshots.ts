import { mkdirSync } from 'node:fs';

import { fileName, SCHEMES, SIZES } from '../support/pictures.ts';
import { STATES } from './states.ts';
import { test } from './test.ts';

const FOLDER = 'screenshots/webkit';

for (const [state, reach] of Object.entries(STATES)) {
  test(state, async ({ visitor }) => {
    const { session } = visitor;
    await reach(visitor);
    mkdirSync(FOLDER, { recursive: true });
    for (const [size, { width, height }] of Object.entries(SIZES)) {
      await session.resize(width, height);
      for (const scheme of SCHEMES) {
        await session.evaluate((scheme) => {
          document.documentElement.dataset.theme = scheme;
        }, scheme);
        await session.screenshot(`${FOLDER}/${fileName(state)}-${size}-${scheme}.png`);
      }
    }
  });
}
