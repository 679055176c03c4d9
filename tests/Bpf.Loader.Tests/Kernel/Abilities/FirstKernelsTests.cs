using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Kernel.Abilities;
using Xunit;

namespace Bpf.Loader.Tests.Kernel.Abilities;

/// <summary>The table of first kernels says what the documentation of the same enumerations says.</summary>
public sealed partial class FirstKernelsTests
{
    [Theory]
    [InlineData(typeof(BpfProgramType), "BpfProgramType.cs")]
    [InlineData(typeof(BpfMapType), "BpfMapType.cs")]
    [InlineData(typeof(BpfAttachType), "BpfAttachType.cs")]
    [InlineData(typeof(BpfMapFlags), "BpfMapFlags.cs")]
    [InlineData(typeof(BpfProgramFlags), "BpfProgramFlags.cs")]
    public void The_table_and_the_documentation_agree(Type enumeration, string file)
    {
        string text = File.ReadAllText(Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src", "Bpf.Loader"), file, SearchOption.AllDirectories).Single());
        Match[] members = [.. Member().Matches(text).Cast<Match>()];
        Assert.True(members.Length > 8, $"{members.Length} members of {file} have a version.");
        Assert.All(members, member => Assert.Equal(member.Groups["since"].Value, Of(Enum.Parse(enumeration, member.Groups["name"].Value))));
    }

    [Fact]
    public void What_is_newer_than_the_table_has_no_version()
    {
        Assert.Null(FirstKernels.Of((BpfProgramType)4000));
        Assert.Null(FirstKernels.Of(BpfProgramType.Unspecified));
        Assert.Null(FirstKernels.Of((BpfMapType)4000));
        Assert.Null(FirstKernels.Of(BpfAttachType.TraceFSession));
        Assert.Null(FirstKernels.Of(BpfMapFlags.None));
        Assert.Null(FirstKernels.OfHelper(212));
    }

    [Theory]
    [InlineData(155, null)] // bpf_redirect_peer, 5.10
    [InlineData(156, "5.11")] // bpf_task_storage_get
    [InlineData(163, "5.12")] // bpf_check_mtu
    [InlineData(164, "5.13")] // bpf_for_each_map_elem
    [InlineData(181, "5.17")] // bpf_loop
    [InlineData(190, "5.18")] // bpf_xdp_store_bytes
    [InlineData(209, "6.1")] // bpf_user_ringbuf_drain
    [InlineData(211, "6.2")] // bpf_cgrp_storage_delete
    public void A_helper_is_in_its_first_kernel(int helper, string? kernel) => Assert.Equal(kernel, FirstKernels.OfHelper(helper));

    private static string? Of(object value) => value switch
    {
        BpfProgramType type => FirstKernels.Of(type),
        BpfMapType type => FirstKernels.Of(type),
        BpfAttachType type => FirstKernels.Of(type),
        BpfMapFlags flag => FirstKernels.Of(flag),
        BpfProgramFlags flag => FirstKernels.Of(flag),
        _ => throw new ArgumentException("No such enumeration.", nameof(value)),
    };

    [GeneratedRegex(@"\((?<since>\d+\.\d+)\)[^(]*</summary>\s+(?<name>\w+) = ")]
    private static partial Regex Member();
}
