using System;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

public sealed class KernelObjectTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void Members_are_set_and_read_by_their_names()
    {
        KernelObject task = _machine.Kernel.New("struct task_struct", t =>
        {
            t["pid"] = -1;
            t["comm"] = "bash";
            t["se.exec_start"] = 12345ul;
            t["comm[1]"] = 'u';
        });
        Assert.Equal(-1L, task["pid"]);
        Assert.Equal(0xffff_ffff, task.GetNumber("pid"));
        Assert.Equal("bush", task["comm"]);
        Assert.Equal(12345ul, task["se.exec_start"]);
        Assert.Equal(0L, task["tgid"]);
    }

    [Fact]
    public void Members_of_unnamed_structs_and_bit_fields_are_found()
    {
        KernelObject sock = _machine.Kernel.New("sock", s =>
        {
            s["__sk_common.skc_daddr"] = 0x0100007f;
            s["__sk_common.skc_dport"] = (ushort)0x5000;
            s["__sk_common.skc_reuse"] = 5;
        });
        Assert.Equal(0x0100007ful, sock["__sk_common.skc_daddr"]);
        Assert.Equal(5ul, sock["__sk_common.skc_reuse"]);
        Assert.Equal(0ul, sock["__sk_common.skc_reuseport"]);
    }

    [Fact]
    public void Pointers_take_objects_and_texts()
    {
        KernelObject parent = _machine.Kernel.New("task_struct");
        KernelObject child = _machine.Kernel.New("task_struct", t => t["real_parent"] = parent);
        Assert.Equal(parent.Address, child.GetNumber("real_parent"));
        child["real_parent"] = null;
        Assert.Equal(0ul, child.GetNumber("real_parent"));
        KernelObject name = _machine.Kernel.New("qstr", q => q["name"] = "passwd");
        Assert.NotEqual(0ul, name.GetNumber("name"));
    }

    [Fact]
    public void A_list_is_a_ring()
    {
        KernelObject parent = _machine.Kernel.New("task_struct");
        KernelObject first = _machine.Kernel.New("task_struct"), second = _machine.Kernel.New("task_struct");
        parent.SetList("children", "sibling", first, second);
        Assert.Equal(first.AddressOf("sibling"), parent.GetNumber("children.next"));
        Assert.Equal(second.AddressOf("sibling"), first.GetNumber("sibling.next"));
        Assert.Equal(parent.AddressOf("children"), second.GetNumber("sibling.next"));
        Assert.Equal(second.AddressOf("sibling"), parent.GetNumber("children.prev"));
    }

    [Fact]
    public void A_hash_list_ends_with_null()
    {
        KernelObject pid = _machine.Kernel.New("pid");
        KernelObject task = _machine.Kernel.New("task_struct");
        pid.SetHashList("tasks[0]", "pid_links[0]", task);
        Assert.Equal(task.AddressOf("pid_links[0]"), pid.GetNumber("tasks[0].first"));
        Assert.Equal(pid.AddressOf("tasks[0]"), task.GetNumber("pid_links[0].pprev"));
        Assert.Equal(0ul, task.GetNumber("pid_links[0].next"));
    }

    [Theory]
    [InlineData("no_such_member", "has no member 'no_such_member'")]
    [InlineData("comm[16]", "16 elements")]
    [InlineData("se", "is no number")]
    public void What_is_not_there_is_told(string path, string message)
    {
        KernelObject task = _machine.Kernel.New("task_struct");
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => task[path] = 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_does_not_fit_is_refused()
    {
        KernelObject task = _machine.Kernel.New("task_struct");
        Assert.Throws<ArgumentException>(() => task["comm"] = "a name of more than fifteen characters");
    }

    [Fact]
    public void A_type_that_is_not_brought_is_told() =>
        Assert.Contains("KernelTypes.Open", Assert.Throws<ArgumentException>(() => _machine.Kernel.New("no_such_struct")).Message, StringComparison.Ordinal);

    [Fact]
    public void Variables_have_a_copy_for_each_cpu()
    {
        KernelVariable variable = _machine.Kernel.Variable("bpf_prog_active");
        Assert.Same(variable, _machine.Kernel.Variable("bpf_prog_active"));
        Assert.NotEqual(variable[0].Address, variable[3].Address);
        Assert.Throws<ArgumentException>(() => _machine.Kernel.Variable("no_such_variable"));
    }
}
