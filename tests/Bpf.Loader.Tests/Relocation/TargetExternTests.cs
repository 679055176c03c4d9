using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Functions and variables of a kernel that is not the running one: their ids are those of the types that were given.</summary>
public class TargetExternTests
{
    // An object's own types declare the functions and variables of the kernel with ids that no kernel has them under.
    private static BtfReader TypesOf(string name) => BtfReader.ReadRawOrElf(TestData.Read(name));

    [Fact]
    public void Kernel_functions_have_the_ids_of_the_given_types()
    {
        BtfReader types = TypesOf("extern_kfuncs.bpf.o");
        BpfRelocatedProgram program = Assert.Single(BpfObjectFile.Open(TestData.PathOf("extern_kfuncs.bpf.o")).Relocate(new TargetTypes(types)));
        Assert.Null(program.Failure);
        int[] called = [.. program.Instructions.ToArray().Where(code => code is { IsCall: true, Source: BpfPseudo.KernelFunctionCall }).Select(code => code.Immediate)];
        Assert.Contains(Id(types, "bpf_task_acquire"), called);
        Assert.Contains(Id(types, "bpf_task_release"), called);
    }

    [Fact]
    public void Typed_symbols_have_the_ids_of_the_given_types()
    {
        BtfReader types = TypesOf("extern_ksyms_typed.bpf.o");
        BpfRelocatedProgram program = Assert.Single(BpfObjectFile.Open(TestData.PathOf("extern_ksyms_typed.bpf.o")).Relocate(new TargetTypes(types)));
        int[] loaded = [.. program.Instructions.ToArray().Where(code => code is { IsLoadImmediate64: true, Source: BpfPseudo.BtfId }).Select(code => code.Immediate)];
        Assert.Equal([Id(types, "runqueues", BtfKind.Variable), Id(types, "bpf_prog_active", BtfKind.Variable)], loaded);
    }

    [Theory]
    [InlineData("other.btf", "'other.btf'")]
    [InlineData(null, "the types that are relocated against")]
    public void What_the_given_types_lack_is_told_by_their_name(string? name, string says)
    {
        var target = new TargetTypes(TypesOf("btf/same.bpf.o")) { Name = name };
        BpfRelocatedProgram program = Assert.Single(BpfObjectFile.Open(TestData.PathOf("extern_kfuncs.bpf.o")).Relocate(target));
        Assert.Contains($"The kernel function bpf_task_acquire is not in {says}.", program.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weak_functions_that_the_given_types_lack_are_missing_whatever_runs_here()
    {
        var target = new TargetTypes(TypesOf("btf/same.bpf.o"));
        BpfRelocatedProgram program = Assert.Single(BpfObjectFile.Open(TestData.PathOf("extern_kfuncs_weak.bpf.o")).Relocate(target));
        Assert.Null(program.Failure);
        Assert.DoesNotContain(program.Instructions.ToArray(), code => code is { IsCall: true, Source: BpfPseudo.KernelFunctionCall });
        Assert.All(program.Instructions.ToArray().Where(code => code.IsLoadImmediate64 && code.Source == 0), code => Assert.Equal(0, code.Immediate));
    }

    [Fact]
    public void Functions_of_given_modules_are_called_by_the_place_of_the_module()
    {
        BtfReader declared = TypesOf("extern_kfuncs_weak.bpf.o");
        var without = new BtfBuilder(declared);
        declared.TryFind("bpf_rcu_read_lock"u8, BtfKind.Function, out BtfTypeId function);
        without.SetName(function, "another_function");
        BtfReader kernel = without.ToReader();
        var split = BtfBuilder.SplitOn(kernel);
        BtfTypeId moved = split.AddFunction("bpf_rcu_read_lock", BtfLinkage.Static, kernel[function].TypeId);
        BpfRelocatedProgram program = Assert.Single(BpfObjectFile.Open(TestData.PathOf("extern_kfuncs_weak.bpf.o")).Relocate(new TargetTypes(kernel, split.ToReader())));
        Assert.Contains(program.Instructions.ToArray(), code => code is { IsCall: true, Source: BpfPseudo.KernelFunctionCall, Offset: 1 } && code.Immediate == moved.Value);
    }

    private static int Id(BtfReader types, string name, BtfKind kind = BtfKind.Function)
    {
        Assert.True(types.TryFind(name, kind, out BtfTypeId id));
        return id.Value;
    }
}
