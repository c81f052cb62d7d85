<?php
// Calls executeMethod; prints the answer's values by path.
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE]);
$make = fn($type, $key, $value) => new SoapVar(['key' => $key, 'value' => $value], SOAP_ENC_OBJECT, $type, 'http://soap.CDRator.com/');
$answer = $client->executeMethod(['arg0' => ['hookpointKey' => 'SOAP_SIGNUP_CUSTOMER', 'values' => [
    $make('stringValueDTO', 'TEXT', 'Åse & <Øre> €'),
    $make('longValueDTO', 'LONG', 9007199254740993),
]]]);

function show($path, $values)
{
    foreach (is_array($values) ? $values : [$values] as $value) {
        if (is_scalar($value->value ?? '')) {
            echo $path, $value->key, ' ', $value->value ?? '', "\n";
        } else {
            show($path . $value->key . '/', $value->value);
        }
    }
}

echo 'errorCode ', $answer->return->errorCode, "\n";
echo 'status ', $answer->return->status, "\n";
show('', $answer->return->values);
