<?php
const PLACES = ['JPY' => 0, 'KWD' => 3]; // by ISO 4217; most currencies have 2

function decimal(int $amount, string $currency): string {
    $places = PLACES[$currency] ?? 2;
    $digits = str_pad(ltrim((string) $amount, '-'), $places + 1, '0', STR_PAD_LEFT);
    $point = strlen($digits) - $places;
    $fraction = $places ? '.' . substr($digits, $point) : '';
    return ($amount < 0 ? '-' : '') . substr($digits, 0, $point) . $fraction;
}

$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('OPENTILL_TOKEN')],
    CURLOPT_RETURNTRANSFER => true,
]);
$page = 1;
do {
    curl_setopt($curl, CURLOPT_URL, "{base_url}/api/v1/invoices?per_page=100&page=$page");
    $body = curl_exec($curl);
    if (curl_getinfo($curl, CURLINFO_HTTP_CODE) !== 200) {
        throw new RuntimeException((string) $body);
    }
    ['data' => $data, 'meta' => $meta] = json_decode($body, true);
    foreach ($data as $invoice) {
        $currency = $invoice['currency_code'];
        echo $invoice['invoice_number'], ' ', decimal($invoice['total'], $currency), ' ', $currency, PHP_EOL;
    }
} while ($page++ < $meta['last_page']);
