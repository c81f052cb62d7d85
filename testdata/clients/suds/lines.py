"""Prints an answer as the lines of one step, "step.KEY type value", in the form
../README.md lays down for all clients."""

import datetime
import json
from collections import Counter


def line(name, type_name, value):
    print(name, type_name, shown(type_name, value))


def head(step, answer):
    """What every answer begins with; of a fault, its code and text."""
    if hasattr(answer, "faultcode"):
        line(step + ".faultcode", "string", answer.faultcode.split(":")[-1])
        line(step + ".faultstring", "string", answer.faultstring)
        return
    line(step + ".errorCode", "int", answer.errorCode)
    line(step + ".errorMessage", "string", answer.errorMessage)
    line(step + ".status", "int", answer.status)


def values(path, dtos):
    count = Counter(dto.key for dto in dtos)
    seen = Counter()
    for dto in dtos:
        name = path + "." + dto.key
        if count[dto.key] > 1:
            seen[dto.key] += 1
            name += "[%d]" % seen[dto.key]
        type_name = type(dto).__name__.removesuffix("ValueDTO")
        # A null value leaves no member behind, and no children leave none.
        value = getattr(dto, "value", None)
        if type_name == "complex" and value:
            values(name, value)
        else:
            line(name, type_name, value)


def shown(type_name, value):
    if type_name == "complex":
        return "{}"
    if value is None:
        return "null"
    if type_name == "string":
        return json.dumps(value, ensure_ascii=False)
    if type_name in ("double", "float"):
        return "%.15g" % value
    if type_name == "boolean":
        return "true" if value else "false"
    if type_name == "date":
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
