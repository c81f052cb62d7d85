# Tries a Rator endpoint with SOAP::Lite. What it calls and what it prints: ../README.md.
use strict;
use warnings;
use utf8;
use SOAP::Lite;
use Lines;
use Typed;

# By itself SOAP::Lite sends each text that is not ASCII as base64: 'string' is
# what keeps it a text. A long goes as text too, as Perl may not have room for it.
sub leaf { my ($type, $key, $value) = @_; return [$type, $key, $value] }
sub text { return leaf('string', @_) }
sub complex { my ($key, @children) = @_; return ['complex', $key, [@children]] }

# The element of an entry, called as its place wants: values on the outside, value
# within another.
sub element {
    my ($name, $entry) = @_;
    my ($type, $key, $value) = @$entry;
    my @inside = $type eq 'complex' ? map { element('value', $_) } @$value : SOAP::Data->name('value', $value)->type('string');
    return SOAP::Data->name($name => \SOAP::Data->value(SOAP::Data->name('key', $key)->type('string'), @inside))
        ->type("tns:${type}ValueDTO");
}

# Prints what came back as lines of the step, and gives the answer.
sub call {
    my ($service, $step, $hookpoint, @values) = @_;
    push @values, complex('CONTEXT', text(LANGUAGE => 'EN'), text(OPERATOR => 'demo'), text(PASSWORD => 'demo'), text(BRAND_KEY => 'DEMO'));
    my $som = $service->executeMethod(SOAP::Data->name(
        arg0 => \SOAP::Data->value(SOAP::Data->name('hookpointKey', $hookpoint)->type('string'), map { element('values', $_) } @values)));
    Lines::line("$step.http", int => $service->transport->proxy->http_response->code);
    Lines::head($step, $som, '//executeMethodResponse/return');
    Lines::entries($step, $som->dataof('//executeMethodResponse/return/values')) unless $som->fault;
    return $som;
}

sub every_type {
    return (
        text(NAME => 'Åse & <Øre> €'),
        text(NIL => undef),
        text(EMPTY => ''),
        leaf(long => ID => '9007199254740993'),
        leaf(double => PRICE => 12.5),
        leaf(date => DOB => '1980-01-31T00:00:00+01:00'),
        leaf(boolean => OK => 'true'),
        complex(INNER => leaf(long => ID => '9007199254740993'), text(LEAF => 'one'), text(LEAF => 'two')),
    );
}

sub customer {
    my ($username) = @_;
    return (
        text(ACCOUNT_TYPE => '0'),
        text(PRODUCT_CODE => 'POST_PAID'),
        complex(
            USER => text(FIRST_NAME => 'Åse & <Øre> €'),
            text(LAST_NAME => 'Ærlig'),
            text(EMAIL => 'aase@example.com'),
            text(CITY => 'Århus'),
            text(ZIP => '8000'),
            text(USERNAME => $username),
            text(PASSWORD => 'correct horse battery'),
        ),
    );
}

# The entry with that key.
sub member {
    my ($key, @entries) = @_;
    my ($entry) = grep { Lines::text_of($_, 'key') eq $key } @entries;
    return $entry // die "the answer has no $key\n";
}

die "usage: client.pl ENDPOINT USERNAME\n" unless @ARGV == 2;
my ($endpoint, $username) = @ARGV;
my $service = SOAP::Lite->service("$endpoint?wsdl")->want_som(1);

# A program that is not at home in UTF-8 may send in any character set.
$service->encoding('ISO-8859-15');
call($service, 'echo11', 'SIGNUP', every_type());
$service->encoding('UTF-8');
my $signup = call($service, 'signup', 'SOAP_SIGNUP_CUSTOMER', customer($username));
my $account = member('ACCOUNT', $signup->dataof('//return/values'));
my $number = member('CUSTOMER_NUMBER', grep { $_->name eq 'value' } Lines::children($account));
call($service, 'profile', 'SOAP_GET_WEB_USER_PROFILE_INTERNAL', text(CUSTOMER_NUMBER => Lines::text_of($number, 'value')));
call($service, 'taken', 'SOAP_SIGNUP_CUSTOMER', customer($username));
my $too_long = 'x' x 70_000;
call($service, 'fault11', 'SIGNUP', text(NAME => $too_long));
Typed::run($endpoint, "$username-typed");

# The version has to be told before the WSDL is read, or the envelope loses its
# namespace, and it is that of the whole program.
my $service12 = SOAP::Lite->soapversion('1.2')->service("$endpoint?wsdl")->want_som(1);
call($service12, 'echo12', 'SIGNUP', every_type());
call($service12, 'fault12', 'SIGNUP', text(NAME => $too_long));
