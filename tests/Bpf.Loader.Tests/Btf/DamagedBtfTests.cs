using System;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>The BTF readers alone, with everything that they offer asked for.</summary>
public class DamagedBtfTests
{
    public static TheoryData<string, string> Samples()
    {
        var samples = new TheoryData<string, string>();
        foreach (string name in (string[])["execsnoop.bpf.o", "be/execsnoop.bpf.o", "clang-14/core_kernel.bpf.o", "maps_grammar.bpf.o", "extern_kfuncs.bpf.o", "call_arg_tags.bpf.o", "core_enum64.bpf.o"])
        {
            samples.Add(name, ".BTF");
            samples.Add(name, ".BTF.ext");
        }

        return samples;
    }

    [Theory, MemberData(nameof(Samples))]
    public void Every_truncation_is_refused_or_read(string name, string section)
    {
        byte[] sound = Section(name, section);
        Damage.MustBeSurvived(Damage.Truncations(sound), bytes => ReadAll(name, section, bytes));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Changed_bytes_are_refused_or_read(string name, string section)
    {
        byte[] sound = Section(name, section);
        Damage.MustBeSurvived(Damage.Flips(sound, 10_000, seed: 3), bytes => ReadAll(name, section, bytes));
    }

    private static byte[] Section(string name, string section)
    {
        Assert.True(ElfFile.Read(TestData.Read(name)).Sections.TryFind(Encoding.UTF8.GetBytes(section), out ElfSection found));
        return found.Data.ToArray();
    }

    private static void ReadAll(string name, string section, ReadOnlyMemory<byte> bytes)
    {
        if (section == ".BTF") ReadTypes(BtfReader.Read(bytes));
        else ReadRecords(BtfExtReader.Read(bytes), BtfReader.Read(Section(name, ".BTF")));
    }

    private static void ReadTypes(BtfReader btf)
    {
        for (int i = 0; i < btf.TypeCount; i++)
        {
            BtfType type = btf[new BtfTypeId(i)];
            Assert.NotNull(type.ToString());
            if (btf.TryGetSize(type.Id, out uint size)) Assert.Equal(size, btf.SizeOf(type.Id));
            Assert.InRange(btf.AlignOf(type.Id), 1, 8);
            StripOrRefuse(btf, type.Id);
            if (!type.NameUtf8.IsEmpty) Assert.True(btf.TryFind(type.NameUtf8, type.Kind, out BtfTypeId found) && found <= type.Id);
            foreach (BtfMember member in type.Members) Assert.True(btf.Contains(member.TypeId) && member.Name is not null);
            foreach (BtfEnumerator value in type.Enumerators) Assert.NotNull(value.Name);
            foreach (BtfParameter parameter in type.Parameters) Assert.True(btf.Contains(parameter.TypeId) && parameter.Name is not null);
            foreach (BtfSectionVariable variable in type.Variables) Assert.True(btf.Contains(variable.TypeId));
        }
    }

    // Qualifiers that form a loop are refused where they are followed, and stop nothing else.
    private static void StripOrRefuse(BtfReader btf, BtfTypeId id)
    {
        try
        {
            Assert.False(btf.StripModifiers(id).IsModifier);
        }
        catch (BpfFormatException e)
        {
            Assert.Equal(BpfDiagnosticId.BadBtfReference, e.Id);
        }
    }

    private static void ReadRecords(BtfExtReader ext, BtfReader btf)
    {
        foreach (BtfExtSection<BtfFuncInfo> section in ext.Functions)
        {
            foreach (BtfFuncInfo record in section) _ = btf.Contains(record.TypeId);
        }

        foreach (BtfExtSection<BtfLineInfo> section in ext.Lines)
        {
            foreach (BtfLineInfo record in section) _ = TextOrRefuse(() => record.GetFileName(btf) + record.GetText(btf));
        }

        foreach (BtfExtSection<BtfCoReRecord> section in ext.CoReRecords)
        {
            foreach (BtfCoReRecord record in section) _ = TextOrRefuse(() => record.GetAccessString(btf));
        }
    }

    private static string TextOrRefuse(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (BpfFormatException e)
        {
            Assert.Equal(BpfDiagnosticId.BadBtfStrings, e.Id);
            return "";
        }
    }
}
