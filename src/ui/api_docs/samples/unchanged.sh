curl -sS --etag-compare summary.etag --etag-save summary.etag \
  -H "Authorization: Bearer $OPENTILL_TOKEN" -o summary.new -w '%{http_code}\n' \
  {base_url}/api/v1/summary
# A 304 has no body: summary.json is still right.
[ ! -s summary.new ] || mv summary.new summary.json
cat summary.json
