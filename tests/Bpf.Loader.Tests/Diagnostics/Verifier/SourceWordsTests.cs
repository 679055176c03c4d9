using System;
using Bpf.Loader.Diagnostics.Verifier;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics.Verifier;

/// <summary>What a line of C calls a value. Where the compiler says that the place is, the test marks by <c>^</c>.</summary>
public sealed class SourceWordsTests
{
    [Theory]
    [InlineData("s->^calls++;", "s")]
    [InlineData("s->calls^++;", "s")]
    [InlineData("kept->bytes ^= 3;", "kept")]
    [InlineData("out = a->b->^c;", "a->b")]
    [InlineData("return ^*value;", "value")]
    [InlineData("*v ^+= 1;", "v")]
    [InlineData("(*n)^++;", "n")]
    [InlineData("sum += ^data[i];", "data")]
    [InlineData("slots[slot]^++;", "slots")]
    [InlineData("^__sync_fetch_and_add(&c->packets, 1);", "c")]
    [InlineData("^return 0;", null)]
    public void The_pointer_of_an_access_is_found(string line, string? name) => Assert.Equal(name, SourceWords.PointerAt(Text(line, out int column), column));

    [Theory]
    [InlineData("^bpf_get_current_comm(stat, sizeof(*stat));", 0, "stat")]
    [InlineData("x = ^f(g(a, b), event, 0);", 1, "event")]
    [InlineData("x = ^f(g(a, b), event, 0);", 0, null)]
    [InlineData("^f(a,", 1, null)]
    [InlineData("^f(a)", 3, null)]
    public void An_argument_is_found(string line, int index, string? name) => Assert.Equal(name, SourceWords.ArgumentAt(Text(line, out int column), column, index));

    [Theory]
    [InlineData("struct stat *s = ^bpf_map_lookup_elem(&stats, &pid);", "bpf_map_lookup_elem", "s")]
    [InlineData("void *m = bpf_map_lookup_elem(&o, &k); u64 *v = ^bpf_map_lookup_elem(m, &k);", "bpf_map_lookup_elem", "v")]
    [InlineData("struct task_struct *t = bpf_task_acquire(task->^last);", "", null)]
    [InlineData("char *path = (char *)ctx->^args[1];", "args", "path")]
    public void What_a_line_gives_the_value_to_is_found(string line, string value, string? name) => Assert.Equal(name, SourceWords.AssignedIn(Text(line, out int column), value, column));

    [Theory]
    [InlineData("out = task->pid;", "pid", true)]
    [InlineData("out = task->tgid_pid;", "pid", false)]
    [InlineData("pids[0] = pid", "pid", true)]
    [InlineData("", "pid", false)]
    public void A_word_stands_by_itself(string line, string word, bool has) => Assert.Equal(has, SourceWords.Has(line, word));

    private static string Text(string line, out int column)
    {
        column = line.IndexOf('^', StringComparison.Ordinal) + 1;
        return line.Remove(column - 1, 1);
    }
}
