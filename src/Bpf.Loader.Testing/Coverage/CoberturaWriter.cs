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
    public static void Write(TextWriter writer, IReadOnlyList<BpfFileCoverage> files, string sourceRoot)
    {
        using var xml = XmlWriter.Create(writer, new XmlWriterSettings { Indent = true });
        BpfLineCoverage[] all = [.. files.SelectMany(static file => file.Lines)];
        xml.WriteStartDocument();
        xml.WriteDocType("coverage", null, "http://cobertura.sourceforge.net/xml/coverage-04.dtd", null);
        xml.WriteStartElement("coverage");
        WriteRates(xml, all);
        xml.WriteAttributeString("lines-covered", Text(all.Count(static line => line.Hits > 0)));
        xml.WriteAttributeString("lines-valid", Text(all.Length));
        xml.WriteAttributeString("branches-covered", Text(all.Sum(static line => line.BranchesTaken)));
        xml.WriteAttributeString("branches-valid", Text(all.Sum(static line => line.Branches)));
        xml.WriteAttributeString("complexity", "0");
        xml.WriteAttributeString("version", "1");
        xml.WriteAttributeString("timestamp", Text(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        xml.WriteStartElement("sources");
        xml.WriteElementString("source", sourceRoot);
        xml.WriteEndElement();
        xml.WriteStartElement("packages");
        xml.WriteStartElement("package");
        xml.WriteAttributeString("name", "bpf");
        WriteRates(xml, all);
        xml.WriteAttributeString("complexity", "0");
        xml.WriteStartElement("classes");
        foreach (BpfFileCoverage file in files) WriteFile(xml, file);
        xml.WriteEndDocument();
    }

    private static void WriteFile(XmlWriter xml, BpfFileCoverage file)
    {
        xml.WriteStartElement("class");
        xml.WriteAttributeString("name", Path.GetFileNameWithoutExtension(file.FileName));
        xml.WriteAttributeString("filename", file.FileName);
        WriteRates(xml, file.Lines);
        xml.WriteAttributeString("complexity", "0");
        xml.WriteStartElement("methods");
        foreach (IGrouping<string, BpfLineCoverage> function in file.Lines.GroupBy(static line => line.Function))
        {
            xml.WriteStartElement("method");
            xml.WriteAttributeString("name", function.Key);
            xml.WriteAttributeString("signature", "()");
            WriteRates(xml, [.. function]);
            xml.WriteAttributeString("complexity", "0");
            WriteLines(xml, function);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        WriteLines(xml, file.Lines);
        xml.WriteEndElement();
    }

    private static void WriteLines(XmlWriter xml, IEnumerable<BpfLineCoverage> lines)
    {
        xml.WriteStartElement("lines");
        foreach (BpfLineCoverage line in lines)
        {
            xml.WriteStartElement("line");
            xml.WriteAttributeString("number", Text(line.Line));
            xml.WriteAttributeString("hits", Text(line.Hits));
            xml.WriteAttributeString("branch", line.Branches > 0 ? "true" : "false");
            if (line.Branches > 0)
                xml.WriteAttributeString("condition-coverage", string.Create(CultureInfo.InvariantCulture, $"{line.BranchesTaken * 100 / line.Branches}% ({line.BranchesTaken}/{line.Branches})"));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteRates(XmlWriter xml, IReadOnlyList<BpfLineCoverage> lines)
    {
        xml.WriteAttributeString("line-rate", Rate(lines.Count(static line => line.Hits > 0), lines.Count));
        xml.WriteAttributeString("branch-rate", Rate(lines.Sum(static line => line.BranchesTaken), lines.Sum(static line => line.Branches)));
    }

    private static string Rate(int covered, int valid) => (valid == 0 ? 1.0 : (double)covered / valid).ToString("0.####", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
