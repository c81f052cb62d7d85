// Lines prints an answer as the lines of one step, "step.KEY type value", in the
// form ../README.md lays down for all clients.
#pragma once

#include <cstdio>
#include <ctime>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "soapStub.h"

class Lines {
public:
    explicit Lines(const std::string &step) : step(step) {}

    void number(const std::string &name, long long value) const { line(step + "." + name, "int", std::to_string(value)); }

    void text(const std::string &name, const std::string *value) const { line(step + "." + name, "string", value ? quoted(*value) : "null"); }

    void values(const std::vector<ns1__valueDTO *> &list) const { values(step, list); }

private:
    static void line(const std::string &name, const char *type, const std::string &value) {
        std::cout << name << ' ' << type << ' ' << value << '\n';
    }

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
            if (complex->value.empty()) line(name, "complex", "{}");
            values(name, complex->value);
        } else if (auto *text = dynamic_cast<const ns1__stringValueDTO *>(dto)) {
            line(name, "string", text->value ? quoted(*text->value) : "null");
        } else if (auto *whole = dynamic_cast<const ns1__longValueDTO *>(dto)) {
            line(name, "long", whole->value ? std::to_string(*whole->value) : "null");
        } else if (auto *real = dynamic_cast<const ns1__doubleValueDTO *>(dto)) {
            line(name, "double", real->value ? decimal(*real->value) : "null");
        } else if (auto *real = dynamic_cast<const ns1__floatValueDTO *>(dto)) {
            line(name, "float", real->value ? decimal(*real->value) : "null");
        } else if (auto *date = dynamic_cast<const ns1__dateValueDTO *>(dto)) {
            line(name, "date", date->value ? instant(*date->value) : "null");
        } else if (auto *truth = dynamic_cast<const ns1__booleanValueDTO *>(dto)) {
            line(name, "boolean", !truth->value ? "null" : *truth->value ? "true" : "false");
        } else {
            line(name, "untyped", "null");
        }
    }

    static std::string quoted(const std::string &text) {
        std::string out = "\"";
        for (char c : text) {
            if (c == '\n') {
                out += "\\n";
                continue;
            }
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out + '"';
    }

    static std::string decimal(double value) {
        char text[32];
        std::snprintf(text, sizeof text, "%.15g", value);
        return text;
    }

    static std::string instant(time_t value) {
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&value));
        return text;
    }

    std::string step;
};
