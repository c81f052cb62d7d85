using System;
using System.Linq;
using Keyed;

/// <summary>
/// Signs up, reserves, reads back by national spelling, pays and ends on days that have no zone, in the brands of
/// testdata/soap/two-brands. Prints what came back, a line each.
/// </summary>
sealed class Brands
{
    readonly InvokerService service;
    readonly string brand;

    Brands(InvokerService service, string brand)
    {
        this.service = service;
        this.brand = brand;
    }

    /// <summary>Takes a number to sign up with, the same otherwise spelled, and a number to reserve.</summary>
    void Live(string number, string spelled, string reserved)
    {
        var account = Member(Call("SOAP_SIGNUP_CUSTOMER",
            Values.Text("ACCOUNT_TYPE", "0"),
            Values.Text("PRODUCT_CODE", "LINE"),
            Values.Complex("USER",
                Values.Text("FIRST_NAME", "Åse"),
                Values.Text("LAST_NAME", "Ærlig"),
                Values.Text("CITY", "Århus"),
                Values.Text("ZIP", "8000"),
                Values.Text("EMAIL", "aase@example.com"),
                Day("BIRTHDAY", new DateTime(1990, 5, 6)),
                Values.Text("USERNAME", "aase")),
            Values.Complex("SIGNUP_SERVICES", Values.Complex("CDMA_SERVICE", Values.Text("MSISDN", number)))), "ACCOUNT");
        var group = Member(account, "BILLING_GROUPS", "BILLING_GROUP");
        var groupID = Values.Text("BILLING_GROUP_ID", Text(group, "ID"));
        var line = Values.Text("SUBSCRIPTION_ID", Text(Member(group, "SUBSCRIPTIONS", "SUBSCRIPTION"), "ID"));
        Call("SOAP_ACTIVATE_SUBSCRIPTION", line);
        var user = Member(Call("SOAP_GET_USER", Values.Text("USER_ID", Text(account, "OWNER_ID"))), "USER");
        Say("birthday", Moment(user, "BIRTHDAY"));
        Say("reserved", Text(Call("SOAP_RESERVE_NUMBER", Values.Text("SERIES_CODE", "SERIES"), Values.Text("MSISDN", reserved)), "MSISDN"));
        var profile = Call("SOAP_GET_WEB_USER_PROFILE_INTERNAL", Values.Text("PHONE_NUMBER", spelled));
        Say("found", Text(Member(profile, "USERS", "USER"), "FIRST_NAME"));

        Call("SOAP_SAVE_PAYMENT", groupID, new doubleValueDTO { key = "AMOUNT", value = 150.25, valueSpecified = true },
            Day("PAYMENT_DATE", new DateTime(2026, 1, 2, 12, 0, 0)));
        Say("paid", Moment(Member(Call("SOAP_GET_TRANSACTIONS", groupID), "TRANSACTIONS", "TRANSACTION"), "DATE"));
        var end = Call("SOAP_TERMINATE_SUBSCRIPTION", line, Day("TERMINATION_DATE", new DateTime(2026, 1, 3)));
        Say("ends", Moment(Member(end, "SUBSCRIPTION_TERMINATION"), "TERMINATION_DATE"));
    }

    void Say(string name, string value) { Console.WriteLine(brand + "." + name + " " + value); }

    valueDTO[] Call(string hookpoint, params valueDTO[] values)
    {
        var answer = service.executeMethod(new requestDTO { hookpointKey = hookpoint, values = values.Concat(new[] { Values.Context(brand) }).ToArray() });
        if (answer.errorCode != 0) throw new InvalidOperationException(hookpoint + ": " + answer.errorCode + " " + answer.errorMessage);
        return answer.values;
    }

    /// <summary>A date of no kind, which .NET writes without a zone.</summary>
    static valueDTO Day(string key, DateTime day) { return new dateValueDTO { key = key, value = day, valueSpecified = true }; }

    static valueDTO[] Member(valueDTO[] values, params string[] path)
    {
        foreach (var key in path) values = ((complexValueDTO)values.First(dto => dto.key == key)).value;
        return values;
    }

    static string Text(valueDTO[] values, string key) { return ((stringValueDTO)values.First(dto => dto.key == key)).value; }

    static string Moment(valueDTO[] values, string key)
    {
        var date = ((dateValueDTO)values.First(dto => dto.key == key)).value;
        return date.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ");
    }

    static void Main(string[] args)
    {
        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        var service = new InvokerService { Url = args[0] };
        new Brands(service, "FJELL").Live("(720) 555-0123", "1-720-555-0123", "720 555 0007");
        new Brands(service, "FJORD").Live("990 00 123", "00 47 99000123", "99 00 00 07");
    }
}
