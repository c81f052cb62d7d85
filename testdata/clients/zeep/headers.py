"""Calls an endpoint with zeep's UsernameToken and WS-Addressing plug-in. Prints what came back, a line each:
the errorCode, or the fault's code, and what the answer relates to."""

import datetime
import sys

import zeep
from zeep.plugins import HistoryPlugin
from zeep.wsa import WsAddressingPlugin
from zeep.wsse import utils
from zeep.wsse.username import UsernameToken

WSA = "{http://www.w3.org/2005/08/addressing}"


def stamp(seconds):
    """A Timestamp that was made a minute ago and lasts to so many seconds from now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    timestamp = utils.WSU.Timestamp()
    for name, at in (("Created", now - datetime.timedelta(seconds=60)), ("Expires", now + datetime.timedelta(seconds=seconds))):
        timestamp.append(getattr(utils.WSU, name)(at.strftime("%Y-%m-%dT%H:%M:%SZ")))
    return timestamp


def call(name, wsdl, *plugins, **options):
    history = HistoryPlugin()
    client = zeep.Client(wsdl, plugins=[*plugins, history], **options)
    values = [client.get_type("{http://soap.CDRator.com/}stringValueDTO")(key="NAME", value="Åse")]
    if "wsse" not in options:
        text = client.get_type("{http://soap.CDRator.com/}stringValueDTO")
        context = client.get_type("{http://soap.CDRator.com/}complexValueDTO")
        values.append(context(key="CONTEXT", value=[text(key="OPERATOR", value="demo"), text(key="PASSWORD", value="demo")]))
    try:
        said = client.service.executeMethod({"hookpointKey": "SIGNUP", "values": values}).errorCode
    except zeep.exceptions.Fault as fault:
        said = (fault.subcodes[-1].localname if getattr(fault, "subcodes", None) else fault.code).split(":")[-1]
    sent, got = history.last_sent["envelope"], history.last_received["envelope"]
    related = got.findtext(".//" + WSA + "RelatesTo") in [e.text for e in sent.iter(WSA + "MessageID")]
    print(name, said, "related" if related else "unrelated", got.findtext(".//" + WSA + "Action"))


def main(endpoint):
    for wsdl, version in ((endpoint + "?wsdl", "11"), (endpoint + "?wsdl=1.2", "12")):
        call("addressing" + version, wsdl)
        call("plugin" + version, wsdl, WsAddressingPlugin())  # zeep adds it unasked: each header is there twice
        call("token" + version, wsdl, wsse=UsernameToken("demo", "demo"))
        call("wrong" + version, wsdl, wsse=UsernameToken("demo", "wrong"))
        call("timestamp" + version, wsdl, wsse=UsernameToken("demo", "demo", timestamp_token=stamp(60)))
        call("expired" + version, wsdl, wsse=UsernameToken("demo", "demo", timestamp_token=stamp(-30)))
        call("digest" + version, wsdl, wsse=UsernameToken("demo", "demo", use_digest=True))


if __name__ == "__main__":
    main(sys.argv[1])
