// The values of a line, in the form ../README.md lays down for all clients.
#pragma once

#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "soapStub.h"

inline void printLine(const std::string &name, const char *type, const std::string &value) {
    std::cout << name << ' ' << type << ' ' << value << '\n';
}

inline std::string quoted(const std::string &text) {
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

inline std::string decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

inline std::string instant(time_t value) {
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&value));
    return text;
}

inline void printFault(const std::string &step, struct soap *soap) {
    std::string code = *soap_faultcode(soap);
    code.erase(0, code.find(':') + 1);
    printLine(step + ".faultcode", "string", quoted(code));
    printLine(step + ".faultstring", "string", quoted(*soap_faultstring(soap)));
}
