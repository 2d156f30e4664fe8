import { readFile, writeFile } from 'node:fs/promises';

const headers = { Authorization: `Bearer ${process.env.OPENTILL_TOKEN}` };
const kept = 'invoices.cursor';

let query = await readFile(kept, 'utf8').then(
  (cursor) => ({ cursor }),
  () => ({ updated_since: '1970-01-01T00:00:00Z' }),
);
for (let more = true; more; ) {
  const response = await fetch(`{base_url}/api/v1/invoices?${new URLSearchParams(query)}`, { headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { data, meta } = await response.json();
  for (const invoice of data) {
    if (invoice.deleted) console.log('delete', invoice.id);
    else console.log('store', invoice.id, invoice.status);
  }
  query = { cursor: meta.next_cursor };
  await writeFile(kept, query.cursor);
  more = meta.has_more;
}
