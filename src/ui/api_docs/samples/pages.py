import json, os, urllib.request
from decimal import Decimal

PLACES = {"JPY": 0, "KWD": 3}  # by ISO 4217; most currencies have 2
HEADERS = {"Authorization": f"Bearer {os.environ['OPENTILL_TOKEN']}"}

page, last = 1, 1
while page <= last:
    url = f"{base_url}/api/v1/invoices?per_page=100&page={page}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS)) as response:
        body = json.load(response)
    for invoice in body["data"]:
        currency = invoice["currency_code"]
        total = Decimal(invoice["total"]).scaleb(-PLACES.get(currency, 2))
        print(invoice["invoice_number"], total, currency)
    page, last = page + 1, body["meta"]["last_page"]
