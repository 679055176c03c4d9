using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Commands.Programs;

namespace Bpf.Tool.Commands.StructOps;

/// <summary>The value of a struct_ops map: members, of which pointers to functions hold the numbers of programs.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StructOpsValue(BtfReader types)
{
    private readonly BtfValueFormatter _formatter = new(types, new BtfValueFormatOptions { ShowsNetworkTypes = false });

    /// <summary>Writes a value as bpftool does: a callback as its type and program, a pointer as a number.</summary>
    public void Write(Utf8JsonWriter json, BtfTypeId id, ReadOnlySpan<byte> bytes)
    {
        BtfType type = types.StripModifiers(id);
        if (type.IsComposite)
        {
            json.WriteStartObject();
            WriteMembers(json, type, bytes);
            json.WriteEndObject();
        }
        else if (type.Kind == BtfKind.Pointer)
        {
            if (FunctionOf(type) is BtfType function) json.WriteStringValue(Callback(function, Number(bytes)));
            else json.WriteNumberValue(Number(bytes));
        }
        else
        {
            _formatter.WriteJson(json, id, bytes);
        }
    }

    /// <summary>The members in their order, as lines for people; of structs within, their members.</summary>
    public List<(string Name, string Value)> ToLines(BtfTypeId id, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<(string, string)>();
        Add(lines, "", id, bytes);
        return lines;
    }

    private void WriteMembers(Utf8JsonWriter json, BtfType type, ReadOnlySpan<byte> bytes)
    {
        foreach (BtfMember member in type.Members)
        {
            bool isWhole = TrySlice(member, bytes, out ReadOnlySpan<byte> part);
            if (member.IsAnonymous && isWhole && types.StripModifiers(member.TypeId) is { IsComposite: true } inner)
            {
                WriteMembers(json, inner, part);
                continue;
            }

            json.WritePropertyName(member.Name);
            if (isWhole) Write(json, member.TypeId, part);
            else json.WriteNullValue(); // bits of a number: no callback, and no structure of the kernel has them
        }
    }

    private void Add(List<(string Name, string Value)> lines, string name, BtfTypeId id, ReadOnlySpan<byte> bytes)
    {
        BtfType type = types.StripModifiers(id);
        if (type.IsComposite)
        {
            foreach (BtfMember member in type.Members)
            {
                if (TrySlice(member, bytes, out ReadOnlySpan<byte> part)) Add(lines, string.Join('.', new[] { name, member.Name }.Where(static part => part.Length > 0)), member.TypeId, part);
            }
        }
        else if (type.Kind == BtfKind.Pointer)
        {
            ulong value = Number(bytes);
            lines.Add((name, FunctionOf(type) is BtfType function ? Callback(function, value) : value == 0 ? "NULL" : $"0x{value:x}"));
        }
        else
        {
            lines.Add((name, _formatter.Format(id, bytes)));
        }
    }

    private bool TrySlice(BtfMember member, ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> part)
    {
        part = default;
        int at = (int)(member.BitOffset / 8);
        if (member.BitFieldSize > 0 || !types.TryGetSize(member.TypeId, out uint size) || at + (long)size > bytes.Length) return false;
        part = bytes.Slice(at, (int)size);
        return true;
    }

    private BtfType? FunctionOf(BtfType pointer) => types.StripModifiers(pointer.TypeId) is { Kind: BtfKind.FunctionPrototype } function ? function : null;

    // As bpftool writes it: u32 (struct sock *) my_ssthresh/prog_id:12.
    private string Callback(BtfType function, ulong program)
    {
        string parameters = string.Join(", ", function.Parameters.Select(parameter => BtfCPrinter.Declaration(types, parameter.TypeId)));
        string of = program == 0 ? "0" : NameOf(program) is { Length: > 0 } name ? $"{name}/prog_id:{program.ToString(CultureInfo.InvariantCulture)}" : $"prog_id:{program.ToString(CultureInfo.InvariantCulture)}";
        return $"{BtfCPrinter.Declaration(types, function.TypeId)} ({parameters}) {of}";
    }

    private static string? NameOf(ulong id)
    {
        try
        {
            using BpfProgram program = BpfProgram.OpenById((uint)id);
            return FullName.Of(program, program.GetInfo());
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    // In the byte order of this machine: it is its kernel's.
    private static ulong Number(ReadOnlySpan<byte> bytes) => bytes.Length >= sizeof(ulong) ? BitConverter.ToUInt64(bytes) : BitConverter.ToUInt32(bytes);
}
