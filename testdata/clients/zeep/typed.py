"""Signs a customer up through the typed WSDL of a hookpoint, reads it back, and
gets a business error and a fault, each by a stub with named members. Prints what
came back, a line each."""

import sys

import zeep


def hookpoint(endpoint, key):
    return zeep.Client(endpoint + "?wsdl&hookpoint=" + key).service[key]


def main(endpoint, username):
    sign_up = hookpoint(endpoint, "SOAP_SIGNUP_CUSTOMER")
    profile = hookpoint(endpoint, "SOAP_GET_WEB_USER_PROFILE_INTERNAL")
    context = {"OPERATOR": "demo", "PASSWORD": "demo", "LANGUAGE": "EN"}
    customer = dict(
        ACCOUNT_TYPE="0",
        PRODUCT_CODE="POST_PAID",
        USER={
            "FIRST_NAME": "Åse & <Øre> €",
            "LAST_NAME": "Ærlig",
            "EMAIL": "aase@example.com",
            "CITY": "Århus",
            "ZIP": "8000",
            "CREDIT_LIMIT": 9007199254740993,
            "USERNAME": username,
        },
        SIGNUP_SERVICES={"CDMA_SERVICE": [{"ORDER_ID": "1"}, {"ORDER_ID": "2"}]},
        CONTEXT=context,
    )
    answer = sign_up(**customer)
    print("signup", answer.errorCode, answer.status)
    answer = profile(CUSTOMER_NUMBER=answer.ACCOUNT.CUSTOMER_NUMBER, CONTEXT=context)
    user = answer.USERS.USER[0]
    print("profile", answer.errorCode, user.FIRST_NAME, user.USERNAME)
    for group in answer.ACCOUNT.BILLING_GROUPS.BILLING_GROUP:
        print("lines", group.BALANCE, [s.ORDER_ID for line in group.SUBSCRIPTIONS.SUBSCRIPTION for s in line.SERVICE])
    answer = sign_up(**customer)
    print("taken", answer.errorCode, answer.status, answer.errorMessage)
    try:
        profile(CUSTOMER_NUMBER="x" * 70000, CONTEXT=context)
    except zeep.exceptions.Fault as fault:
        print("fault", fault.code.split(":")[-1], fault.message)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
