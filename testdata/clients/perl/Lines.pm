package Lines;
# Prints an answer as the lines of one step, "step.KEY type value", in the form
# ../README.md lays down for all clients.
use strict;
use warnings;
use HTTP::Date 'str2time';
use POSIX 'strftime';

binmode STDOUT, ':encoding(UTF-8)';

# The member of that name of an element, undef where there is none.
sub text_of {
    my ($element, $name) = @_;
    my ($member) = grep { $_->name eq $name } children($element);
    return $member && $member->value;
}

sub line { my ($name, $type, $value) = @_; print "$name $type ", shown($type, $value), "\n" }

# What every answer begins with, below the path where it stands; of a fault, its
# code and text.
sub head {
    my ($step, $som, $path) = @_;
    if ($som->fault) {
        # Where a fault has these differs between the versions of SOAP, and
        # SOAP::Lite knows them by the names of 1.1.
        (my $code = $som->faultcode // $som->valueof('//Fault/Code/Value')) =~ s/^.*://;
        line("$step.faultcode", string => $code);
        line("$step.faultstring", string => $som->faultstring // $som->valueof('//Fault/Reason/Text'));
        return;
    }
    line("$step.errorCode", int => $som->valueof("$path/errorCode"));
    line("$step.errorMessage", string => $som->valueof("$path/errorMessage"));
    line("$step.status", int => $som->valueof("$path/status"));
}

# The elements within one, as SOAP::Data. valueof would make one hash of them, which
# has no room for those that repeat.
sub children {
    my ($element) = @_;
    return ref $element->value eq 'REF' ? ${ $element->value }->value : ();
}

# Each of the entries under its key.
sub entries {
    my ($path, @entries) = @_;
    my (%count, %seen);
    $count{ text_of($_, 'key') }++ for @entries;
    for my $entry (@entries) {
        my $key = text_of($entry, 'key');
        entry("$path.$key" . ($count{$key} > 1 ? '[' . ++$seen{$key} . ']' : ''), $entry);
    }
}

sub entry {
    my ($name, $entry) = @_;
    (my $type = $entry->type || 'untyped') =~ s/ValueDTO$//;
    my @inside = $type eq 'complex' ? grep { $_->name eq 'value' } children($entry) : ();
    if (@inside) {
        entries($name, @inside);
    } else {
        line($name, $type, text_of($entry, 'value'));
    }
}

sub shown {
    my ($type, $value) = @_;
    return '{}' if $type eq 'complex';
    return 'null' unless defined $value;
    return quoted($value) if $type eq 'string';
    return sprintf '%.15g', $value if $type eq 'double' || $type eq 'float';
    return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime str2time($value)) if $type eq 'date';
    return $value;
}

sub quoted {
    my ($text) = @_;
    $text =~ s/(["\\])/\\$1/g;
    $text =~ s/\n/\\n/g;
    return qq("$text");
}

1;
