<?php
// Calls an endpoint with WS-Security and WS-Addressing headers as PHP programs write
// them. Prints what came back, a line each.

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const WSA = 'http://www.w3.org/2005/08/addressing';

function at(int $seconds): string
{
    return gmdate('Y-m-d\TH:i:s\Z', time() + $seconds);
}

function security(string $inside): SoapHeader
{
    $xml = '<wsse:Security SOAP-ENV:mustUnderstand="1" xmlns:wsse="' . WSSE . '" xmlns:wsu="' . WSU . '">' . $inside . '</wsse:Security>';
    return new SoapHeader(WSSE, 'Security', new SoapVar($xml, XSD_ANYXML), true);
}

function token(string $password, string $nonce, int $age): SoapHeader
{
    return security('<wsse:UsernameToken><wsse:Username>demo</wsse:Username><wsse:Password>' . $password . '</wsse:Password>'
        . '<wsse:Nonce>' . $nonce . '</wsse:Nonce><wsu:Created>' . at(-$age) . '</wsu:Created></wsse:UsernameToken>');
}

function call(string $name, string $endpoint, SoapHeader ...$headers): void
{
    $client = new SoapClient($endpoint . '?wsdl', ['trace' => true, 'cache_wsdl' => WSDL_CACHE_NONE]);
    $value = new SoapVar(['key' => 'NAME', 'value' => 'Åse'], SOAP_ENC_OBJECT, 'stringValueDTO', 'http://soap.CDRator.com/');
    try {
        $answer = $client->__soapCall('executeMethod', [['arg0' => ['hookpointKey' => 'SIGNUP', 'values' => [$value]]]], null, $headers, $output);
        $said = $answer->return->errorCode;
    } catch (SoapFault $fault) {
        $said = $fault->faultcode;
    }
    echo $name, ' ', $said, isset($output['RelatesTo']) ? ' relates to ' . $output['RelatesTo'] : '', "\n";
}

[, $endpoint] = $argv;
$nonce = base64_encode(random_bytes(16));
call('token', $endpoint, token('demo', $nonce, 0));
call('again', $endpoint, token('demo', $nonce, 0));
call('old', $endpoint, token('demo', base64_encode(random_bytes(16)), 900));
call('ahead', $endpoint, token('demo', base64_encode(random_bytes(16)), -900));
call('hex', $endpoint, token('demo', bin2hex(random_bytes(3)) . '!', 0));
call('wrong', $endpoint, token('wrong', base64_encode(random_bytes(16)), 0));
$addressed = [new SoapHeader(WSA, 'Action', 'http://soap.CDRator.com/Invoker/executeMethodRequest', true), new SoapHeader(WSA, 'MessageID', 'urn:php:1')];
call('addressing', $endpoint, token('demo', base64_encode(random_bytes(16)), 0), ...$addressed);
call('elsewhere', $endpoint, token('demo', base64_encode(random_bytes(16)), 0), ...[...$addressed,
    new SoapHeader(WSA, 'ReplyTo', new SoapVar('<a:ReplyTo xmlns:a="' . WSA . '"><a:Address>http://192.0.2.1/</a:Address></a:ReplyTo>', XSD_ANYXML))]);
