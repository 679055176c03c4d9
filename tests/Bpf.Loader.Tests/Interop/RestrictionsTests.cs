using System;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.Tests.Interop;

/// <summary>A hint names what was looked at and what was found there, and a guess is said as one.</summary>
public class RestrictionsTests
{
    [Fact]
    public void Where_nothing_forbids_it_the_kernel_does()
        => Assert.Equal(
            "The process has the capabilities. Looked at besides: no seccomp filter; the kernel's lockdown is 'none'; none of the security modules has a say in it (capability, yama). "
                + "So the kernel itself forbids it.",
            new Restrictions("0", "[none] integrity confidentiality", "capability,yama", null).Describe());

    [Fact]
    public void A_filter_is_a_guess()
        => Assert.Equal(
            "The process has the capabilities. Looked at besides: a seccomp filter is on this thread; the kernel's lockdown is 'none'; none of the security modules has a say in it (capability). "
                + "A guess: the filter forbids it.",
            new Restrictions("2", "[none] integrity confidentiality", "capability", null).Describe());

    [Fact]
    public void Several_guesses_are_all_named()
    {
        string hint = new Restrictions("0", "none integrity [confidentiality]", "lockdown,capability,selinux,bpf", "system_u:system_r:container_t:s0").Describe();
        Assert.Contains("the kernel's lockdown is 'confidentiality'", hint, StringComparison.Ordinal);
        Assert.Contains("of the security modules, selinux and bpf have a say in it, and this thread is 'system_u:system_r:container_t:s0' to them", hint, StringComparison.Ordinal);
        Assert.EndsWith("A guess: the lockdown, or the module selinux, or the module bpf forbids it.", hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unconfined", "So the kernel itself forbids it.")]
    [InlineData("docker-default (enforce)", "A guess: the module apparmor forbids it.")]
    public void Whom_apparmor_does_not_confine_it_lets_alone(string label, string end)
        => Assert.EndsWith(end, new Restrictions("0", "[none]", "capability,apparmor", label).Describe(), StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_seen_is_said()
        => Assert.Equal(
            "Its mode, 0444, lets everybody read it. Looked at besides: nothing. Not to be seen: seccomp (/proc/thread-self/status); "
                + "lockdown and the security modules (/sys/kernel/security, where securityfs is mounted). A guess: the kernel itself forbids it, or what cannot be seen.",
            new Restrictions(null, null, null, null).Describe("Its mode, 0444, lets everybody read it."));
}
