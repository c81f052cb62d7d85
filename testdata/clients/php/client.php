<?php
// Tries a Rator endpoint with PHP's SoapClient. What it calls and what it prints: ../README.md.
declare(strict_types=1);

require __DIR__ . '/values.php';
require_once __DIR__ . '/lines.php';
require __DIR__ . '/typed.php';

/** Calls one endpoint in one version of SOAP. */
final class Client
{
    private SoapClient $soap;

    public function __construct(string $endpoint, int $version)
    {
        $this->soap = new SoapClient("$endpoint?wsdl", [
            'soap_version' => $version,
            'classmap' => CLASS_MAP,
            'cache_wsdl' => WSDL_CACHE_NONE,
            'trace' => true,
        ]);
    }

    /**
     * Prints what came back as lines of the step.
     * @param valueDTO[] $values
     * @return valueDTO[] the values of the answer; a fault has none
     */
    public function call(string $step, string $hookpoint, array $values): array
    {
        $values[] = complex('CONTEXT', [text('LANGUAGE', 'EN'), text('OPERATOR', 'demo'), text('PASSWORD', 'demo'), text('BRAND_KEY', 'DEMO')]);
        $lines = new Lines($step);
        try {
            $answer = $this->soap->executeMethod(['arg0' => ['hookpointKey' => $hookpoint, 'values' => $values]])->return;
        } catch (SoapFault $fault) {
            $lines->number('http', $this->httpStatus());
            $lines->fault($fault);
            return [];
        }
        $lines->number('http', $this->httpStatus());
        $lines->head($answer);
        // As the PHP clients in the field do it: a single value is not an array,
        // and is lost (rator-api.md 1.9).
        $values = is_array($answer->values) ? $answer->values : [];
        $lines->values($values);
        return $values;
    }

    private function httpStatus(): int
    {
        return (int) explode(' ', $this->soap->__getLastResponseHeaders())[1];
    }
}

/** @return valueDTO[] */
function everyType(): array
{
    return [
        text('NAME', 'Åse & <Øre> €'),
        text('NIL', null),
        text('EMPTY', ''),
        new longValueDTO('ID', 9007199254740993),
        new doubleValueDTO('PRICE', 12.5),
        new dateValueDTO('DOB', '1980-01-31T00:00:00+01:00'),
        new booleanValueDTO('OK', true),
        complex('INNER', [new longValueDTO('ID', 9007199254740993), text('LEAF', 'one'), text('LEAF', 'two')]),
    ];
}

/** @return valueDTO[] */
function customer(string $username): array
{
    return [
        text('ACCOUNT_TYPE', '0'),
        text('PRODUCT_CODE', 'POST_PAID'),
        complex('USER', [
            text('FIRST_NAME', 'Åse & <Øre> €'),
            text('LAST_NAME', 'Ærlig'),
            text('EMAIL', 'aase@example.com'),
            text('CITY', 'Århus'),
            text('ZIP', '8000'),
            text('USERNAME', $username),
            text('PASSWORD', 'correct horse battery'),
        ]),
    ];
}

/** @param valueDTO[] $values */
function member(array $values, string $key): valueDTO
{
    foreach ($values as $value) {
        if ($value->key === $key) {
            return $value;
        }
    }
    throw new RuntimeException("the answer has no $key");
}

if ($argc !== 3) {
    fwrite(STDERR, "usage: client.php ENDPOINT USERNAME\n");
    exit(2);
}
[, $endpoint, $username] = $argv;
$client = new Client($endpoint, SOAP_1_1);
$client12 = new Client($endpoint, SOAP_1_2);

$client->call('echo11', 'SIGNUP', everyType());
$client12->call('echo12', 'SIGNUP', everyType());
$signup = $client->call('signup', 'SOAP_SIGNUP_CUSTOMER', customer($username));
$number = member(member($signup, 'ACCOUNT')->children(), 'CUSTOMER_NUMBER')->value;
$client->call('profile', 'SOAP_GET_WEB_USER_PROFILE_INTERNAL', [text('CUSTOMER_NUMBER', $number)]);
$client->call('taken', 'SOAP_SIGNUP_CUSTOMER', customer($username));
$tooLong = str_repeat('x', 70000);
$client->call('fault11', 'SIGNUP', [text('NAME', $tooLong)]);
$client12->call('fault12', 'SIGNUP', [text('NAME', $tooLong)]);
(new TypedClient($endpoint))->run("$username-typed");
