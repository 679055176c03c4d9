using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Tests.Objects;
using Bpf.Tool;
using Bpf.Tool.Commands;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class VariableAssignmentTests
{
    [Theory]
    [InlineData("limits.rates=1", "it has no member 'rates'; it has rate, burst")]
    [InlineData("limit.rate=1", "There is no global variable 'limit'. Did you mean 'limits'?")]
    [InlineData("ports[3]=1", "'[3]' is no element of it: it has 3, from 0 on.")]
    [InlineData("ports[-1]=1", "'[-1]' is no element of it")]
    [InlineData("ports[1=1", "has no ']'")]
    [InlineData("ports[1]x=1", "'x' is neither '.MEMBER' nor '[INDEX]'")]
    [InlineData("count[0]=1", "and no array")]
    [InlineData("ports=1,2,3,4", "4 values are too many for 3 elements")]
    [InlineData("count=65536", "65536 does not fit into 2 bytes")]
    [InlineData("count=many", "'many' is no integer")]
    [InlineData("label=text too long", "there is room for 3")]
    [InlineData("pair=1", "it is a Struct, which cannot be set")]
    [InlineData("limits=1", "its type takes 8 bytes")]
    [InlineData("limits.burst=1", "its type takes 4 bytes at offset 4, and the variable has 6")]
    [InlineData("short=1", "its type takes 8 bytes at offset 0, and the variable has 2")]
    [InlineData("huge[1]=1", "and the variable has 2")]
    [InlineData("count", "write NAME=VALUE")]
    public void A_mistake_is_one_of_usage(string assignment, string says)
    {
        UsageException mistake = Assert.Throws<UsageException>(() => VariableAssignment.Apply(File(), assignment));
        Assert.Contains(says, mistake.Message, StringComparison.Ordinal);
        Assert.StartsWith("--set " + assignment, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_is_set()
    {
        BpfObjectFile file = File();
        VariableAssignment.Apply(file, "ports[2]=443");
        VariableAssignment.Apply(file, "limits.rate=7");
        VariableAssignment.Apply(file, "label=abc");
        Assert.Equal([0, 0, 0, 0, 0xbb, 1], file.Globals["ports"].Bytes.ToArray());
        Assert.Equal([7, 0, 0, 0, 0, 0], file.Globals["limits"].Bytes.ToArray());
        Assert.Equal("abc\0"u8.ToArray(), file.Globals["label"].Bytes.ToArray());
    }

    // The section gives the last of the variables less room than their types take.
    private static BpfObjectFile File()
    {
        var types = new BtfBuilder();
        BtfTypeId half = types.AddInt("unsigned short", 2), word = types.AddInt("unsigned int", 4), wide = types.AddInt("unsigned long", 8), character = types.AddInt("char", 1);
        BtfTypeId ports = types.AddArray(half, word, 3), label = types.AddArray(character, word, 4), huge = types.AddArray(wide, word, 0x7fffffff);
        BtfTypeId limits = types.AddStruct("limits", 8);
        types.AddMember("rate", word, 0);
        types.AddMember("burst", word, 32);
        BtfTypeId pair = types.AddStruct("pair", 4);
        (string Name, BtfTypeId Type, uint Size)[] variables = [("count", half, 2), ("ports", ports, 6), ("label", label, 4), ("limits", limits, 6), ("short", wide, 2), ("huge", huge, 2), ("pair", pair, 4)];
        BtfTypeId[] ids = Array.ConvertAll(variables, variable => types.AddVariable(variable.Name, BtfLinkage.Global, variable.Type));
        var file = new ObjectBuilder { Btf = types };
        int data = file.AddData(".data", new byte[26]);
        types.AddDataSection(".data", 26);
        uint offset = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            types.AddSectionVariable(new BtfSectionVariable(ids[i], offset, variables[i].Size));
            file.AddVariable(variables[i].Name, data, offset, variables[i].Size);
            offset += variables[i].Size;
        }

        return file.Read();
    }
}
