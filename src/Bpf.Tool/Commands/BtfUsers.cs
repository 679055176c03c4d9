using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Maps;

namespace Bpf.Tool.Commands;

/// <summary>Which programs and maps were loaded with which types.</summary>
/// <param name="Programs">The programs by the number of their BTF.</param>
/// <param name="Maps">The maps by the number of theirs.</param>
[SupportedOSPlatform("linux")]
internal sealed record BtfUsers(ILookup<uint, uint> Programs, ILookup<uint, uint> Maps)
{
    /// <summary>Asks all programs and maps of the system.</summary>
    public static BtfUsers Find()
    {
        List<(uint Types, uint Id)> programs = [], maps = [];
        foreach (BpfProgram program in ProgramSelector.All())
        {
            using (program) programs.Add((program.GetInfo().BtfId, program.Id));
        }

        foreach (BpfMap map in MapList.OpenAll())
        {
            using (map) maps.Add((map.GetInfo().BtfId, map.Id));
        }

        return new BtfUsers(programs.ToLookup(static pair => pair.Types, static pair => pair.Id), maps.ToLookup(static pair => pair.Types, static pair => pair.Id));
    }

    /// <summary>Who has these types, for people.</summary>
    public string Describe(uint types)
    {
        string[] users = [.. Part("programs", Programs[types]), .. Part("maps", Maps[types])];
        return users.Length > 0 ? string.Join("; ", users) : "nobody that is loaded";
    }

    private static IEnumerable<string> Part(string what, IEnumerable<uint> ids)
    {
        string text = string.Join(' ', ids.Select(static id => id.ToString(CultureInfo.InvariantCulture)));
        if (text.Length > 0) yield return $"{what} {text}";
    }
}
