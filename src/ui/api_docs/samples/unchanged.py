import json, os, urllib.error, urllib.request
from pathlib import Path

file = Path("summary.json")
kept = json.loads(file.read_text()) if file.exists() else {}
headers = {"Authorization": f"Bearer {os.environ['OPENTILL_TOKEN']}"}
if "etag" in kept:
    headers["If-None-Match"] = kept["etag"]

request = urllib.request.Request("{base_url}/api/v1/summary", headers=headers)
try:
    with urllib.request.urlopen(request) as response:
        status = response.status
        kept = {"etag": response.headers["ETag"], "body": json.load(response)}
    file.write_text(json.dumps(kept))
except urllib.error.HTTPError as error:
    if error.code != 304:
        raise
    status = error.code
print(status, json.dumps(kept["body"]))
