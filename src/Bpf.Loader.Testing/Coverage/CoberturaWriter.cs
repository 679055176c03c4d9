using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>Writes coverage in the format of Cobertura 4 (<c>coverage-04.dtd</c>): a class is a file of C, a method a function.</summary>
internal static class CoberturaWriter
{
    /// <summary>The name of the package that the files of C are in.</summary>
    public const string Package = "bpf";

    /// <summary>The definition of the format.</summary>
    public const string DocumentType = "http://cobertura.sourceforge.net/xml/coverage-04.dtd";

    public static void Write(TextWriter writer, CoverageReport report, string sourceRoot)
    {
        using var xml = XmlWriter.Create(writer, new XmlWriterSettings { Indent = true });
        CoveredLine[] all = [.. report.Files.Values.SelectMany(static lines => lines.Values)];
        xml.WriteStartDocument();
        xml.WriteDocType("coverage", null, DocumentType, null);
        xml.WriteStartElement("coverage");
        WriteRates(xml, all);
        xml.WriteAttributeString("lines-covered", Text(all.Count(static line => line.Hits > 0)));
        xml.WriteAttributeString("lines-valid", Text(all.Length));
        xml.WriteAttributeString("branches-covered", Text(all.Sum(static line => line.WaysGone)));
        xml.WriteAttributeString("branches-valid", Text(all.Sum(static line => line.Ways.Count)));
        xml.WriteAttributeString("complexity", "0");
        xml.WriteAttributeString("version", "1");
        xml.WriteAttributeString("timestamp", Text(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        xml.WriteStartElement("sources");
        xml.WriteElementString("source", sourceRoot);
        xml.WriteEndElement();
        xml.WriteStartElement("packages");
        xml.WriteStartElement("package");
        xml.WriteAttributeString("name", Package);
        WriteRates(xml, all);
        xml.WriteAttributeString("complexity", "0");
        xml.WriteStartElement("classes");
        foreach ((string name, SortedDictionary<int, CoveredLine> lines) in report.Files) WriteFile(xml, name, lines);
        xml.WriteEndDocument();
    }

    private static void WriteFile(XmlWriter xml, string name, SortedDictionary<int, CoveredLine> lines)
    {
        xml.WriteStartElement("class");
        xml.WriteAttributeString("name", Path.GetFileNameWithoutExtension(name));
        xml.WriteAttributeString("filename", name);
        WriteRates(xml, lines.Values);
        xml.WriteAttributeString("complexity", "0");
        xml.WriteStartElement("methods");
        foreach (IGrouping<string, KeyValuePair<int, CoveredLine>> function in lines.GroupBy(static line => line.Value.Function))
        {
            xml.WriteStartElement("method");
            xml.WriteAttributeString("name", function.Key);
            xml.WriteAttributeString("signature", "()");
            WriteRates(xml, [.. function.Select(static line => line.Value)]);
            xml.WriteAttributeString("complexity", "0");
            WriteLines(xml, function);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        WriteLines(xml, lines);
        xml.WriteEndElement();
    }

    private static void WriteLines(XmlWriter xml, IEnumerable<KeyValuePair<int, CoveredLine>> lines)
    {
        xml.WriteStartElement("lines");
        foreach ((int number, CoveredLine line) in lines)
        {
            xml.WriteStartElement("line");
            xml.WriteAttributeString("number", Text(number));
            xml.WriteAttributeString("hits", Text(line.Hits));
            xml.WriteAttributeString("branch", line.Ways.Count > 0 ? "true" : "false");
            if (line.Ways.Count > 0) WriteConditions(xml, line);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    // Each way by its number, so that another run can add those that it went.
    private static void WriteConditions(XmlWriter xml, CoveredLine line)
    {
        int gone = line.WaysGone;
        xml.WriteAttributeString("condition-coverage", string.Create(CultureInfo.InvariantCulture, $"{gone * 100 / line.Ways.Count}% ({gone}/{line.Ways.Count})"));
        xml.WriteStartElement("conditions");
        foreach ((int number, bool isGone) in line.Ways)
        {
            xml.WriteStartElement("condition");
            xml.WriteAttributeString("number", Text(number));
            xml.WriteAttributeString("type", "jump");
            xml.WriteAttributeString("coverage", isGone ? "100%" : "0%");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteRates(XmlWriter xml, IReadOnlyCollection<CoveredLine> lines)
    {
        xml.WriteAttributeString("line-rate", Rate(lines.Count(static line => line.Hits > 0), lines.Count));
        xml.WriteAttributeString("branch-rate", Rate(lines.Sum(static line => line.WaysGone), lines.Sum(static line => line.Ways.Count)));
    }

    private static string Rate(int covered, int valid) => (valid == 0 ? 1.0 : (double)covered / valid).ToString("0.####", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
