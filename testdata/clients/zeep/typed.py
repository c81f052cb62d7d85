"""Calls two hookpoints by the stubs of their typed WSDL, with named members."""

import datetime

import zeep

import lines

CONTEXT = {"OPERATOR": "demo", "PASSWORD": "demo", "LANGUAGE": "EN", "BRAND_KEY": "DEMO"}


def customer(username):
    return dict(
        ACCOUNT_TYPE="0",
        PRODUCT_CODE="POST_PAID",
        USER={
            "FIRST_NAME": "Åse & <Øre> €",
            "LAST_NAME": "Ærlig",
            "EMAIL": "aase@example.com",
            "CITY": "Århus",
            "ZIP": "8000",
            "BIRTHDAY": datetime.datetime(1980, 1, 31),
            "CREDIT_LIMIT": 9007199254740993,
            "USERNAME": username,
        },
        SIGNUP_SERVICES={"CDMA_SERVICE": [{"ORDER_ID": "1"}, {"ORDER_ID": "2"}]},
        CONTEXT=CONTEXT,
    )


def main(endpoint, username):
    service = zeep.Client(endpoint + "?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER").service

    answer = service.SOAP_SIGNUP_CUSTOMER(**customer(username))
    lines.head("typedSignup", answer)
    for group in answer.ACCOUNT.BILLING_GROUPS.BILLING_GROUP:
        lines.line("typedSignup.BALANCE", "double", group.BALANCE)
        services = [s for line in group.SUBSCRIPTIONS.SUBSCRIPTION for s in line.SERVICE]
        for i, s in enumerate(services):
            lines.line("typedSignup.ORDER_ID[%d]" % (i + 1), "string", s.ORDER_ID)

    answer = service.SOAP_GET_USER(USER_ID=answer.ACCOUNT.OWNER_ID, CONTEXT=CONTEXT)
    lines.head("typedUser", answer)
    lines.line("typedUser.FIRST_NAME", "string", answer.USER.FIRST_NAME)
    lines.line("typedUser.BIRTHDAY", "date", answer.USER.BIRTHDAY)
    lines.line("typedUser.PERSONAL_ID_EXPIRY_DATE", "date", answer.USER.PERSONAL_ID_EXPIRY_DATE)
    lines.line("typedUser.CREDIT_LIMIT", "long", answer.USER.CREDIT_LIMIT)

    lines.head("typedTaken", service.SOAP_SIGNUP_CUSTOMER(**customer(username)))
    try:
        service.SOAP_GET_USER(USER_ID="x" * 70000, CONTEXT=CONTEXT)
    except zeep.exceptions.Fault as fault:
        lines.fault("typedFault", fault)
