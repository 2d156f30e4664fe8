<?php
$kept = is_file('summary.json') ? json_decode(file_get_contents('summary.json'), true) : [];
$headers = ['Authorization: Bearer ' . getenv('OPENTILL_TOKEN')];
if (isset($kept['etag'])) {
    $headers[] = 'If-None-Match: ' . $kept['etag'];
}

$etag = '';
$curl = curl_init('{base_url}/api/v1/summary');
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => $headers,
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$etag) {
        if (stripos($line, 'etag:') === 0) {
            $etag = trim(substr($line, 5));
        }
        return strlen($line);
    },
]);
$body = curl_exec($curl);
$status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
if ($status === 200) {
    $kept = ['etag' => $etag, 'body' => json_decode($body, true)];
    file_put_contents('summary.json', json_encode($kept));
}
echo $status, ' ', json_encode($kept['body'] ?? null), PHP_EOL;
