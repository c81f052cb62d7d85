#!/usr/bin/env python3
"""Makes this fixture anew: make.py RATOR DEMO_TOML

RATOR is the binary of the version that is to have written the store. It is served with
a test clock; each request is asked once, the person of some is erased, and then each is
asked again: what it is answered then is what every later version is to answer.
"""
import gzip, http.client, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).parent
HOST = "kept.example"
SOAP11, SOAP12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
TOLD = ["Content-Type", "Idempotent-Replayed", "Location", "ETag", "Last-Modified"]
PATHS = {"2014": "/customerManagement", "v3": "/tmf-api/customerManagement/v3", "v4": "/tmf-api/customerManagement/v4"}
seen = {}  # name of a request -> body of its first answer


def context(request_id):
    keys = {"LANGUAGE": "EN", "OPERATOR": "demo", "PASSWORD": "demo", "BRAND_KEY": "DEMO"}
    if request_id:
        keys["REQUEST_ID"] = request_id
    return keys


def values(tree, tag):
    text = ""
    for key, value in tree.items():
        if isinstance(value, dict):
            text += f'<{tag} xsi:type="n:complexValueDTO"><key>{key}</key>{values(value, "value")}</{tag}>'
        else:
            text += f'<{tag} xsi:type="n:stringValueDTO"><key>{key}</key><value>{value}</value></{tag}>'
    return text


def members(tree):
    return "".join(f"<{k}>{members(v) if isinstance(v, dict) else v}</{k}>" for k, v in tree.items())


def soap(name, hookpoint, tree, by="context", typed=False):
    """A request of the SOAP face; by says where its id stands: context, message or header."""
    envelope, media, headers, soap_headers = SOAP11, "text/xml; charset=utf-8", {}, ""
    tree = {**tree, "CONTEXT": context(f"kept-2-{name}" if by == "context" else "")}
    if by == "message":
        envelope, media = SOAP12, "application/soap+xml; charset=utf-8"
        soap_headers = f'<e:Header><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">urn:kept-2-{name}</a:MessageID></e:Header>'
    if by == "header":
        headers["Idempotency-Key"] = f"kept-2-{name}"
    if typed:
        body = f"<n:{hookpoint}>{members(tree)}</n:{hookpoint}>"
    else:
        body = f'<n:executeMethod><arg0><hookpointKey>{hookpoint}</hookpointKey>{values(tree, "values")}</arg0></n:executeMethod>'
    text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<e:Envelope xmlns:e="{envelope}" xmlns:n="http://soap.CDRator.com/" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{soap_headers}<e:Body>{body}</e:Body></e:Envelope>')
    return name, "POST", "/workflow-soap/InvokerService", {"Content-Type": media, **headers}, text


def tmf(name, dialect, method, path, body=""):
    headers = {"Authorization": "Basic ZGVtbzpkZW1v", "Idempotency-Key": f"kept-2-{name}"}
    if body:
        headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
    return name, method, PATHS[dialect] + path, headers, body


def user(name):
    return {"FIRST_NAME": name, "LAST_NAME": "Kept", "CITY": "Denver", "ZIP": "80014", "EMAIL": f"{name.lower()}@example.org", "USERNAME": f"kept-{name.lower()}"}


def signup(name, who, **how):
    return soap(name, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", {"PRODUCT_CODE": "POST_PAID", "USER": user(who)}, **how)


def first(pattern, name):
    return re.search(pattern, seen[name]).group(1)


def of(name, key):
    """The first value of a key in a SOAP answer."""
    return first(rf"<key>{key}</key><value[^>]*>([^<]*)<", name)


def made(name):
    return first(r'"id":\s*"([^"]*)"', name)


def group():
    return first(r"BILLING_GROUPS.*?<key>ID</key><value[^>]*>(\d{18})<", "signup")


# In the order in which they are asked; a function, where it needs what came before.
REQUESTS = [
    lambda: signup("signup", "Aase"),
    lambda: soap("payment", "SOAP_SAVE_PAYMENT", {"BILLING_GROUP_ID": group(), "AMOUNT": "12.50", "PAYMENT_DATE": "2026-01-09T10:00:00", "TRANSACTION_ID": "T-1"}, by="message"),
    lambda: signup("typed", "Bo", typed=True),
    lambda: soap("create-user", "SOAP_CREATE_USER", {"ACCOUNT_ID": of("signup", "ID"), "USER": user("Cy")}, by="header"),
    lambda: signup("taken", "Aase"),
    lambda: soap("payment-typed", "SOAP_SAVE_PAYMENT", {"BILLING_GROUP_ID": group(), "AMOUNT": "3", "TRANSACTION_ID": "T-2"}, by="message", typed=True),
    lambda: tmf("customer-2014", "2014", "POST", "/customer", '{"name":"Dag Kept","contactMedium":[{"type":"Email","medium":{"emailAddress":"dag@example.org"}}]}'),
    lambda: tmf("customer-v3", "v3", "POST", "/customer", '{"name":"Eli Kept","engagedParty":{"id":"p1","@referredType":"Individual"},"colour":"blue"}'),
    lambda: tmf("customer-v4", "v4", "POST", "/customer", '{"name":"Finn Kept","engagedParty":{"id":"p2","@referredType":"Individual"}}'),
    lambda: tmf("account-pin", "2014", "POST", "/customerAccount", '{"name":"Dag\'s line","accountType":"private","pin":"4711","customer":{"id":"%s"}}' % made("customer-2014")),
    lambda: tmf("patch-2014", "2014", "PATCH", "/customer/" + made("customer-2014"), '{"description":"changed once"}'),
    lambda: tmf("patch-v3", "v3", "PATCH", "/customer/" + made("customer-v3"), '{"colour":"red"}'),
    lambda: tmf("refused-2014", "2014", "PATCH", "/customer/" + made("customer-2014"), '{"validFor":{"startDateTime":"never"}}'),
    lambda: tmf("refused-v3", "v3", "PATCH", "/customer/" + made("customer-v3"), '{"validFor":{"startDateTime":"never"}}'),
    lambda: tmf("absent-v4", "v4", "PATCH", "/customer/C202601100900000000", '{"name":"Nobody"}'),
    lambda: tmf("mean-2014", "2014", "POST", "/paymentMean", '{"name":"Dag\'s account","relatedParty":{"id":"%s"},"type":"BankAccountDebit","bankAccount":{"IBAN":"NO9386011117947","accountHolder":"Dag Kept"}}' % made("customer-2014")),
    lambda: tmf("delete-2014", "2014", "DELETE", "/paymentMean/" + made("mean-2014")),
    lambda: tmf("delete-v4", "v4", "DELETE", "/customer/" + made("customer-v4")),
    # Of persons who are erased.
    lambda: signup("hidden", "Hidden"),
    lambda: soap("hidden-close", "SOAP_CLOSE_ACCOUNT", {"ACCOUNT_ID": of("hidden", "ID")}),
    lambda: tmf("hidden-v4", "v4", "POST", "/customer", '{"name":"Hidden Too","engagedParty":{"id":"p3","@referredType":"Individual"}}'),
    lambda: tmf("hidden-v4-delete", "v4", "DELETE", "/customer/" + made("hidden-v4")),
]
LATER = [
    lambda: soap("erase", "SOAP_ERASE_PERSON", {"USER_ID": of("hidden", "OWNER_ID")}),
    lambda: soap("erase-v4", "SOAP_ERASE_PERSON", {"USER_ID": of("hidden-v4-account", "OWNER_ID")}),
]


class Server:
    def __init__(self, rator, store, *more):
        self.process = subprocess.Popen([rator, "serve", "--demo", "--listen", "127.0.0.1:0", "--store", store, "--time-zone", "Europe/Oslo",
                                         "--call-log", "off", *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = ""
        for line in self.process.stdout:
            lines += line
            found = re.search(r"http://(127\.0\.0\.1:\d+)/workflow-soap/InvokerService", line)
            if found:
                self.address = found.group(1)
                return
        raise SystemExit(lines)

    def ask(self, method, path, headers, body):
        c = http.client.HTTPConnection(self.address)
        c.request(method, path, body.encode() if body else None, {"Host": HOST, **headers})
        answer = c.getresponse()
        text = answer.read().decode()
        # The answer's own id is another each time.
        text = re.sub(r"(MessageID[^<>]*>)urn:uuid:[0-9a-f-]{36}", r"\1urn:uuid:another", text)
        return answer.status, {h: answer.headers[h] for h in TOLD if answer.headers[h]}, text

    def stop(self):
        self.process.terminate()
        self.process.wait()


def main(rator, demo):
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        store, catalogue = place / "kept.db", place / "catalogue.toml"
        catalogue.write_text(re.sub(r"(?m)^retention_days = 1825", "retention_days = 1", pathlib.Path(demo).read_text(), count=1))
        Server(rator, store, "--clock", "2026-01-10T09:00:00Z").stop()
        server = Server(rator, store, "--catalogue", str(catalogue))
        asked = []
        def run(requests):
            for make in requests:
                name, method, path, headers, body = make()
                status, told, text = server.ask(method, path, headers, body)
                seen[name] = text
                print(status, name, *re.findall(r"<errorMessage>([^<]+)<", text), text if status >= 300 else "")
                asked.append((name, method, path, headers, body))
        run(REQUESTS)
        _, _, seen["hidden-v4-account"] = server.ask(*soap("look", "SOAP_GET_ACCOUNT", {"ACCOUNT_ID": made("hidden-v4")[1:]}, by="")[1:])
        server.stop()
        subprocess.run([rator, "clock", "advance", "3", "days", "--store", str(store)], check=True)
        server = Server(rator, store, "--catalogue", str(catalogue))  # --demo takes its own again
        run(LATER)
        for old in HERE.glob("*.request"):
            old.unlink()
        for old in HERE.glob("*.answer"):
            old.unlink()
        for n, (name, method, path, headers, body) in enumerate(asked):
            status, told, text = server.ask(method, path, headers, body)
            if text != seen[name]:
                print("answered otherwise when it is asked again:", name)
            stem = f"{n + 1:02}-{name}"
            lines = lambda first, headers: first + "\n" + "".join(f"{k}: {v}\n" for k, v in headers.items()) + "\n"
            (HERE / f"{stem}.request").write_text(lines(f"{method} {path}", headers) + body)
            (HERE / f"{stem}.answer").write_text(lines(str(status), told) + text)
        server.stop()
        packed = place / "packed.db"
        subprocess.run([rator, "backup", str(packed), "--store", str(store)], check=True)
        with gzip.GzipFile(HERE / "store.db.gz", "wb", compresslevel=9, mtime=0) as z:
            z.write(packed.read_bytes())
        shutil.copy(str(store) + ".pin-key", HERE / "store.pin-key")


if __name__ == "__main__":
    main(*sys.argv[1:])
