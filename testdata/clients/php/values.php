<?php
// The types of the contract, as SoapClient's class map wants them.
declare(strict_types=1);

class valueDTO
{
    public function __construct(public ?string $key, public mixed $value)
    {
    }
}

final class stringValueDTO extends valueDTO {}
final class longValueDTO extends valueDTO {}
final class doubleValueDTO extends valueDTO {}
final class floatValueDTO extends valueDTO {}
final class booleanValueDTO extends valueDTO {}
final class dateValueDTO extends valueDTO {}

final class complexValueDTO extends valueDTO
{
    /**
     * The children as SoapClient read them: it gives an only child as it is, and
     * leaves the member out where there is none.
     * @return valueDTO[]
     */
    public function children(): array
    {
        $value = $this->value ?? [];
        return is_array($value) ? $value : [$value];
    }
}

const CLASS_MAP = [
    'valueDTO' => valueDTO::class,
    'stringValueDTO' => stringValueDTO::class,
    'longValueDTO' => longValueDTO::class,
    'doubleValueDTO' => doubleValueDTO::class,
    'floatValueDTO' => floatValueDTO::class,
    'booleanValueDTO' => booleanValueDTO::class,
    'dateValueDTO' => dateValueDTO::class,
    'complexValueDTO' => complexValueDTO::class,
];

function text(string $key, ?string $value): stringValueDTO
{
    return new stringValueDTO($key, $value);
}

/** @param valueDTO[] $values */
function complex(string $key, array $values): complexValueDTO
{
    return new complexValueDTO($key, $values);
}
