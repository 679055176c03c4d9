using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Links.Usdt;

/// <summary>What one attached program was told of the arguments of its probe, in the maps of its object.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UsdtDescriptions(UsdtSpecTable specs, string target)
{
    // Places whose arguments are found alike share a description.
    private readonly List<(IReadOnlyList<UsdtArgument> Arguments, int Id)> _known = [];
    private readonly HashSet<string> _reported = [];
    private readonly List<ulong> _addresses = [];

    /// <summary>Describes the arguments of a place.</summary>
    /// <param name="arguments">Where they are, in the assembler's words.</param>
    /// <param name="place">Where the probe is.</param>
    /// <param name="cookie">What the program is told beside them.</param>
    /// <param name="findings">Who is told of arguments that cannot be read; null for nobody.</param>
    /// <returns>The number of the description.</returns>
    /// <exception cref="BpfAttachException">There are too many, or the map is full.</exception>
    public int Add(string arguments, UsdtPlace place, ulong cookie, Findings? findings)
    {
        IReadOnlyList<UsdtArgument> read = specs.Read(arguments, place);
        Report(arguments, read, findings);
        foreach ((IReadOnlyList<UsdtArgument> known, int number) in _known)
        {
            if (known.SequenceEqual(read)) return number;
        }

        int id = specs.Add(read, cookie, target);
        _known.Add((read, id));
        return id;
    }

    /// <summary>Says which description is that of an address, where no cookie does.</summary>
    /// <exception cref="BpfAttachException">The address is taken, or the map is full.</exception>
    public void AddAddress(UsdtAddressTable table, ulong address, int id)
    {
        table.Add(address, id, target);
        _addresses.Add(address);
    }

    /// <summary>Gives all back; the program must not run any more.</summary>
    public void Release()
    {
        foreach (ulong address in _addresses) specs.Addresses?.Remove(address);
        specs.Release(_known.Select(known => known.Id));
    }

    private void Report(string text, IReadOnlyList<UsdtArgument> arguments, Findings? findings)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Reason is not string reason) continue;
            string message = $"Argument {i} of {target}, '{UsdtArgumentWords.Split(text)[i]}', cannot be read: {reason}.";
            if (_reported.Add(message)) findings?.Report(BpfDiagnosticId.UsdtArgumentUnreadable, message, cause: "The program gets an error for it.");
        }
    }
}
