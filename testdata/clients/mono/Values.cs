using System;
using Keyed;

/// <summary>What the client sends.</summary>
static class Values
{
    public static valueDTO[] EveryType()
    {
        return new valueDTO[] {
            Text("NAME", "Åse & <Øre> €"),
            Text("NIL", null),
            Text("EMPTY", ""),
            // Without its xxxSpecified a member is not sent, whatever is in it.
            new longValueDTO { key = "ID", value = 9007199254740993, valueSpecified = true },
            new doubleValueDTO { key = "PRICE", value = 12.5, valueSpecified = true },
            new dateValueDTO { key = "DOB", value = new DateTime(1980, 1, 30, 23, 0, 0, DateTimeKind.Utc), valueSpecified = true },
            new booleanValueDTO { key = "OK", value = true, valueSpecified = true },
            Complex("INNER",
                new longValueDTO { key = "ID", value = 9007199254740993, valueSpecified = true },
                Text("LEAF", "one"),
                Text("LEAF", "two")),
        };
    }

    public static valueDTO[] Customer(string username)
    {
        return new[] {
            Text("ACCOUNT_TYPE", "0"),
            Text("PRODUCT_CODE", "POST_PAID"),
            Complex("USER",
                Text("FIRST_NAME", "Åse & <Øre> €"),
                Text("LAST_NAME", "Ærlig"),
                Text("EMAIL", "aase@example.com"),
                Text("CITY", "Århus"),
                Text("ZIP", "8000"),
                Text("USERNAME", username),
                Text("PASSWORD", "correct horse battery")),
        };
    }

    public static valueDTO Context(string brand = "DEMO")
    {
        return Complex("CONTEXT", Text("LANGUAGE", "EN"), Text("OPERATOR", "demo"), Text("PASSWORD", "demo"), Text("BRAND_KEY", brand));
    }

    public static valueDTO Text(string key, string value)
    {
        return new stringValueDTO { key = key, value = value };
    }

    public static valueDTO Complex(string key, params valueDTO[] children)
    {
        return new complexValueDTO { key = key, value = children };
    }
}
