// Calls two hookpoints by the proxy that wsdl2h and soapcpp2 made from their typed
// WSDL: members are named by the keys. gSOAP writes _USCORE for each underscore.
#include <memory>

#include "print.h"
#include "soapInvokerPortBindingProxy.h"
#include "InvokerPortBinding.nsmap"

using SignUp = _ns1__SOAP_USCORESIGNUP_USCORECUSTOMER;
using SignedUp = _ns1__SOAP_USCORESIGNUP_USCORECUSTOMERResponse;
using Read = _ns1__SOAP_USCOREGET_USCOREUSER;
using Found = _ns1__SOAP_USCOREGET_USCOREUSERResponse;

// What optional members point at lives as long as the program.
static std::vector<std::shared_ptr<void>> owned;

template <typename T> static T &given(T *&member, const T &value = T()) {
    auto object = std::make_shared<T>(value);
    owned.push_back(object);
    return *(member = object.get());
}

template <typename T> static T &added(std::vector<T *> &list) {
    list.push_back(nullptr);
    return given(list.back());
}

template <typename Request> static void identify(Request &request) {
    auto &context = given(request.CONTEXT);
    given(context.LANGUAGE, std::string("EN"));
    given(context.OPERATOR, std::string("demo"));
    given(context.PASSWORD, std::string("demo"));
    given(context.BRAND_USCOREKEY, std::string("DEMO"));
}

static SignUp customer(const std::string &username) {
    SignUp request;
    request.ACCOUNT_USCORETYPE = _ns1__SOAP_USCORESIGNUP_USCORECUSTOMER_ACCOUNT_USCORETYPE__0;
    request.PRODUCT_USCORECODE = "POST_PAID";
    auto &user = given(request.USER);
    user.FIRST_USCORENAME = "Åse & <Øre> €";
    user.LAST_USCORENAME = "Ærlig";
    user.EMAIL = "aase@example.com";
    user.CITY = "Århus";
    user.ZIP = "8000";
    tm birth = {};
    strptime("1980-01-31", "%Y-%m-%d", &birth);
    given(user.BIRTHDAY, timegm(&birth));
    given(user.CREDIT_USCORELIMIT, LONG64(9007199254740993));
    user.USERNAME = username;
    auto &services = given(request.SIGNUP_USCORESERVICES);
    given(added(services.CDMA_USCORESERVICE).ORDER_USCOREID, std::string("1"));
    given(added(services.CDMA_USCORESERVICE).ORDER_USCOREID, std::string("2"));
    identify(request);
    return request;
}

static void fault(InvokerPortBindingProxy &proxy, const char *step) {
    if (!proxy.soap_fault()) {
        proxy.soap_stream_fault(std::cerr);
        std::exit(1);
    }
    printFault(step, proxy.soap);
}

template <typename Answer> static void head(const std::string &step, const Answer &answer) {
    printLine(step + ".errorCode", "int", std::to_string(answer.errorCode));
    printLine(step + ".errorMessage", "string", answer.errorMessage ? quoted(*answer.errorMessage) : "null");
    printLine(step + ".status", "int", std::to_string(answer.status));
}

static SignedUp signUp(InvokerPortBindingProxy &proxy, const char *step, const std::string &username) {
    SignUp request = customer(username);
    SignedUp answer;
    if (proxy.SOAP_USCORESIGNUP_USCORECUSTOMER(&request, answer) != SOAP_OK) fault(proxy, step);
    else head(step, answer);
    return answer;
}

static Found read(InvokerPortBindingProxy &proxy, const char *step, const std::string &id) {
    Read request;
    request.USER_USCOREID = id;
    identify(request);
    Found answer;
    if (proxy.SOAP_USCOREGET_USCOREUSER(&request, answer) != SOAP_OK) fault(proxy, step);
    else head(step, answer);
    return answer;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: typed ENDPOINT USERNAME\n";
        return 2;
    }
    InvokerPortBindingProxy proxy(argv[1], SOAP_C_UTFSTRING);
    std::string username = argv[2];

    SignedUp signedUp = signUp(proxy, "typedSignup", username);
    for (const auto *group : signedUp.ACCOUNT->BILLING_USCOREGROUPS->BILLING_USCOREGROUP) {
        printLine("typedSignup.BALANCE", "double", decimal(*group->BALANCE));
        int i = 0;
        for (const auto *line : group->SUBSCRIPTIONS->SUBSCRIPTION)
            for (const auto *service : line->SERVICE)
                printLine("typedSignup.ORDER_ID[" + std::to_string(++i) + "]", "string", quoted(*service->ORDER_USCOREID));
    }
    Found found = read(proxy, "typedUser", *signedUp.ACCOUNT->OWNER_USCOREID);
    printLine("typedUser.FIRST_NAME", "string", quoted(*found.USER->FIRST_USCORENAME));
    printLine("typedUser.BIRTHDAY", "date", instant(*found.USER->BIRTHDAY));
    const time_t *expiry = found.USER->PERSONAL_USCOREID_USCOREEXPIRY_USCOREDATE;
    printLine("typedUser.PERSONAL_ID_EXPIRY_DATE", "date", expiry ? instant(*expiry) : "null");
    printLine("typedUser.CREDIT_LIMIT", "long", std::to_string(*found.USER->CREDIT_USCORELIMIT));

    signUp(proxy, "typedTaken", username);
    read(proxy, "typedFault", std::string(70000, 'x'));
}
