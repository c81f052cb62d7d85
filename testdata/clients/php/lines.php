<?php
// Lines prints an answer as the lines of one step, "step.KEY type value", in the
// form ../README.md lays down for all clients.
declare(strict_types=1);

final class Lines
{
    public function __construct(private string $step)
    {
    }

    public function number(string $name, int $value): void
    {
        echo "$this->step.$name int $value\n";
    }

    public function text(string $name, ?string $value): void
    {
        $this->line("$this->step.$name", 'string', $value);
    }

    public function value(string $name, string $type, mixed $value): void
    {
        $this->line("$this->step.$name", $type, $value);
    }

    /** What every answer begins with. */
    public function head(stdClass $answer): void
    {
        $this->number('errorCode', $answer->errorCode);
        $this->text('errorMessage', $answer->errorMessage ?? null);
        $this->number('status', $answer->status);
    }

    public function fault(SoapFault $fault): void
    {
        $this->text('faultcode', preg_replace('/^.*:/', '', $fault->faultcode));
        $this->text('faultstring', $fault->faultstring);
    }

    /** @param valueDTO[] $values */
    public function values(array $values): void
    {
        $this->below($this->step, $values);
    }

    private function below(string $path, array $values): void
    {
        $count = array_count_values(array_column($values, 'key'));
        $seen = [];
        foreach ($values as $dto) {
            $name = "$path.$dto->key";
            if ($count[$dto->key] > 1) {
                $seen[$dto->key] = ($seen[$dto->key] ?? 0) + 1;
                $name .= "[{$seen[$dto->key]}]";
            }
            if ($dto instanceof complexValueDTO && $dto->children()) {
                $this->below($name, $dto->children());
                continue;
            }
            $type = preg_replace('/valueDTO$/i', '', get_class($dto)) ?: 'untyped';
            // An object read from an answer lacks the members that the answer lacks.
            $this->line($name, $type, $dto->value ?? null);
        }
    }

    private function line(string $name, string $type, mixed $value): void
    {
        $shown = match (true) {
            $type === 'complex' => '{}',
            $value === null => 'null',
            $type === 'string' => json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES),
            $type === 'double', $type === 'float' => sprintf('%.15g', $value),
            $type === 'boolean' => $value ? 'true' : 'false',
            $type === 'date' => (new DateTimeImmutable($value))->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z'),
            default => (string) $value,
        };
        echo "$name $type $shown\n";
    }
}
