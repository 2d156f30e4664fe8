import json, os, urllib.request
from pathlib import Path
from urllib.parse import urlencode

HEADERS = {"Authorization": f"Bearer {os.environ['OPENTILL_TOKEN']}"}
kept = Path("invoices.cursor")

query = {"updated_since": "1970-01-01T00:00:00Z"}
if kept.exists():
    query = {"cursor": kept.read_text()}
more = True
while more:
    url = f"{base_url}/api/v1/invoices?{urlencode(query)}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS)) as response:
        body = json.load(response)
    for invoice in body["data"]:
        if invoice.get("deleted"):
            print("delete", invoice["id"])
        else:
            print("store", invoice["id"], invoice["status"])
    query = {"cursor": body["meta"]["next_cursor"]}
    kept.write_text(query["cursor"])
    more = body["meta"]["has_more"]
