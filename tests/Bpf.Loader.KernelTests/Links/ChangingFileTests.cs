using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// A file that becomes another while it is attached to. No package manager does it so often: two files change places all the while, and
/// soon they do between our look at the one and the kernel's own.
/// </summary>
public sealed class ChangingFileTests : KernelTest
{
    private const string Function = "uprobe_target_add";
    private const int MostAttempts = 10_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-changing-").FullName;
    private readonly string _target, _other;

    public ChangingFileTests()
    {
        (_target, _other) = (Path.Combine(_folder, "target"), Path.Combine(_folder, "other"));
        foreach (string copy in (string[])[_target, _other]) File.Copy(NativeShims.UprobeTarget, copy);
    }

    // As in UprobeTests.
    static ChangingFileTests() => NativeShims.Talk(NativeShims.UprobeTarget, _ => { });

    [Theory]
    [InlineData(ProbeMode.PerfEvent)]
    [InlineData(ProbeMode.TraceFs)]
    public void It_is_told_and_nothing_stays_attached(ProbeMode mode)
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        AssertTold(program, () => UprobeAttacher.Attach(program.Source, _target, Function, false, new UprobeOptions { Mode = mode }));
    }

    [Fact]
    public void It_is_told_of_many_functions_at_once()
    {
        Requires.UprobeMulti();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti);
        AssertTold(program, () => UprobeMultiAttacher.AttachPattern(program.Source, _target, "uprobe_target_*", new UprobeMultiOptions()));
    }

    protected override void Dispose(bool disposing)
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose(disposing);
    }

    private void AssertTold(AttachedProgram program, Func<BpfLink> attach)
    {
        BpfAttachException? told = null;
        using var end = new CancellationTokenSource();
        var changing = new Thread(() =>
        {
            while (!end.IsCancellationRequested) _ = Exchange(-100, _target, -100, _other, 2); // AT_FDCWD, RENAME_EXCHANGE
        });
        changing.Start();
        try
        {
            for (int attempts = 0; told is null && attempts < MostAttempts; attempts++)
            {
                try
                {
                    attach().Dispose();
                }
                catch (BpfAttachException error)
                {
                    told = error;
                }
            }
        }
        finally
        {
            end.Cancel();
            changing.Join();
        }

        Assert.NotNull(told);
        Assert.Equal((BpfDiagnosticId.BinaryChanged, Errno.ESTALE), (told.Id, told.Errno));
        Assert.Contains($"'{_target}' was replaced", told.Message, StringComparison.Ordinal);
        foreach (string file in (string[])[_target, _other]) NativeShims.RunTarget(file, 3);
        Assert.Equal(0, program.Runs);
    }

    [DllImport("libc", EntryPoint = "renameat2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Exchange(
        int from, [MarshalAs(UnmanagedType.LPUTF8Str)] string one, int to, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
