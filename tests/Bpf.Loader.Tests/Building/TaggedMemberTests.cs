using System;
using System.IO;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Building;

/// <summary>Members that are the tag of a struct or union and nothing else, which the kernel has since Linux 6.19 (-fms-extensions).</summary>
public sealed class TaggedMemberTests : IDisposable
{
    private const string Types = """
        union pipe_index { unsigned long head_tail; struct { unsigned short head, tail; }; };
        struct ns_tree { long a; int b; };
        struct holder;
        struct __attribute__((packed)) tight { char one; int two; struct holder *up; };
        struct wide { int w; } __attribute__((aligned(32)));
        struct bits { unsigned low : 3, : 2, high : 4; };
        struct deep { struct ns_tree; union { union pipe_index; struct wide; }; };
        typedef struct { short t1; long t2; } typed;
        struct pipe { int lock; union pipe_index; int after; };
        struct common { int stashed; union { struct ns_tree; struct { long rcu1, rcu2; } rcu; }; int inum; };
        struct holder { char c; struct tight; char d; struct deep; struct bits; const struct { int k; }; typed; int end; };
        struct pipe g1; struct common g2; struct holder g3; struct __attribute__((packed)) { char x; struct ns_tree; } g4;
        """;

    private const string Layout = """
        _Static_assert(sizeof(struct pipe) == 24 && __builtin_offsetof(struct pipe, after) == 16 && __builtin_offsetof(struct pipe, tail) == 10, "pipe");
        _Static_assert(sizeof(struct common) == 32 && __builtin_offsetof(struct common, b) == 16 && __builtin_offsetof(struct common, inum) == 24, "common");
        _Static_assert(__builtin_offsetof(struct holder, two) == 2 && __builtin_offsetof(struct holder, up) == 6 && __builtin_offsetof(struct holder, d) == 14, "tight");
        _Static_assert(__builtin_offsetof(struct holder, a) == 32 && __builtin_offsetof(struct holder, w) == 64 && __builtin_offsetof(struct holder, head) == 64, "deep");
        _Static_assert(__builtin_offsetof(struct holder, k) == 100 && __builtin_offsetof(struct holder, t2) == 112 && __builtin_offsetof(struct holder, end) == 120, "rest");
        _Static_assert(sizeof(struct holder) == 128, "holder");

        """;

    private const string Program = """
        #include "vmlinux.h"
        #define SEC(n) __attribute__((section(n), used))
        int reached;
        SEC("socket") int p(struct holder *x)
        {
        	struct pipe *pipe = (void *)x;
        	struct common *common = (void *)x;

        	reached = __builtin_preserve_access_index(&pipe->after) != 0;
        	return pipe->head_tail + common->b + x->two + x->w + x->t2 + x->high + x->end;
        }
        char _license[] SEC("license") = "GPL";
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clang-19")]
    [InlineData("clang-14")]
    public void They_compile_without_a_warning_and_have_their_places(string clang)
    {
        SkipWithout(clang);
        File.WriteAllText(_folder.PathOf("types.c"), Types);
        // What the compiler itself makes of the sources is the measure.
        File.WriteAllText(_folder.PathOf("measure.c"), Types + Layout);
        Good("compile", _folder.PathOf("measure.c"), "-o", _folder.PathOf("measure.o"), "--clang", clang, "--option=-Werror");
        Good("compile", _folder.PathOf("types.c"), "-o", _folder.PathOf("types.o"), "--clang", clang, "--option=-Werror");
        Good("gen", "vmlinux", "--btf", _folder.PathOf("types.o"), "-o", _folder.PathOf("vmlinux.h"));

        // The second as a project of its own would: by clang as it is.
        File.WriteAllText(_folder.PathOf("use.bpf.c"), Program + "\n" + Layout);
        Assert.Equal("", Good("compile", _folder.PathOf("use.bpf.c"), "-o", _folder.PathOf("use.o"), "--clang", clang, "-I", _folder.PathOf("."), "--option=-Werror").Error);
        Good("compile", _folder.PathOf("use.bpf.c"), "-o", _folder.PathOf("plain.o"), "--clang", clang, "-I", _folder.PathOf("."), "--option=-Werror", "--option=-fno-ms-extensions");
        Good("gen", "vmlinux", "--btf", _folder.PathOf("types.o"), "--for", _folder.PathOf("use.bpf.c"), "-o", _folder.PathOf("vmlinux.h"));
        Assert.Equal("", Good("compile", _folder.PathOf("use.bpf.c"), "-o", _folder.PathOf("used.o"), "--clang", clang, "-I", _folder.PathOf("."), "--option=-Werror").Error);

        // And CO-RE finds them in a kernel that has them so.
        Assert.Contains("\"error\":null", Good("relocate", "--json", "--btf", _folder.PathOf("types.o"), _folder.PathOf("use.o")).Output, StringComparison.Ordinal);
    }

    // As bpftool writes them, and other people's headers have them.
    [Theory]
    [InlineData("clang-19")]
    [InlineData("clang-14")]
    public void Sources_may_have_them(string clang)
    {
        SkipWithout(clang);
        File.WriteAllText(_folder.PathOf("vmlinux.h"), Types);
        File.WriteAllText(_folder.PathOf("use.bpf.c"), Program + "\n" + Layout);
        Assert.Equal("", Good("compile", _folder.PathOf("use.bpf.c"), "-o", _folder.PathOf("use.o"), "--clang", clang, "-I", _folder.PathOf(".")).Error);
    }

    private static void SkipWithout(string clang)
    {
        BuildTargetsTests.SkipWithoutClang();
        Assert.SkipUnless(File.Exists("/usr/bin/" + clang), "needs " + clang);
    }

    private static BpfTool Good(params string[] arguments)
    {
        BpfTool tool = BpfTool.Run(arguments);
        Assert.True(tool.ExitCode == 0, string.Join(' ', arguments) + ": " + tool.Error);
        return tool;
    }
}
