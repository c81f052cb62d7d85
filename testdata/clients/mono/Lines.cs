using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Web.Services.Protocols;
using Keyed;

/// <summary>Prints an answer as the lines of one step, "step.KEY type value", in the form ../README.md lays down for all clients.</summary>
sealed class Lines
{
    static readonly TextWriter Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };

    readonly string step;

    public Lines(string step) { this.step = step; }

    public void Number(string name, int value) { Line(step + "." + name, "int", value); }

    public void Text(string name, string value) { Line(step + "." + name, "string", value); }

    /// <summary>What every answer begins with.</summary>
    public void Head(int errorCode, string errorMessage, int status)
    {
        Number("errorCode", errorCode);
        Text("errorMessage", errorMessage);
        Number("status", status);
    }

    public void Fault(SoapException fault)
    {
        Text("faultcode", fault.Code.Name);
        Text("faultstring", fault.Message);
    }

    public void Value(string name, string type, object value) { Line(step + "." + name, type, value); }

    public void Values(valueDTO[] values) { Values(step, values); }

    static void Values(string path, valueDTO[] values)
    {
        var count = values.GroupBy(dto => dto.key).ToDictionary(same => same.Key, same => same.Count());
        var seen = new Dictionary<string, int>();
        foreach (var dto in values)
        {
            string name = path + "." + dto.key;
            if (count[dto.key] > 1)
            {
                int before;
                seen.TryGetValue(dto.key, out before);
                seen[dto.key] = before + 1;
                name += "[" + seen[dto.key] + "]";
            }
            Value(name, dto);
        }
    }

    static void Value(string name, valueDTO dto)
    {
        var complex = dto as complexValueDTO;
        if (complex != null && complex.value != null)
        {
            Values(name, complex.value);
            return;
        }
        // Each of the other types has a member of its own that is called value.
        var member = dto.GetType().GetProperty("value");
        string type = dto.GetType().Name.Replace("ValueDTO", "");
        Line(name, member == null ? "untyped" : type, member == null ? null : member.GetValue(dto, null));
    }

    static void Line(string name, string type, object value)
    {
        Out.WriteLine(name + " " + type + " " + (type == "complex" ? "{}" : Shown(value)));
    }

    static string Shown(object value)
    {
        if (value == null) return "null";
        if (value is string) return Quoted((string)value);
        if (value is bool) return (bool)value ? "true" : "false";
        if (value is DateTime) return ((DateTime)value).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
    }

    static string Quoted(string text)
    {
        return '"' + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + '"';
    }
}
