using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Tool.Output;

namespace Bpf.Tool.Top;

/// <summary>The picture in a terminal: a screen of its own, painted over in place, and left as it was found.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TopScreen : IDisposable
{
    private const string Keys = "c cpu  r runs  e ns/run  t total  n name  i id   up/down scroll   q quit";
    private readonly TextWriter _output = StandardOutput.Raw;
    private int _first;

    /// <summary>Whether somebody sits before a terminal that can be painted on.</summary>
    public static bool IsPossible => !Console.IsOutputRedirected && !Console.IsInputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    // The other screen, without a cursor.
    public TopScreen() => Send("\e[?1049h\e[?25l");

    public void Dispose() => Send("\e[?25h\e[?1049l");

    /// <summary>Reads the keys that were pressed.</summary>
    /// <returns>Whether anything is to be painted anew.</returns>
    public bool ReadKeys(ref TopOrder order, out bool quit)
    {
        (bool changed, quit) = (false, false);
        while (Console.KeyAvailable)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            changed = true;
            switch (key.Key)
            {
                case ConsoleKey.C: order = TopOrder.Cpu; break;
                case ConsoleKey.R: order = TopOrder.Runs; break;
                case ConsoleKey.E: order = TopOrder.Each; break;
                case ConsoleKey.T: order = TopOrder.Total; break;
                case ConsoleKey.N: order = TopOrder.Name; break;
                case ConsoleKey.I: order = TopOrder.Id; break;
                case ConsoleKey.UpArrow: _first--; break;
                case ConsoleKey.DownArrow: _first++; break;
                case ConsoleKey.PageUp: _first -= Console.WindowHeight; break;
                case ConsoleKey.PageDown: _first += Console.WindowHeight; break;
                case ConsoleKey.Home: _first = 0; break;
                case ConsoleKey.Q or ConsoleKey.Escape: quit = true; break;
            }
        }

        return changed;
    }

    /// <summary>Paints.</summary>
    public void Paint(IReadOnlyList<TopProgram> programs, TopOrder order)
    {
        // What a terminal without a size says is 0.
        (int width, int height) = (Console.WindowWidth > 0 ? Console.WindowWidth : 80, Console.WindowHeight > 0 ? Console.WindowHeight : 24);
        List<string> lines = TopText.Format(programs, order);
        int rows = Math.Max(1, height - 3);
        _first = Math.Clamp(_first, 0, Math.Max(0, lines.Count - 1 - rows));

        var picture = new StringBuilder("\e[H");
        Line(picture, "bpf top: " + TopText.Summary(programs), width, "");
        Line(picture, lines[0].PadRight(width), width, "\e[7m");
        for (int i = 0; i < rows; i++) Line(picture, 1 + _first + i < lines.Count ? lines[1 + _first + i] : "", width, "");
        picture.Append("\e[2m").Append(Cut(Keys, width)).Append("\e[0m\e[K");
        Send(picture.ToString());
    }

    private static void Line(StringBuilder picture, string text, int width, string style) =>
        picture.Append(style).Append(Cut(text, width)).Append(style.Length > 0 ? "\e[0m" : "").Append("\e[K\r\n");

    private static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 1), "…");

    private void Send(string text)
    {
        _output.Write(text);
        _output.Flush();
    }
}
