<?php
// Calls two hookpoints by their typed WSDL: members are properties, named by the keys.
declare(strict_types=1);

require_once __DIR__ . '/lines.php';

final class TypedClient
{
    private const CONTEXT = ['LANGUAGE' => 'EN', 'OPERATOR' => 'demo', 'PASSWORD' => 'demo', 'BRAND_KEY' => 'DEMO'];

    private SoapClient $soap;

    public function __construct(string $endpoint)
    {
        $this->soap = new SoapClient("$endpoint?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER", [
            'cache_wsdl' => WSDL_CACHE_NONE,
            // Without it a list of one is an object, a list of two an array.
            'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        ]);
    }

    public function run(string $username): void
    {
        $account = $this->call('typedSignup', 'SOAP_SIGNUP_CUSTOMER', self::customer($username))->ACCOUNT;
        $lines = new Lines('typedSignup');
        foreach ($account->BILLING_GROUPS->BILLING_GROUP as $group) {
            $lines->value('BALANCE', 'double', $group->BALANCE);
            $services = array_merge(...array_column($group->SUBSCRIPTIONS->SUBSCRIPTION, 'SERVICE'));
            foreach ($services as $i => $service) {
                $lines->value('ORDER_ID[' . $i + 1 . ']', 'string', $service->ORDER_ID);
            }
        }
        $user = $this->call('typedUser', 'SOAP_GET_USER', ['USER_ID' => $account->OWNER_ID])->USER;
        $lines = new Lines('typedUser');
        $lines->value('FIRST_NAME', 'string', $user->FIRST_NAME);
        $lines->value('BIRTHDAY', 'date', $user->BIRTHDAY);
        $lines->value('PERSONAL_ID_EXPIRY_DATE', 'date', $user->PERSONAL_ID_EXPIRY_DATE ?? null);
        $lines->value('CREDIT_LIMIT', 'long', $user->CREDIT_LIMIT);

        $this->call('typedTaken', 'SOAP_SIGNUP_CUSTOMER', self::customer($username));
        $this->call('typedFault', 'SOAP_GET_USER', ['USER_ID' => str_repeat('x', 70000)]);
    }

    private static function customer(string $username): array
    {
        return [
            'ACCOUNT_TYPE' => '0',
            'PRODUCT_CODE' => 'POST_PAID',
            'USER' => [
                'FIRST_NAME' => 'Åse & <Øre> €',
                'LAST_NAME' => 'Ærlig',
                'EMAIL' => 'aase@example.com',
                'CITY' => 'Århus',
                'ZIP' => '8000',
                'BIRTHDAY' => '1980-01-31T00:00:00',
                'CREDIT_LIMIT' => 9007199254740993,
                'USERNAME' => $username,
            ],
            'SIGNUP_SERVICES' => ['CDMA_SERVICE' => [['ORDER_ID' => '1'], ['ORDER_ID' => '2']]],
        ];
    }

    private function call(string $step, string $hookpoint, array $members): ?stdClass
    {
        $lines = new Lines($step);
        try {
            $answer = $this->soap->$hookpoint($members + ['CONTEXT' => self::CONTEXT]);
        } catch (SoapFault $fault) {
            $lines->fault($fault);
            return null;
        }
        $lines->head($answer);
        return $answer;
    }
}
