using System;
using System.Linq;
using System.Web.Services.Protocols;
using Typed;

/// <summary>Calls two hookpoints by the proxy of their typed WSDL: what an answer begins with is its first members.</summary>
sealed class TypedClient
{
    readonly InvokerService service;

    public TypedClient(string endpoint) { service = new InvokerService { Url = endpoint }; }

    public void Run(string username)
    {
        var account = SignUp("typedSignup", username);
        var lines = new Lines("typedSignup");
        foreach (var group in account.BILLING_GROUPS)
        {
            lines.Value("BALANCE", "double", group.BALANCE);
            int i = 0;
            foreach (var line in group.SUBSCRIPTIONS.SelectMany(subscription => subscription.SERVICE))
                lines.Value("ORDER_ID[" + ++i + "]", "string", line.ORDER_ID);
        }
        var user = Read("typedUser", account.OWNER_ID);
        lines = new Lines("typedUser");
        lines.Text("FIRST_NAME", user.FIRST_NAME);
        lines.Value("BIRTHDAY", "date", user.BIRTHDAY);
        lines.Value("PERSONAL_ID_EXPIRY_DATE", "date", user.PERSONAL_ID_EXPIRY_DATESpecified ? (object)user.PERSONAL_ID_EXPIRY_DATE : null);
        lines.Value("CREDIT_LIMIT", "long", user.CREDIT_LIMIT);

        SignUp("typedTaken", username);
        Read("typedFault", new string('x', 70000));
    }

    SOAP_SIGNUP_CUSTOMERResponse_ACCOUNT SignUp(string step, string username)
    {
        string errorMessage, STATUS, REQUEST_ID;
        int status;
        SOAP_SIGNUP_CUSTOMERResponse_ACCOUNT account;
        SOAP_SIGNUP_CUSTOMERResponse_TRACE trace;
        int errorCode = service.SOAP_SIGNUP_CUSTOMER(
            SOAP_SIGNUP_CUSTOMERACCOUNT_TYPE.Item0, "POST_PAID",
            new SOAP_SIGNUP_CUSTOMER_USER {
                FIRST_NAME = "Åse & <Øre> €",
                LAST_NAME = "Ærlig",
                EMAIL = "aase@example.com",
                CITY = "Århus",
                ZIP = "8000",
                // A DateTime of no kind is written without a zone.
                BIRTHDAY = new DateTime(1980, 1, 31),
                BIRTHDAYSpecified = true,
                CREDIT_LIMIT = 9007199254740993,
                CREDIT_LIMITSpecified = true,
                USERNAME = username,
            },
            null, null, null,
            new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES {
                CDMA_SERVICE = new[] {
                    new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE { ORDER_ID = "1" },
                    new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE { ORDER_ID = "2" },
                },
            },
            null, null, null,
            new SOAP_SIGNUP_CUSTOMER_CONTEXT { LANGUAGE = "EN", OPERATOR = "demo", PASSWORD = "demo", BRAND_KEY = "DEMO" },
            out errorMessage, out status, out STATUS, out REQUEST_ID, out account, out trace);
        new Lines(step).Head(errorCode, errorMessage, status);
        return account;
    }

    SOAP_GET_USERResponse_USER Read(string step, string id)
    {
        string errorMessage, STATUS, REQUEST_ID;
        int status;
        SOAP_GET_USERResponse_USER user;
        SOAP_GET_USERResponse_TRACE trace;
        var context = new SOAP_GET_USER_CONTEXT { LANGUAGE = "EN", OPERATOR = "demo", PASSWORD = "demo", BRAND_KEY = "DEMO" };
        try
        {
            int errorCode = service.SOAP_GET_USER(id, context, out errorMessage, out status, out STATUS, out REQUEST_ID, out user, out trace);
            new Lines(step).Head(errorCode, errorMessage, status);
            return user;
        }
        catch (SoapException fault)
        {
            new Lines(step).Fault(fault);
            return null;
        }
    }
}
