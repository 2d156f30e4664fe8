url='{base_url}/api/v1/invoices?per_page=100'
while [ -n "$url" ]; do
  curl -sS --fail -D headers.txt -H "Authorization: Bearer $OPENTILL_TOKEN" "$url" || break
  echo
  url=$(sed -n 's/.*<\([^>]*\)>; rel="next".*/\1/p' headers.txt)
done
