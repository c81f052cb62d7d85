"""Calls two hookpoints by the stubs of their typed WSDL."""

import datetime

import suds.client

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
            # suds writes a datetime without a zone as it is, without one.
            "BIRTHDAY": datetime.datetime(1980, 1, 31),
            "CREDIT_LIMIT": 9007199254740993,
            "USERNAME": username,
        },
        SIGNUP_SERVICES={"CDMA_SERVICE": [{"ORDER_ID": "1"}, {"ORDER_ID": "2"}]},
        CONTEXT=CONTEXT,
    )


def main(endpoint, username):
    wsdl = endpoint + "?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER"
    service = suds.client.Client(wsdl, cache=None, faults=False).service

    _, answer = service.SOAP_SIGNUP_CUSTOMER(**customer(username))
    lines.head("typedSignup", answer)
    for group in answer.ACCOUNT.BILLING_GROUPS.BILLING_GROUP:
        lines.line("typedSignup.BALANCE", "double", group.BALANCE)
        services = [s for line in group.SUBSCRIPTIONS.SUBSCRIPTION for s in line.SERVICE]
        for i, s in enumerate(services):
            lines.line("typedSignup.ORDER_ID[%d]" % (i + 1), "string", s.ORDER_ID)

    owner = answer.ACCOUNT.OWNER_ID
    _, answer = service.SOAP_GET_USER(USER_ID=owner, CONTEXT=CONTEXT)
    lines.head("typedUser", answer)
    lines.line("typedUser.FIRST_NAME", "string", answer.USER.FIRST_NAME)
    lines.line("typedUser.BIRTHDAY", "date", answer.USER.BIRTHDAY)
    lines.line("typedUser.PERSONAL_ID_EXPIRY_DATE", "date", getattr(answer.USER, "PERSONAL_ID_EXPIRY_DATE", None))
    lines.line("typedUser.CREDIT_LIMIT", "long", answer.USER.CREDIT_LIMIT)

    _, answer = service.SOAP_SIGNUP_CUSTOMER(**customer(username))
    lines.head("typedTaken", answer)
    _, answer = service.SOAP_GET_USER(USER_ID="x" * 70000, CONTEXT=CONTEXT)
    lines.head("typedFault", answer)
