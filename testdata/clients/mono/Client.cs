using System;
using System.Linq;
using System.Net;
using System.Web.Services.Protocols;
using Keyed;

namespace Keyed
{
    public partial class InvokerService
    {
        /// <summary>The status of the last answer.</summary>
        public int HttpStatus { get; private set; }

        protected override WebResponse GetWebResponse(WebRequest request)
        {
            var response = base.GetWebResponse(request);
            HttpStatus = (int)((HttpWebResponse)response).StatusCode;
            return response;
        }
    }
}

/// <summary>Tries a Rator endpoint with the proxies that wsdl.exe made from its WSDLs. What it calls and what it prints: ../README.md.</summary>
sealed class Client
{
    readonly InvokerService service;

    Client(string endpoint, SoapProtocolVersion version)
    {
        service = new InvokerService { Url = endpoint, SoapVersion = version };
    }

    /// <summary>Prints what came back as lines of the step, and gives the values of the answer; a fault has none.</summary>
    valueDTO[] Call(string step, string hookpoint, params valueDTO[] values)
    {
        var lines = new Lines(step);
        responseDTO answer;
        try
        {
            answer = service.executeMethod(new requestDTO { hookpointKey = hookpoint, values = values.Concat(new[] { Values.Context() }).ToArray() });
        }
        catch (SoapException fault)
        {
            lines.Number("http", service.HttpStatus);
            lines.Fault(fault);
            return new valueDTO[0];
        }
        lines.Number("http", service.HttpStatus);
        lines.Head(answer.errorCode, answer.errorMessage, answer.status);
        lines.Values(answer.values);
        return answer.values;
    }

    static valueDTO Member(valueDTO[] values, string key) { return values.First(dto => dto.key == key); }

    static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("usage: client ENDPOINT USERNAME");
            return 2;
        }
        string endpoint = args[0], username = args[1], tooLong = new string('x', 70000);
        var client = new Client(endpoint, SoapProtocolVersion.Soap11);
        var client12 = new Client(endpoint, SoapProtocolVersion.Soap12);

        client.Call("echo11", "SIGNUP", Values.EveryType());
        client12.Call("echo12", "SIGNUP", Values.EveryType());
        var signup = client.Call("signup", "SOAP_SIGNUP_CUSTOMER", Values.Customer(username));
        var account = (complexValueDTO)Member(signup, "ACCOUNT");
        var number = (stringValueDTO)Member(account.value, "CUSTOMER_NUMBER");
        client.Call("profile", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", Values.Text("CUSTOMER_NUMBER", number.value));
        client.Call("taken", "SOAP_SIGNUP_CUSTOMER", Values.Customer(username));
        client.Call("fault11", "SIGNUP", Values.Text("NAME", tooLong));
        client12.Call("fault12", "SIGNUP", Values.Text("NAME", tooLong));
        new TypedClient(endpoint).Run(username + "-typed");
        return 0;
    }
}
