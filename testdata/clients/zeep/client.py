"""Tries a Rator endpoint with zeep. What it calls and what it prints: ../README.md."""

import datetime
import sys

import requests
import zeep
from zeep.transports import Transport
from zeep.wsdl.bindings import Soap12Binding

import lines
import typed


class Client:
    """Calls one endpoint in one version of SOAP, through the port its WSDL has for it."""

    def __init__(self, endpoint, soap12=False):
        self.http_status = None
        session = requests.Session()
        session.hooks["response"].append(self._keep_status)
        wsdl = endpoint + ("?wsdl=1.2" if soap12 else "?wsdl")
        self.client = zeep.Client(wsdl, transport=Transport(session=session))
        service = self.client.wsdl.services["InvokerService"]
        port = next(p for p in service.ports.values() if isinstance(p.binding, Soap12Binding) == soap12)
        self.service = self.client.bind(service.name, port.name)
        self.dto = {
            name: self.client.get_type("{http://soap.CDRator.com/}%sValueDTO" % name) for name in lines.DTO_NAMES
        }

    def _keep_status(self, response, **_):
        self.http_status = response.status_code

    def value(self, type_name, key, value):
        return self.dto[type_name](key=key, value=value)

    def text(self, key, value):
        return self.value("string", key, value)

    def complex(self, key, *values):
        return self.value("complex", key, list(values))

    def call(self, step, hookpoint, *values):
        """Prints what came back as lines of the step, and gives the values of the answer."""
        context = self.complex(
            "CONTEXT",
            self.text("LANGUAGE", "EN"),
            self.text("OPERATOR", "demo"),
            self.text("PASSWORD", "demo"),
            self.text("BRAND_KEY", "DEMO"),
        )
        try:
            answer = self.service.executeMethod({"hookpointKey": hookpoint, "values": [*values, context]})
        except zeep.exceptions.Fault as fault:
            lines.line(step + ".http", "int", self.http_status)
            lines.fault(step, fault)
            return []
        lines.line(step + ".http", "int", self.http_status)
        lines.head(step, answer)
        lines.values(step, answer["values"])
        return answer["values"]


def every_type(client):
    zone = datetime.timezone(datetime.timedelta(hours=1))
    return (
        client.text("NAME", "Åse & <Øre> €"),
        client.text("NIL", None),
        client.text("EMPTY", ""),
        client.value("long", "ID", 9007199254740993),
        client.value("double", "PRICE", 12.5),
        client.value("date", "DOB", datetime.datetime(1980, 1, 31, tzinfo=zone)),
        client.value("boolean", "OK", True),
        client.complex(
            "INNER",
            client.value("long", "ID", 9007199254740993),
            client.text("LEAF", "one"),
            client.text("LEAF", "two"),
        ),
    )


def customer(client, username):
    return (
        client.text("ACCOUNT_TYPE", "0"),
        client.text("PRODUCT_CODE", "POST_PAID"),
        client.complex(
            "USER",
            client.text("FIRST_NAME", "Åse & <Øre> €"),
            client.text("LAST_NAME", "Ærlig"),
            client.text("EMAIL", "aase@example.com"),
            client.text("CITY", "Århus"),
            client.text("ZIP", "8000"),
            client.text("USERNAME", username),
            client.text("PASSWORD", "correct horse battery"),
        ),
    )


def member(values, key):
    return next(v.value for v in values if v.key == key)


def main(endpoint, username):
    client = Client(endpoint)
    client12 = Client(endpoint, soap12=True)
    client.call("echo11", "SIGNUP", *every_type(client))
    client12.call("echo12", "SIGNUP", *every_type(client12))
    signup = client.call("signup", "SOAP_SIGNUP_CUSTOMER", *customer(client, username))
    number = member(member(signup, "ACCOUNT"), "CUSTOMER_NUMBER")
    client.call("profile", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", client.text("CUSTOMER_NUMBER", number))
    client.call("taken", "SOAP_SIGNUP_CUSTOMER", *customer(client, username))
    too_long = "x" * 70000
    client.call("fault11", "SIGNUP", client.text("NAME", too_long))
    client12.call("fault12", "SIGNUP", client12.text("NAME", too_long))
    typed.main(endpoint, username + "-typed")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: client.py ENDPOINT USERNAME")
    main(sys.argv[1], sys.argv[2])
