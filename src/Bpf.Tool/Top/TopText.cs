using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Tool.Output;

namespace Bpf.Tool.Top;

/// <summary>Programs as lines of a table.</summary>
[SupportedOSPlatform("linux")]
internal static class TopText
{
    private static readonly string[] Columns = ["id", "type", "name", "runs/s", "ns/run", "cpu %", "total runs", "total ms", "maps", "attached to"];
    private static readonly bool[] IsNumber = [true, false, false, true, true, true, true, true, false, false];

    /// <summary>Sorts programs.</summary>
    public static List<TopProgram> Sort(IEnumerable<TopProgram> programs, TopOrder order)
    {
        IOrderedEnumerable<TopProgram> sorted = order switch
        {
            TopOrder.Runs => programs.OrderByDescending(program => program.Runs),
            TopOrder.Each => programs.OrderByDescending(program => program.NanosecondsPerRun),
            TopOrder.Total => programs.OrderByDescending(program => program.Info.RunTime),
            TopOrder.Name => programs.OrderBy(program => program.Info.Name, StringComparer.Ordinal),
            TopOrder.Id => programs.OrderBy(program => program.Info.Id),
            _ => programs.OrderByDescending(program => program.RunTime),
        };
        return [.. sorted.ThenBy(program => program.Info.Id)];
    }

    /// <summary>A line with the names of the columns, and one for each program.</summary>
    public static List<string> Format(IReadOnlyList<TopProgram> programs, TopOrder order)
    {
        string[] titles = [.. Columns];
        titles[ColumnOf(order)] += "*";
        List<string[]> rows = [titles, .. programs.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Columns.Length).Select(i => rows.Max(row => row[i].Length))];
        return [.. rows.Select(row => string.Join("  ", row.Select((cell, i) => IsNumber[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd())];
    }

    /// <summary>What all programs did together.</summary>
    public static string Summary(IReadOnlyList<TopProgram> programs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{programs.Count} programs, {programs.Count(program => program.Runs > 0)} of them ran: {programs.Sum(program => program.RunsPerSecond):0} runs a second, {programs.Sum(program => program.CpuPercent):0.00} % of a CPU");

    private static int ColumnOf(TopOrder order) => Array.IndexOf(Columns, order switch
    {
        TopOrder.Runs => "runs/s",
        TopOrder.Each => "ns/run",
        TopOrder.Total => "total ms",
        TopOrder.Name => "name",
        TopOrder.Id => "id",
        _ => "cpu %",
    });

    private static string[] Cells(TopProgram program) =>
    [
        Number(program.Info.Id, "0"), KernelNames.Of(program.Info.Type), Printable.Text(program.Info.Name), Number(program.RunsPerSecond, "0"),
        program.Runs == 0 ? "" : Number(program.NanosecondsPerRun, "0"), Number(program.CpuPercent, "0.00"), Number(program.Info.RunCount, "0"),
        Number(program.Info.RunTime.TotalMilliseconds, "0.0"), Printable.Text(string.Join(", ", program.Maps.Select(Describe))),
        Printable.Text(string.Join(", ", program.Links.Select(link => LinkText.Target(link) is { Length: > 0 } target ? target : KernelNames.Of(link.Type)))),
    ];

    private static string Describe(TopMap map) =>
        map.Percent is double percent ? $"{NameOf(map)} {Number(percent, percent is > 0 and < 10 ? "0.0" : "0")}%" : NameOf(map);

    private static string NameOf(TopMap map) => map.Name.Length > 0 ? map.Name : $"{KernelNames.Of(map.Type)} {Number(map.Id, "0")}";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
