"""Tries a Rator endpoint with suds. What it calls and what it prints: ../README.md."""

import datetime
import sys

import suds.client
from suds.sax.date import FixedOffsetTimezone

import lines
import typed


class Client:
    """Calls one endpoint by the types of its WSDL. suds speaks SOAP 1.1 only."""

    def __init__(self, endpoint):
        # Without a cache no run reads the WSDL of another; with faults=False a fault
        # comes back like an answer, and each with its HTTP status.
        self.client = suds.client.Client(endpoint + "?wsdl", cache=None, faults=False)

    def value(self, type_name, key, value):
        dto = self.client.factory.create("{http://soap.CDRator.com/}%sValueDTO" % type_name)
        dto.key = key
        dto.value = value
        return dto

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
        request = {"hookpointKey": hookpoint, "values": [*values, context]}
        status, answer = self.client.service.executeMethod(request)
        lines.line(step + ".http", "int", int(status))
        lines.head(step, answer)
        values = getattr(answer, "values", [])
        lines.values(step, values)
        return values


def every_type(client):
    return (
        client.text("NAME", "Åse & <Øre> €"),
        client.text("NIL", None),
        client.text("EMPTY", ""),
        client.value("long", "ID", 9007199254740993),
        client.value("double", "PRICE", 12.5),
        client.value("date", "DOB", datetime.datetime(1980, 1, 31, tzinfo=FixedOffsetTimezone(1))),
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
    return next(dto.value for dto in values if dto.key == key)


def main(endpoint, username):
    client = Client(endpoint)
    client.call("echo11", "SIGNUP", *every_type(client))
    signup = client.call("signup", "SOAP_SIGNUP_CUSTOMER", *customer(client, username))
    number = member(member(signup, "ACCOUNT"), "CUSTOMER_NUMBER")
    client.call("profile", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", client.text("CUSTOMER_NUMBER", number))
    client.call("taken", "SOAP_SIGNUP_CUSTOMER", *customer(client, username))
    client.call("fault11", "SIGNUP", client.text("NAME", "x" * 70000))
    typed.main(endpoint, username + "-typed")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: client.py ENDPOINT USERNAME")
    main(sys.argv[1], sys.argv[2])
