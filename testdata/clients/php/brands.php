<?php
// Signs up, reserves, reads back by national spelling, pays and ends on days that have no
// zone, in the brands of testdata/soap/two-brands. Prints what came back, a line each.
declare(strict_types=1);

require __DIR__ . '/values.php';

final class Brand
{
    public function __construct(private SoapClient $soap, private string $brand)
    {
    }

    /** @param string[] $numbers a number to sign up with, the same otherwise spelled, and a number to reserve */
    public function live(array $numbers): void
    {
        [$number, $spelled, $reserved] = $numbers;
        $account = $this->call('SOAP_SIGNUP_CUSTOMER', [
            text('ACCOUNT_TYPE', '0'),
            text('PRODUCT_CODE', 'LINE'),
            complex('USER', [
                text('FIRST_NAME', 'Åse'),
                text('LAST_NAME', 'Ærlig'),
                text('CITY', 'Århus'),
                text('ZIP', '8000'),
                text('EMAIL', 'aase@example.com'),
                new dateValueDTO('BIRTHDAY', '1990-05-06T00:00:00'),
                text('USERNAME', 'aase'),
            ]),
            complex('SIGNUP_SERVICES', [complex('CDMA_SERVICE', [text('MSISDN', $number)])]),
        ])['ACCOUNT'];
        $group = $account['BILLING_GROUPS']['BILLING_GROUP'];
        $line = $group['SUBSCRIPTIONS']['SUBSCRIPTION']['ID'];
        $this->call('SOAP_ACTIVATE_SUBSCRIPTION', [text('SUBSCRIPTION_ID', $line)]);
        $this->say('birthday', self::moment($this->call('SOAP_GET_USER', [text('USER_ID', $account['OWNER_ID'])])['USER']['BIRTHDAY']));
        $reservation = $this->call('SOAP_RESERVE_NUMBER', [text('SERIES_CODE', 'SERIES'), text('MSISDN', $reserved)]);
        $this->say('reserved', $reservation['MSISDN']);
        $profile = $this->call('SOAP_GET_WEB_USER_PROFILE_INTERNAL', [text('PHONE_NUMBER', $spelled)]);
        $this->say('found', $profile['USERS']['USER']['FIRST_NAME']);

        $this->call('SOAP_SAVE_PAYMENT', [
            text('BILLING_GROUP_ID', $group['ID']),
            new doubleValueDTO('AMOUNT', 150.25),
            new dateValueDTO('PAYMENT_DATE', '2026-01-02T12:00:00'),
        ]);
        $paid = $this->call('SOAP_GET_TRANSACTIONS', [text('BILLING_GROUP_ID', $group['ID'])]);
        $this->say('paid', self::moment($paid['TRANSACTIONS']['TRANSACTION']['DATE']));
        $end = $this->call('SOAP_TERMINATE_SUBSCRIPTION', [text('SUBSCRIPTION_ID', $line), new dateValueDTO('TERMINATION_DATE', '2026-01-03T00:00:00')]);
        $this->say('ends', self::moment($end['SUBSCRIPTION_TERMINATION']['TERMINATION_DATE']));
    }

    /** A date as a moment of UTC. */
    private static function moment(string $date): string
    {
        return (new DateTimeImmutable($date))->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
    }

    private function say(string $name, string $value): void
    {
        echo "$this->brand.$name $value\n";
    }

    /**
     * @param valueDTO[] $values
     * @return array the values of the answer by their keys; of those that repeat the last
     */
    private function call(string $hookpoint, array $values): array
    {
        $values[] = complex('CONTEXT', [text('LANGUAGE', 'EN'), text('OPERATOR', 'demo'), text('PASSWORD', 'demo'), text('BRAND_KEY', $this->brand)]);
        $answer = $this->soap->executeMethod(['arg0' => ['hookpointKey' => $hookpoint, 'values' => $values]])->return;
        if ($answer->errorCode !== 0) {
            throw new RuntimeException("$hookpoint: $answer->errorCode $answer->errorMessage");
        }
        return self::byKey($answer->values);
    }

    private static function byKey(array $values): array
    {
        $tree = [];
        foreach ($values as $dto) {
            $tree[$dto->key] = $dto instanceof complexValueDTO ? self::byKey($dto->children()) : $dto->value ?? null;
        }
        return $tree;
    }
}

$soap = new SoapClient("$argv[1]?wsdl", ['classmap' => CLASS_MAP, 'cache_wsdl' => WSDL_CACHE_NONE]);
(new Brand($soap, 'FJELL'))->live(['(720) 555-0123', '1-720-555-0123', '720 555 0007']);
(new Brand($soap, 'FJORD'))->live(['990 00 123', '00 47 99000123', '99 00 00 07']);
