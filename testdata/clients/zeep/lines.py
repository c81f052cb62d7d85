"""Prints an answer as the lines of one step, "step.KEY type value", in the form
../README.md lays down for all clients."""

import datetime
import json
from collections import Counter

DTO_NAMES = ("string", "long", "double", "float", "boolean", "date", "complex")


def line(name, type_name, value):
    print(name, type_name, shown(type_name, value))


def head(step, answer):
    """What every answer begins with."""
    line(step + ".errorCode", "int", answer.errorCode)
    line(step + ".errorMessage", "string", answer.errorMessage)
    line(step + ".status", "int", answer.status)


def fault(step, raised):
    line(step + ".faultcode", "string", raised.code.split(":")[-1])
    line(step + ".faultstring", "string", raised.message)


def values(path, dtos):
    count = Counter(v.key for v in dtos)
    seen = Counter()
    for v in dtos:
        name = path + "." + v.key
        if count[v.key] > 1:
            seen[v.key] += 1
            name += "[%d]" % seen[v.key]
        type_name = type(v).__name__.removesuffix("ValueDTO")
        if type_name == "complex" and v.value:
            values(name, v.value)
        elif type_name in DTO_NAMES:
            line(name, type_name, v.value)
        else:
            line(name, "untyped", None)


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
