<?php
// What Laravel Sanctum asks of its database for a request with a token, without Laravel: the token, its
// owner, and the time of its use written down ("touch"). On a copy of the product's database.

$database = new PDO('sqlite:' . getenv('DATABASE'), null, null, [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
    PDO::ATTR_TIMEOUT => 10,
]);
$database->exec('PRAGMA synchronous = NORMAL');

function ask(string $statement, array $values): PDOStatement
{
    global $database;
    $prepared = $database->prepare($statement);
    foreach ($values as $at => $value) {
        $prepared->bindValue($at + 1, $value, is_int($value) ? PDO::PARAM_INT : PDO::PARAM_LOB);
    }
    $prepared->execute();
    return $prepared;
}

header('Content-Type: application/json');
$bearer = preg_match('/^Bearer (.+)$/', $_SERVER['HTTP_AUTHORIZATION'] ?? '', $found) ? $found[1] : '';
$hash = hash('sha256', $bearer, true);
$token = ask('SELECT * FROM tokens WHERE hash = ? AND revoked_at IS NULL LIMIT 1', [$hash])->fetch();
$client = $token ? ask('SELECT * FROM clients WHERE id = ? LIMIT 1', [$token['client_id']])->fetch() : null;
if (!$client || $client['status'] === 'closed') {
    http_response_code(401);
    exit('{"error":"unauthorized"}');
}
ask('UPDATE tokens SET last_used_at = ? WHERE id = ?', [time(), $token['id']]);
unset($client['email_key'], $client['password_hash']);
$client['created_at'] = gmdate('Y-m-d\TH:i:s\Z', $client['created_at']);
echo json_encode(['data' => $client]);
