# Calls SOAP_SIGNUP_CUSTOMER by its typed WSDL; prints some of the answer.
import sys
import zeep

client = zeep.Client(sys.argv[1])
answer = client.service.SOAP_SIGNUP_CUSTOMER(
    ACCOUNT_TYPE="0",
    PRODUCT_CODE="POST_PAID",
    USER={"FIRST_NAME": "Åse & <Øre> €", "EMAIL": "ase@example.com", "CREDIT_LIMIT": 9007199254740993},
    SIGNUP_SERVICES={"CDMA_SERVICE": [
        {"PRODUCT_OPTION_IDS": {"PRODUCT_OPTION_ID": ["201401020304051234", "201401020304051235"]}, "ORDER_ID": "1"},
        {"ORDER_ID": "2"},
    ]},
    CONTEXT={"OPERATOR": "demo", "LANGUAGE": "EN"},
)
print("errorCode", answer.errorCode)
print("status", answer.status)
print("STATUS", answer.STATUS)
for group in answer.ACCOUNT.BILLING_GROUPS.BILLING_GROUP:
    print("BALANCE", group.BALANCE)
