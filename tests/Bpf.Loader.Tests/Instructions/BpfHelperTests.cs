using System;
using Bpf.Loader.Instructions;
using Xunit;

namespace Bpf.Loader.Tests.Instructions;

public class BpfHelperTests
{
    // The numbers are ABI; these are documented in the man page bpf-helpers(7) and never change.
    [Theory]
    [InlineData(1, "bpf_map_lookup_elem")]
    [InlineData(6, "bpf_trace_printk")]
    [InlineData(14, "bpf_get_current_pid_tgid")]
    [InlineData(113, "bpf_probe_read_kernel")]
    [InlineData(131, "bpf_ringbuf_reserve")]
    [InlineData(181, "bpf_loop")]
    [InlineData(211, "bpf_cgrp_storage_delete")]
    public void Numbers_are_the_kernels(int number, string name) => Assert.Equal(name, BpfHelper.GetName(number));

    [Fact]
    public void Every_name_leads_back_to_its_number()
    {
        for (int number = 0; number < BpfHelper.Count; number++)
        {
            string name = BpfHelper.GetName(number)!;
            Assert.True(BpfHelper.TryGetNumber(name, out int found) && found == number, name);
            Assert.True(BpfHelper.TryGetNumber(name.AsSpan(4), out found) && found == number, name);
        }
    }

    [Fact]
    public void Unknown_numbers_and_names_are_unknown()
    {
        Assert.Null(BpfHelper.GetName(BpfHelper.Count));
        Assert.Null(BpfHelper.GetName(-1));
        Assert.False(BpfHelper.TryGetNumber("bpf_no_such_helper", out _));
        Assert.False(BpfHelper.TryGetNumber("", out _));
    }
}
