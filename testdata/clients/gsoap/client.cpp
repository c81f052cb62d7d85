// Tries a Rator endpoint with the proxy that wsdl2h and soapcpp2 made from its
// WSDL. What it calls and what it prints: ../README.md.
#include <memory>

#include "lines.h"
#include "soapInvokerPortBindingProxy.h"
#include "InvokerPortBinding.nsmap"

using Text = std::string;
using Values = std::vector<ns1__valueDTO *>;

// A version of SOAP is a namespace table: gSOAP writes the first URI of a line
// and reads the second one too. The generated table is the one of SOAP 1.1.
using Version = std::vector<Namespace>;

static Version generated() {
    Version table;
    for (const Namespace *line = namespaces; line->id; line++) table.push_back(*line);
    table.push_back({nullptr, nullptr, nullptr, nullptr});
    return table;
}

static Version withEnvelope12(Version table) {
    table[0].in = table[0].ns;
    table[0].ns = "http://www.w3.org/2003/05/soap-envelope";
    table[1].in = table[1].ns;
    table[1].ns = "http://www.w3.org/2003/05/soap-encoding";
    return table;
}

static const Version soap11 = generated(), soap12 = withEnvelope12(soap11);

// Client makes calls. It owns every object that is sent; its proxy owns those
// that are read.
class Client {
public:
    // Without SOAP_C_UTFSTRING gSOAP reads and writes Latin-1.
    explicit Client(const char *endpoint)
        : proxy(endpoint, SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE | SOAP_IO_CHUNK) {}

    template <typename DTO, typename T> DTO *leaf(const char *key, const T &value) {
        DTO *dto = absent<DTO>(key);
        dto->value = own(value);
        return dto;
    }

    // absent has a key and no value element, which is how gSOAP sends null.
    template <typename DTO> DTO *absent(const char *key) {
        DTO *dto = own(DTO());
        dto->key = own(Text(key));
        return dto;
    }

    ns1__valueDTO *text(const char *key, const Text &value) { return leaf<ns1__stringValueDTO>(key, value); }

    ns1__valueDTO *complex(const char *key, const Values &values) {
        auto *dto = absent<ns1__complexValueDTO>(key);
        dto->value = values;
        return dto;
    }

    // call prints what came back as lines of the step, and gives the values of
    // the answer; a fault has none.
    Values call(const Text &step, const Version &version, const char *hookpoint, Values values) {
        values.push_back(complex("CONTEXT", {text("LANGUAGE", "EN"), text("OPERATOR", "demo"),
                                             text("PASSWORD", "demo"), text("BRAND_KEY", "DEMO")}));
        ns1__executeMethod request;
        request.arg0 = own(ns1__requestDTO());
        request.arg0->hookpointKey = own(Text(hookpoint));
        request.arg0->values = values;

        soap_set_namespaces(proxy.soap, version.data());
        ns1__executeMethodResponse response;
        Lines lines(step);
        if (proxy.executeMethod(&request, response) != SOAP_OK) {
            fault(step, lines);
            return {};
        }
        lines.number("http", proxy.soap->status == SOAP_OK ? 200 : proxy.soap->status);
        lines.number("errorCode", response.return_->errorCode);
        lines.text("errorMessage", response.return_->errorMessage);
        lines.number("status", response.return_->status);
        lines.values(response.return_->values);
        return response.return_->values;
    }

private:
    void fault(const Text &step, const Lines &lines) {
        if (!proxy.soap_fault()) {
            proxy.soap_stream_fault(std::cerr);
            std::exit(1);
        }
        lines.number("http", proxy.soap->status);
        printFault(step, proxy.soap);
    }

    template <typename T> T *own(const T &value) {
        auto object = std::make_shared<T>(value);
        owned.push_back(object);
        return object.get();
    }

    InvokerPortBindingProxy proxy;
    std::vector<std::shared_ptr<void>> owned;
};

static Values everyType(Client &c) {
    tm birth = {};
    strptime("1980-01-30T23:00:00", "%Y-%m-%dT%H:%M:%S", &birth);
    return {
        c.text("NAME", "Åse & <Øre> €"),
        c.absent<ns1__stringValueDTO>("NIL"),
        c.text("EMPTY", ""),
        c.leaf<ns1__longValueDTO>("ID", LONG64(9007199254740993)),
        c.leaf<ns1__doubleValueDTO>("PRICE", 12.5),
        c.leaf<ns1__dateValueDTO>("DOB", timegm(&birth)),
        c.leaf<ns1__booleanValueDTO>("OK", true),
        c.complex("INNER", {c.leaf<ns1__longValueDTO>("ID", LONG64(9007199254740993)),
                            c.text("LEAF", "one"), c.text("LEAF", "two")}),
    };
}

static Values customer(Client &c, const char *username) {
    return {
        c.text("ACCOUNT_TYPE", "0"),
        c.text("PRODUCT_CODE", "POST_PAID"),
        c.complex("USER", {c.text("FIRST_NAME", "Åse & <Øre> €"), c.text("LAST_NAME", "Ærlig"),
                           c.text("EMAIL", "aase@example.com"), c.text("CITY", "Århus"), c.text("ZIP", "8000"),
                           c.text("USERNAME", username), c.text("PASSWORD", "correct horse battery")}),
    };
}

// member is the value with that key, which the caller knows to be of that type.
template <typename DTO> static const DTO *member(const Values &values, const char *key) {
    for (const auto *dto : values)
        if (*dto->key == key) return dynamic_cast<const DTO *>(dto);
    std::cerr << "the answer has no " << key << '\n';
    std::exit(1);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: client ENDPOINT USERNAME\n";
        return 2;
    }
    Client c(argv[1]);
    const char *username = argv[2];

    c.call("echo11", soap11, "SIGNUP", everyType(c));
    c.call("echo12", soap12, "SIGNUP", everyType(c));
    Values signup = c.call("signup", soap11, "SOAP_SIGNUP_CUSTOMER", customer(c, username));
    auto *account = member<ns1__complexValueDTO>(signup, "ACCOUNT");
    auto *number = member<ns1__stringValueDTO>(account->value, "CUSTOMER_NUMBER");
    c.call("profile", soap11, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", {c.text("CUSTOMER_NUMBER", *number->value)});
    c.call("taken", soap11, "SOAP_SIGNUP_CUSTOMER", customer(c, username));
    Text tooLong(70000, 'x');
    c.call("fault11", soap11, "SIGNUP", {c.text("NAME", tooLong)});
    c.call("fault12", soap12, "SIGNUP", {c.text("NAME", tooLong)});
}
