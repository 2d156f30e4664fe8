const headers = { Authorization: `Bearer ${process.env.OPENTILL_TOKEN}` };
const places = { JPY: 0, KWD: 3 }; // by ISO 4217; most currencies have 2

function decimal(amount, currency) {
  const behind = places[currency] ?? 2;
  const digits = String(Math.abs(amount)).padStart(behind + 1, '0');
  const point = digits.length - behind;
  const fraction = behind ? `.${digits.slice(point)}` : '';
  return `${amount < 0 ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

for (let page = 1, last = 1; page <= last; page++) {
  const response = await fetch(`{base_url}/api/v1/invoices?per_page=100&page=${page}`, { headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { data, meta } = await response.json();
  last = meta.last_page;
  for (const { invoice_number, total, currency_code } of data) {
    console.log(invoice_number, decimal(total, currency_code), currency_code);
  }
}
