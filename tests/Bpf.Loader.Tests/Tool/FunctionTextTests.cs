using Bpf.Loader.Btf;
using Bpf.Tool.Commands.Programs;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Declarations above the instructions of programs, whose types may be anybody's.</summary>
public sealed class FunctionTextTests
{
    [Fact]
    public void A_declaration_is_written_as_by_bpftool()
    {
        var types = new BtfBuilder();
        BtfTypeId number = types.AddInt("int", 4), context = types.AddPointer(types.AddStruct("xdp_md", 0)), prototype = types.AddFunctionPrototype(number);
        types.AddParameter("ctx", context);
        BtfTypeId function = types.AddFunction("decide", BtfLinkage.Global, prototype);
        Assert.Equal("int decide(struct xdp_md * ctx)", FunctionText.Of(types.ToReader(), function));
    }

    // The kernel takes functions whose parameters point to functions of their own type.
    [Fact]
    public void One_that_has_no_end_is_cut_off()
    {
        var types = new BtfBuilder();
        BtfTypeId number = types.AddInt("int", 4), pointer = new(number.Value + 2), prototype = types.AddFunctionPrototype(number);
        for (int i = 0; i < 5; i++) types.AddParameter($"p{i}", pointer);
        Assert.Equal(pointer, types.AddPointer(prototype));
        BtfTypeId function = types.AddFunction("endless", BtfLinkage.Global, prototype);
        string text = FunctionText.Of(types.ToReader(), function);
        Assert.InRange(text.Length, 1 << 16, 1 << 17);
        Assert.EndsWith("...)", text, System.StringComparison.Ordinal);
    }
}
