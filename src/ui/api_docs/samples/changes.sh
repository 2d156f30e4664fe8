query='updated_since=1970-01-01T00:00:00Z'
[ ! -s invoices.cursor ] || query="cursor=$(cat invoices.cursor)"
more=true
while [ "$more" = true ]; do
  curl -sS --fail -o changes.json -H "Authorization: Bearer $OPENTILL_TOKEN" \
    "{base_url}/api/v1/invoices?$query" || break
  cat changes.json # store what is in "data"; what has "deleted" is gone
  echo
  cursor=$(sed -n 's/.*"next_cursor":"\([^"]*\)".*/\1/p' changes.json)
  more=$(sed -n 's/.*"has_more":\([a-z]*\).*/\1/p' changes.json)
  echo "$cursor" >invoices.cursor
  query="cursor=$cursor"
done
