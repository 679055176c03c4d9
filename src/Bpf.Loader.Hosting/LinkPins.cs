using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Links.Info;

namespace Bpf.Loader.Hosting;

/// <summary>Where the links of an object are pinned.</summary>
/// <param name="directory">The folder.</param>
[SupportedOSPlatform("linux")]
internal sealed class LinkPins(string directory)
{
    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>
    /// The pin of a link. What stands behind an @ is a target of a rule, and two targets have two pins: each / becomes a comma, and what a
    /// name may not have becomes a percent sign and its number in hexadecimal.
    /// </summary>
    /// <exception cref="InvalidOperationException">The name cannot be that of a file.</exception>
    public string PathOf(string name)
    {
        int target = name.IndexOf('@', StringComparison.Ordinal);
        string link = (target < 0 ? name : name[..target]).Replace('.', '_');
        string file = target < 0 ? link : link + Escape(name[target..]);
        return file.Length > 0 && !file.Contains('/', StringComparison.Ordinal)
            ? Path.Combine(_directory, file)
            : throw new InvalidOperationException($"The link '{name}' is to be pinned by its name, which cannot be that of a file.");
    }

    /// <summary>Attaches to a target of a rule, by the pinned link if there is one.</summary>
    /// <param name="program">The program.</param>
    /// <param name="path">The pin.</param>
    /// <param name="attach">Makes a link, or gives null for later.</param>
    /// <param name="mayTakeOver">Whether what is pinned is of a host before. Once a host runs it is of another that runs too.</param>
    /// <returns>Null when it is not to be attached to yet.</returns>
    public static BpfLink? Attach(BpfProgram program, string path, Func<BpfProgram, BpfLink?> attach, bool mayTakeOver)
    {
        if (File.Exists(path))
        {
            if (!mayTakeOver) throw new InvalidOperationException($"What is pinned as '{path}' was attached by somebody else meanwhile, and is left alone.");
            return program.AttachPinned(path, program => attach(program) ?? throw new InvalidOperationException("The target is not to be attached to any more."));
        }

        if (attach(program) is not { } link) return null;
        try
        {
            link.Pin(path);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Removes the pin of a link that is to another target, which had the name before: that one has a pin of its own.</summary>
    public static void RemoveUnless(string path, Func<BpfLinkInfo, bool> isTo)
    {
        if (!File.Exists(path)) return;
        using BpfLink link = BpfLink.OpenPinned(path);
        if (!isTo(link.GetInfo())) link.Unpin();
    }

    /// <summary>Removes the pins of links to targets of a rule that went while no host ran.</summary>
    /// <param name="name">What the links are called, before their targets.</param>
    /// <param name="there">The links to those that are there.</param>
    public void RemoveOthers(string name, IEnumerable<string> there)
    {
        if (!Directory.Exists(_directory)) return;
        HashSet<string> kept = [.. there.Select(PathOf)];
        foreach (string path in Directory.GetFiles(_directory, Path.GetFileName(PathOf(name + "@")) + "*"))
        {
            if (kept.Contains(path)) continue;
            using BpfLink link = BpfLink.OpenPinned(path);
            link.Unpin();
        }
    }

    /// <summary>Whether something is pinned for a link.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>The program that runs by the link of a pin; null when nothing is pinned.</summary>
    /// <exception cref="BpfException">What is pinned is no link, or CAP_SYS_ADMIN is missing.</exception>
    public static BpfProgram? ProgramAt(string path)
    {
        if (!File.Exists(path)) return null;
        using BpfLink link = BpfLink.OpenPinned(path);
        return BpfProgram.OpenById(link.GetInfo().ProgramId);
    }

    private static string Escape(string target)
    {
        var file = new StringBuilder();
        foreach (char letter in target)
        {
            if (letter == '/') file.Append(',');
            else if (letter is '.' or ',' or '%' or '\0') file.Append(CultureInfo.InvariantCulture, $"%{(int)letter:X2}");
            else file.Append(letter);
        }

        return file.ToString();
    }
}
