using System;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Bpf.Loader.Interop;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Interop;

[SupportedOSPlatform("linux")]
public sealed class InputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-input-").FullName;

    public InputFileTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "is about files that other systems have not");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/dev/null", "a device")]
    [InlineData("/proc", "a directory")]
    [InlineData("/nonexistent/file", "no such file")]
    [InlineData("/etc/passwd/x", "no such file")]
    public void What_is_no_file_is_refused_before_it_is_read(string path, string reason) => AssertRefused(path, reason);

    [Fact]
    public void A_socket_and_a_pipe_that_nobody_writes_into_are_refused()
    {
        string socket = Path.Combine(_folder, "socket"), pipe = Path.Combine(_folder, "pipe");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        AssertRefused(socket, "a socket");
        Run($"mkfifo {pipe}");
        AssertRefused(pipe, "nobody writes into");
    }

    [Theory]
    [InlineData(300_003, null)]
    [InlineData(int.MaxValue, "more than 256 MiB")]
    public async Task A_pipe_is_read_to_its_end_and_no_further_than_to_a_bound(int size, string? refusal)
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        string pipe = $"/proc/self/fd/{writer.GetClientHandleAsString()}";
        Task writing = Task.Run(() => Write(writer, size));
        if (refusal is null) Assert.Equal(size, InputFile.ReadAll(pipe).Length);
        else AssertRefused(pipe, refusal);
        writer.DisposeLocalCopyOfClientHandle();
        await writing;
    }

    [Theory]
    [InlineData("/proc/self/maps")]
    [InlineData("/proc/version")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    public void Files_that_do_not_say_their_size_are_read(string path)
    {
        Assert.SkipUnless(File.Exists(path), "is not there");
        Assert.NotEmpty(InputFile.ReadAll(path));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        string large = Path.Combine(_folder, "large");
        using (FileStream file = File.Create(large)) file.SetLength(3L << 30);
        AssertRefused(large, "more than 1024 MiB");
    }

    [Fact]
    public void Objects_and_types_are_opened_in_the_same_way()
    {
        var error = Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open("/dev/zero"));
        Assert.Equal(BpfDiagnosticId.Unreadable, error.Id);
        Assert.Contains("a device", error.Message, StringComparison.Ordinal);
        Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open("name\0behind"));
        foreach (string command in (string[])["inspect /dev/zero", "btf dump /dev/zero", "relocate execsnoop.bpf.o --btf /dev/zero", "gen skeleton /dev/zero", "verify /dev/zero"])
        {
            BpfTool tool = BpfTool.Run(command.Split(' '));
            Assert.Equal(1, tool.ExitCode);
            Assert.Contains("a device", tool.Output + tool.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/link", "file")]
    [InlineData("link", "file")]
    [InlineData("/a/up", "file")]
    [InlineData("/a/../../../a/./up", "file")]
    [InlineData("/through/up", "file")]
    [InlineData("/outside", null)]
    [InlineData("/loop", null)]
    [InlineData("/nothing", null)]
    [InlineData("/file/x", null)]
    [InlineData("/../../..", "")]
    public void A_path_stays_in_its_root_by_either_way(string path, string? expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a"));
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        foreach ((string link, string target) in ((string, string)[])
            [("link", "/file"), ("a/up", "../../../../file"), ("through", "/a/../a"), ("outside", "/etc/passwd"), ("loop", "loop")])
            File.CreateSymbolicLink(Path.Combine(_folder, link), target);
        using RootDirectory root = RootDirectory.Open(_folder, out _)!;
        using FileDescriptorHandle? atOnce = root.FindAtOnce(path, out Errno errno), byHand = root.FindByHand(path, out Errno errnoByHand);
        Assert.SkipWhen(errno == Errno.ENOSYS, "openat2 came with Linux 5.6");
        Assert.Equal(errno, errnoByHand);
        FileIdentity? wanted = expected is null ? null : FileIdentity.Of(Path.Combine(_folder, expected));
        Assert.Equal((wanted, wanted), (Identity(atOnce), Identity(byHand)));
    }

    private static FileIdentity? Identity(FileDescriptorHandle? place) => place is null ? null : FileStatus.Of(place, out _)?.Identity;

    private static void AssertRefused(string path, string reason)
    {
        var error = Assert.Throws<InputFileException>(() => InputFile.ReadAll(path));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static void Run(string command)
    {
        string[] words = command.Split(' ');
        using Process process = Process.Start(words[0], words[1..]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void Write(AnonymousPipeServerStream writer, int size)
    {
        byte[] piece = new byte[1 << 20];
        try
        {
            for (int rest = size; rest > 0; rest -= piece.Length) writer.Write(piece, 0, Math.Min(rest, piece.Length));
        }
        catch (IOException)
        {
            // Nobody reads on.
        }

        writer.Dispose();
    }
}
