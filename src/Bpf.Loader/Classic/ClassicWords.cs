using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Classic;

/// <summary>The words of assembly: those of <c>bpf_asm</c>, and those of <c>tcpdump -d</c> where it has others.</summary>
internal static class ClassicWords
{
    /// <summary>The length of the packet.</summary>
    public const string Length = "len", ListedLength = "pktlen";

    /// <summary>Arithmetic by its word, with a constant.</summary>
    public static readonly Dictionary<string, int> Arithmetic = new()
    {
        ["add"] = ClassicCode.Add,
        ["sub"] = ClassicCode.Subtract,
        ["mul"] = ClassicCode.Multiply,
        ["div"] = ClassicCode.Divide,
        ["mod"] = ClassicCode.Modulo,
        ["or"] = ClassicCode.Or,
        ["and"] = ClassicCode.And,
        ["xor"] = ClassicCode.Xor,
        ["lsh"] = ClassicCode.ShiftLeft,
        ["rsh"] = ClassicCode.ShiftRight,
        ["neg"] = ClassicCode.Negate,
    };

    /// <summary>Conditions by their word, with a constant, and whether they are of the opposite.</summary>
    public static readonly Dictionary<string, (int Code, bool Negated)> Conditions = new()
    {
        ["jeq"] = (ClassicCode.JumpIfEqual, false),
        ["jgt"] = (ClassicCode.JumpIfGreater, false),
        ["jge"] = (ClassicCode.JumpIfGreaterOrEqual, false),
        ["jset"] = (ClassicCode.JumpIfAnyBitSet, false),
        ["jne"] = (ClassicCode.JumpIfEqual, true),
        ["jneq"] = (ClassicCode.JumpIfEqual, true),
        ["jlt"] = (ClassicCode.JumpIfGreaterOrEqual, true),
        ["jle"] = (ClassicCode.JumpIfGreater, true),
    };

    // The first word is that of bpf_asm, the last that of tcpdump.
    private static readonly Dictionary<ClassicExtension, string[]> ExtensionWords = new()
    {
        [ClassicExtension.Protocol] = ["proto"],
        [ClassicExtension.PacketType] = ["type"],
        [ClassicExtension.Interface] = ["ifidx"],
        [ClassicExtension.NetlinkAttribute] = ["nla"],
        [ClassicExtension.NestedNetlinkAttribute] = ["nlan"],
        [ClassicExtension.Mark] = ["mark"],
        [ClassicExtension.Queue] = ["queue"],
        [ClassicExtension.HardwareType] = ["hatype"],
        [ClassicExtension.Hash] = ["rxhash"],
        [ClassicExtension.Cpu] = ["cpu"],
        [ClassicExtension.Xor] = ["xor_x"],
        [ClassicExtension.VlanTag] = ["vlan_tci"],
        [ClassicExtension.VlanPresent] = ["vlan_avail", "vlan_pr", "vlanp"],
        [ClassicExtension.PayloadOffset] = ["poff"],
        [ClassicExtension.Random] = ["rand", "random"],
        [ClassicExtension.VlanProtocol] = ["vlan_tpid"],
    };

    /// <summary>The extensions by all of their words.</summary>
    public static readonly Dictionary<string, ClassicExtension> Extensions =
        ExtensionWords.SelectMany(static each => each.Value.Select(word => (word, each.Key))).ToDictionary(static each => each.word, static each => each.Key);

    /// <summary>An extension in <c>bpf_asm</c>'s word; <c>xor_x</c>, for which that has none, is there as well.</summary>
    public static string OfAssembly(ClassicExtension extension) => ExtensionWords[extension][0];

    /// <summary>An extension in <c>tcpdump</c>'s word.</summary>
    public static string OfListing(ClassicExtension extension) => ExtensionWords[extension][^1];

    /// <summary>The word of arithmetic.</summary>
    public static string OfArithmetic(int code) => Arithmetic.First(each => each.Value == (code & ~ClassicCode.Index)).Key;

    /// <summary>The word of a condition.</summary>
    public static string OfCondition(int code) => Conditions.First(each => each.Value == ((code & ~ClassicCode.Index), false)).Key;
}
