// Lines prints an answer as the lines of one step, "step.KEY type value", in the
// form ../README.md lays down for all clients.
#pragma once

#include <map>
#include <vector>

#include "print.h"

class Lines {
public:
    explicit Lines(const std::string &step) : step(step) {}

    void number(const std::string &name, long long value) const { printLine(step + "." + name, "int", std::to_string(value)); }

    void text(const std::string &name, const std::string *value) const { printLine(step + "." + name, "string", value ? quoted(*value) : "null"); }

    void values(const std::vector<ns1__valueDTO *> &list) const { values(step, list); }

private:
    static void values(const std::string &path, const std::vector<ns1__valueDTO *> &list) {
        std::map<std::string, int> count, seen;
        for (const auto *dto : list) count[*dto->key]++;
        for (const auto *dto : list) {
            std::string name = path + "." + *dto->key;
            if (count[*dto->key] > 1) name += "[" + std::to_string(++seen[*dto->key]) + "]";
            value(name, dto);
        }
    }

    static void value(const std::string &name, const ns1__valueDTO *dto) {
        if (auto *complex = dynamic_cast<const ns1__complexValueDTO *>(dto)) {
            if (complex->value.empty()) printLine(name, "complex", "{}");
            values(name, complex->value);
        } else if (auto *text = dynamic_cast<const ns1__stringValueDTO *>(dto)) {
            printLine(name, "string", text->value ? quoted(*text->value) : "null");
        } else if (auto *whole = dynamic_cast<const ns1__longValueDTO *>(dto)) {
            printLine(name, "long", whole->value ? std::to_string(*whole->value) : "null");
        } else if (auto *real = dynamic_cast<const ns1__doubleValueDTO *>(dto)) {
            printLine(name, "double", real->value ? decimal(*real->value) : "null");
        } else if (auto *real = dynamic_cast<const ns1__floatValueDTO *>(dto)) {
            printLine(name, "float", real->value ? decimal(*real->value) : "null");
        } else if (auto *date = dynamic_cast<const ns1__dateValueDTO *>(dto)) {
            printLine(name, "date", date->value ? instant(*date->value) : "null");
        } else if (auto *truth = dynamic_cast<const ns1__booleanValueDTO *>(dto)) {
            printLine(name, "boolean", !truth->value ? "null" : *truth->value ? "true" : "false");
        } else {
            printLine(name, "untyped", "null");
        }
    }

    std::string step;
};
