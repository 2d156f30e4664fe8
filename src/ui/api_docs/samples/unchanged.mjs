import { readFile, writeFile } from 'node:fs/promises';

const kept = await readFile('summary.json', 'utf8').then(JSON.parse, () => ({}));
const headers = { Authorization: `Bearer ${process.env.OPENTILL_TOKEN}` };
if (kept.etag) headers['If-None-Match'] = kept.etag;

const response = await fetch('{base_url}/api/v1/summary', { headers });
if (response.status === 200) {
  kept.etag = response.headers.get('etag');
  kept.body = await response.json();
  await writeFile('summary.json', JSON.stringify(kept));
}
console.log(response.status, JSON.stringify(kept.body));
