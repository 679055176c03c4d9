using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>What a relocation does not find is named, with what is there instead and with the macro that asks for it.</summary>
public sealed class CoReAbsenceTests
{
    private readonly CoReTypes _types = new();

    [Theory]
    [InlineData("state", "__state", "The target's struct task has no state. Did you mean '__state'?")]
    [InlineData("pdi", "pid", "The target's struct task has no pdi. Did you mean 'pid'?")]
    [InlineData("comm", "nothing_like_it", "The target's struct task has no comm.")]
    public void A_member_is_told_with_its_neighbour(string wanted, string there, string what)
    {
        CoReTypes.Struct(_types.Target, "task", (there, _types.TargetInt));
        CoReAbsence absence = Absence(CoReTypes.Struct(_types.Local, "task___old", (wanted, _types.LocalInt)), "0:0");
        Assert.Equal(what, absence.What);
        Assert.Equal($"Ask before the access whether it is there: bpf_core_field_exists(struct task___old, {wanted}).", absence.Cure);
        Assert.StartsWith("Types change with kernels.", absence.Cause, StringComparison.Ordinal);
        Assert.Contains("The relocation is <byte_off>", absence.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_of_a_member_is_told_of_its_own_type()
    {
        CoReTypes.Struct(_types.Target, "outer", ("in", CoReTypes.Struct(_types.Target, "inner", ("value", _types.TargetInt))));
        BtfTypeId local = CoReTypes.Struct(_types.Local, "outer", ("in", CoReTypes.Struct(_types.Local, "inner", ("valeu", _types.LocalInt))));
        CoReAbsence absence = Absence(local, "0:0:0");
        Assert.Equal("The target's struct inner has no valeu. Did you mean 'value'?", absence.What);
        Assert.Contains("bpf_core_field_exists(struct outer, in.valeu)", absence.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_is_looked_for_in_anonymous_members_too()
    {
        CoReTypes.Struct(_types.Target, "task", (null, CoReTypes.Struct(_types.Target, null, ("__state", _types.TargetInt))));
        Assert.Equal("The target's struct task has no state. Did you mean '__state'?", Absence(CoReTypes.Struct(_types.Local, "task", ("state", _types.LocalInt)), "0:0").What);
    }

    [Fact]
    public void A_member_of_another_type_is_told_so()
    {
        CoReTypes.Struct(_types.Target, "task", ("pid", CoReTypes.Struct(_types.Target, "inner", ("a", _types.TargetInt))));
        CoReAbsence absence = Absence(CoReTypes.Struct(_types.Local, "task", ("pid", _types.LocalInt)), "0:0");
        Assert.Equal("The target's struct task has pid with another type (struct inner).", absence.What);
        Assert.Contains("task___x", absence.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_is_told_with_its_neighbour_and_where_else_it_is()
    {
        CoReTypes.Struct(_types.Target, "nf_conn", ("mark", _types.TargetInt));
        CoReAbsence absence = Absence(CoReTypes.Struct(_types.Local, "nf_cnon", ("mark", _types.LocalInt)), "0:0", elsewhere: (kind, name) => $"{kind} {name} is elsewhere.");
        Assert.Equal("The target has no struct nf_cnon. Did you mean 'nf_conn'?", absence.What);
        Assert.StartsWith("Struct nf_cnon is elsewhere. The relocation is ", absence.Cause, StringComparison.Ordinal);
        Assert.Equal("Ask before the access whether it is there: bpf_core_type_exists(struct nf_cnon).", absence.Cure);
    }

    [Fact]
    public void An_enumerator_is_told_with_its_neighbour()
    {
        _types.Target.AddEnum("ids");
        _types.Target.AddEnumerator("BPF_FUNC_get_func_ip", 1);
        BtfTypeId local = _types.Local.AddEnum("ids___x");
        _types.Local.AddEnumerator("BPF_FUNC_get_func_ipp", 1);
        CoReAbsence absence = Absence(local, "0", CoReKind.EnumValue);
        Assert.Equal("The target's enum ids has no BPF_FUNC_get_func_ipp. Did you mean 'BPF_FUNC_get_func_ip'?", absence.What);
        Assert.Equal("Ask before the access whether it is there: bpf_core_enum_value_exists(enum ids___x, BPF_FUNC_get_func_ipp).", absence.Cure);
    }

    [Theory]
    [InlineData("di", "pstate", "The object was compiled with the registers of x86 (struct pt_regs), and the target is arm64.")]
    [InlineData("pstate", "di", "The object was compiled with the registers of arm64 (struct pt_regs), and the target is x86.")]
    [InlineData("psw", "nip", "The object was compiled with the registers of s390 (struct pt_regs), and the target is powerpc.")]
    public void Registers_of_another_machine_are_recognized(string ours, string theirs, string says)
    {
        CoReTypes.Struct(_types.Target, "pt_regs", (theirs, _types.TargetU64));
        CoReAbsence absence = Absence(CoReTypes.Struct(_types.Local, "pt_regs", (ours, _types.LocalU64)), "0:0");
        Assert.StartsWith(says, absence.Cause, StringComparison.Ordinal);
        Assert.Contains("__TARGET_ARCH_", absence.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_struct_of_registers_that_the_target_has_not_is_recognized()
    {
        CoReTypes.Struct(_types.Target, "pt_regs", ("di", _types.TargetU64));
        CoReAbsence absence = Absence(CoReTypes.Struct(_types.Local, "user_pt_regs", ("regs", _types.LocalU64), ("pstate", _types.LocalU64)), "0:0");
        Assert.StartsWith("The object was compiled with the registers of arm64 (struct user_pt_regs), and the target is x86.", absence.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_the_same_machine_lacks_is_no_matter_of_machines()
    {
        CoReTypes.Struct(_types.Target, "pt_regs", ("ip", _types.TargetU64));
        BtfTypeId local = CoReTypes.Struct(_types.Local, "pt_regs", ("dii", _types.LocalU64), ("ip", _types.LocalU64));
        Assert.StartsWith("Types change with kernels.", Absence(local, "0:0").Cause, StringComparison.Ordinal);
    }

    private CoReAbsence Absence(BtfTypeId root, string path, CoReKind kind = CoReKind.FieldByteOffset, Func<BtfKind, string, string?>? elsewhere = null)
    {
        CoReResult result = _types.Ask(root, kind, path);
        Assert.True(result.IsMissing);
        return CoReAbsence.Of(result, CoReOutcome.Missing, elsewhere)!;
    }
}
