package Typed;
# Calls two hookpoints by the messages of their typed WSDL. SOAP::Lite makes no stubs
# of it that can be used: it knows the names of the members of a message, and sends a
# hash as null. So names and values are told as SOAP::Data.
use strict;
use warnings;
use utf8;
use SOAP::Lite;
use Lines;

my $NAMESPACE = 'http://soap.CDRator.com/';

# A member: a text, or members within it.
sub member {
    my ($name, @value) = @_;
    return ref $value[0]
        ? SOAP::Data->name($name => \SOAP::Data->value(@value))
        : SOAP::Data->name($name, $value[0])->type('string');
}

sub customer {
    my ($username) = @_;
    return (
        member(ACCOUNT_TYPE => '0'),
        member(PRODUCT_CODE => 'POST_PAID'),
        member(USER => member(FIRST_NAME => 'Åse & <Øre> €'),
            member(LAST_NAME => 'Ærlig'),
            member(EMAIL => 'aase@example.com'),
            member(CITY => 'Århus'),
            member(ZIP => '8000'),
            member(BIRTHDAY => '1980-01-31'),
            member(CREDIT_LIMIT => '9007199254740993'),
            member(USERNAME => $username)),
        member(SIGNUP_SERVICES =>
            member(CDMA_SERVICE => member(ORDER_ID => '1')),
            member(CDMA_SERVICE => member(ORDER_ID => '2'))),
    );
}

sub context {
    return member(CONTEXT => member(LANGUAGE => 'EN'), member(OPERATOR => 'demo'), member(PASSWORD => 'demo'), member(BRAND_KEY => 'DEMO'));
}

sub call {
    my ($soap, $step, $hookpoint, @members) = @_;
    my $som = $soap->call($hookpoint, @members, context());
    Lines::head($step, $som, "//${hookpoint}Response");
    return $som;
}

sub run {
    my ($endpoint, $username) = @_;
    my $services = SOAP::Schema->new->schema_url("$endpoint?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER")->parse->services;
    my $operation = $services->{InvokerService}{SOAP_SIGNUP_CUSTOMER} or die "the typed WSDL has no SOAP_SIGNUP_CUSTOMER\n";
    my $soap = SOAP::Lite->proxy($operation->{endpoint}->value)->ns($operation->{namespace});

    my $signup = call($soap, 'typedSignup', 'SOAP_SIGNUP_CUSTOMER', customer($username));
    Lines::line('typedSignup.BALANCE', double => $signup->valueof('//BILLING_GROUP/BALANCE'));
    my $i = 0;
    Lines::line('typedSignup.ORDER_ID[' . ++$i . ']', string => $_) for $signup->valueof('//SERVICE/ORDER_ID');

    my $user = call($soap, 'typedUser', 'SOAP_GET_USER', member(USER_ID => scalar $signup->valueof('//ACCOUNT/OWNER_ID')));
    Lines::line('typedUser.FIRST_NAME', string => $user->valueof('//USER/FIRST_NAME'));
    Lines::line('typedUser.BIRTHDAY', date => $user->valueof('//USER/BIRTHDAY'));
    Lines::line('typedUser.PERSONAL_ID_EXPIRY_DATE', date => $user->valueof('//USER/PERSONAL_ID_EXPIRY_DATE'));
    Lines::line('typedUser.CREDIT_LIMIT', long => $user->valueof('//USER/CREDIT_LIMIT'));

    call($soap, 'typedTaken', 'SOAP_SIGNUP_CUSTOMER', customer($username));
    call($soap, 'typedFault', 'SOAP_GET_USER', member(USER_ID => 'x' x 70_000));
}

1;
