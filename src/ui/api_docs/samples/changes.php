<?php
$kept = 'invoices.cursor';
$query = is_file($kept)
    ? ['cursor' => file_get_contents($kept)]
    : ['updated_since' => '1970-01-01T00:00:00Z'];

$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('OPENTILL_TOKEN')],
    CURLOPT_RETURNTRANSFER => true,
]);
do {
    curl_setopt($curl, CURLOPT_URL, '{base_url}/api/v1/invoices?' . http_build_query($query));
    $body = curl_exec($curl);
    if (curl_getinfo($curl, CURLINFO_HTTP_CODE) !== 200) {
        throw new RuntimeException((string) $body);
    }
    ['data' => $data, 'meta' => $meta] = json_decode($body, true);
    foreach ($data as $invoice) {
        if ($invoice['deleted'] ?? false) {
            echo 'delete ', $invoice['id'], PHP_EOL;
        } else {
            echo 'store ', $invoice['id'], ' ', $invoice['status'], PHP_EOL;
        }
    }
    $query = ['cursor' => $meta['next_cursor']];
    file_put_contents($kept, $query['cursor']);
} while ($meta['has_more']);
