using System.Text;
using Bpf.Loader.Kernel.Probes;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class ProbeLogTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("\0\0\0", false)]
    [InlineData("processed 0 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n\0\0", false)]
    [InlineData("invalid func unknown#4711\nprocessed 0 insns (limit 1000000) max_states_per_insn 0\n\0", true)]
    [InlineData("R1 type=scalar expected=ctx", true)]
    public void Statistics_are_no_word(string log, bool speaks) => Assert.Equal(speaks, ProbeLog.Speaks(Encoding.UTF8.GetBytes(log)));
}
