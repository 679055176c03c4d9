using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>Reads what <see cref="CoberturaWriter"/> wrote.</summary>
internal static class CoberturaReader
{
    // How each report begins, line ends left out.
    private const string Begin = "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE coverage SYSTEM \"" + CoberturaWriter.DocumentType + "\"><coverage ";

    /// <summary>Reads a report.</summary>
    /// <param name="stream">The file.</param>
    /// <returns>Null when it is one that was not written to its end, or is empty.</returns>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static CoverageReport? TryRead(Stream stream)
    {
        if (stream.Length == 0) return null;
        bool isReport = false;
        try
        {
            using var xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CloseInput = false });
            xml.MoveToContent();
            isReport = xml.Name == "coverage";
            return isReport ? Read(xml) : throw new InvalidDataException($"Its root is <{xml.Name}>.");
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            return isReport || IsBegun(stream) ? null : throw new InvalidDataException(e.Message, e);
        }
    }

    // A report that ends before its root is open is no XML at all.
    private static bool IsBegun(Stream stream)
    {
        byte[] bytes = new byte[Begin.Length];
        stream.Position = 0;
        string text = Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).ReplaceLineEndings("");
        return Begin.StartsWith(text, StringComparison.Ordinal);
    }

    // A line is read where its function has it; the file has it once more.
    private static CoverageReport Read(XmlReader xml)
    {
        var report = new CoverageReport();
        string file = "", function = "";
        CoveredLine? line = null;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.Name == "methods") function = "";
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.Name)
            {
                case "package" when xml.GetAttribute("name") != CoberturaWriter.Package:
                    throw new InvalidDataException($"Its package '{xml.GetAttribute("name")}' is not of BPF programs.");
                case "class":
                    (file, function) = (xml.GetAttribute("filename") ?? "", "");
                    break;
                case "method":
                    function = xml.GetAttribute("name") ?? "";
                    break;
                case "line":
                    line = null;
                    if (function.Length == 0) break;
                    line = report.Line(file, (int)Number(xml, "number"), function);
                    line.Hits += Number(xml, "hits");
                    break;
                case "condition":
                    line?.AddWay((int)Number(xml, "number"), xml.GetAttribute("coverage") == "100%");
                    break;
            }
        }

        return report;
    }

    private static long Number(XmlReader xml, string attribute) => long.Parse(xml.GetAttribute(attribute) ?? "", NumberStyles.None, CultureInfo.InvariantCulture);
}
