# Calls executeMethod with one value of each type; prints the answer's values by path.
import datetime
import sys
import zeep

client = zeep.Client(sys.argv[1])
make = client.type_factory("http://soap.CDRator.com/")
answer = client.service.executeMethod(make.requestDTO(hookpointKey="SOAP_SIGNUP_CUSTOMER", values=[
    make.stringValueDTO(key="TEXT", value="Åse & <Øre> €"),
    make.longValueDTO(key="LONG", value=9007199254740993),
    make.doubleValueDTO(key="DOUBLE", value=12.5),
    make.floatValueDTO(key="FLOAT", value=0.5),
    make.booleanValueDTO(key="BOOLEAN", value=True),
    make.dateValueDTO(key="DATE", value=datetime.datetime(2014, 12, 9, 10, 11, 12)),
    make.complexValueDTO(key="CONTEXT", value=[make.stringValueDTO(key="OPERATOR", value="demo")]),
]))


def show(path, values):
    for value in values:
        if isinstance(value.value, list):
            show(path + value.key + "/", value.value)
        else:
            print(path + value.key, value.value)


print("errorCode", answer.errorCode)
print("status", answer.status)
show("", answer["values"])
