<?php
// Calls the API with the client that openapi-generator made in the folder $argv[1].
declare(strict_types=1);

require 'GuzzleHttp/autoload.php';
[, $client, $url] = $argv;
spl_autoload_register(static function (string $class) use ($client): void {
    $file = "$client/lib/" . strtr(substr($class, strlen('OpentillApi\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'OpentillApi\\') && is_file($file)) {
        require $file;
    }
});

use OpentillApi\Api\AccountApi;
use OpentillApi\Api\DescriptionApi;
use OpentillApi\ApiException;
use OpentillApi\Configuration;

function check(bool $holds, string $what): void
{
    if (!$holds) {
        fwrite(STDERR, "The PHP client: $what\n");
        exit(1);
    }
}

$api = static fn (string $token): AccountApi => new AccountApi(
    config: (new Configuration())->setHost($url)->setAccessToken($token),
);
$mine = $api(getenv('OPENTILL_TOKEN'));
$data = $mine->me()->getData();
check($data->getEmail() === 'schemathesis@example.com', 'the email address of the token\'s client');
check($data->getCreatedAt() instanceof DateTime, 'created_at is a date and time');
check($mine->headMe() === null, 'HEAD has no body');
check($mine->token()->getData()->getName() === 'Schemathesis', 'the token itself');
check((new DescriptionApi(config: (new Configuration())->setHost($url)))->openapi() !== null, 'the description');
try {
    $api('ot_live_wrong')->me();
    check(false, 'a wrong token is refused');
} catch (ApiException $error) {
    check($error->getCode() === 401, 'a wrong token is a 401');
    check($error->getResponseObject()->getMessage() === 'Unauthenticated.', 'with its message');
}
