using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The samples that trace, without a kernel.</summary>
public sealed class TracingSampleTests
{
    private readonly BpfMachine _machine = new() { Process = new MachineProcess { ProcessId = 42, ThreadId = 43, UserId = 1000, Name = "curl" } };

    [Fact]
    public void Opensnoop_tells_what_was_opened_and_what_came_of_it()
    {
        BpfMachineObject bpf = Load("opensnoop");
        ulong path = _machine.User.Add("/etc/passwd");
        bpf.Program("openat_begins").RunTracepoint("syscalls", "sys_enter_openat", e => e["args[1]"] = path);
        bpf.Program("openat_ends").RunTracepoint("syscalls", "sys_exit_openat", e => e["ret"] = -2);
        ReadOnlySpan<byte> record = bpf.Ring<ulong>("events").GetBytes(0);
        Assert.Equal((42, -2), (MemoryMarshal.Read<int>(record), MemoryMarshal.Read<int>(record[4..])));
        Assert.Equal(("curl", "/etc/passwd"), (BpfText.Read(record.Slice(8, 16)), BpfText.Read(record[24..])));
        Assert.Equal(0, bpf.Map("begun").Count);
    }

    [Fact]
    public void Opensnoop_tells_of_a_path_that_cannot_be_read_without_it()
    {
        BpfMachineObject bpf = Load("opensnoop");
        bpf.Program("openat_begins").RunTracepoint("syscalls", "sys_enter_openat", e => e["args[1]"] = 0x7fff_0000_1000);
        bpf.Program("openat_ends").RunTracepoint("syscalls", "sys_exit_openat", e => e["ret"] = 3);
        Assert.Equal("", BpfText.Read(bpf.Ring<ulong>("events").GetBytes(0)[24..]));
    }

    [Fact]
    public void Opensnoop_keeps_to_one_process_and_to_failures()
    {
        BpfObjectFile file = OpenFile("opensnoop");
        file.Globals["only_pid"].Set(42u);
        file.Globals["only_failed"].Set(true);
        BpfMachineObject bpf = _machine.Load(file);
        foreach (int result in (int[])[3, -13])
        {
            bpf.Program("openat_begins").RunTracepoint("syscalls", "sys_enter_openat");
            bpf.Program("openat_ends").RunTracepoint("syscalls", "sys_exit_openat", e => e["ret"] = result);
        }

        _machine.Process = _machine.Process with { ProcessId = 7 };
        bpf.Program("openat_begins").RunTracepoint("syscalls", "sys_enter_openat");
        bpf.Program("openat_ends").RunTracepoint("syscalls", "sys_exit_openat", e => e["ret"] = -13);
        Assert.Single(bpf.Ring<ulong>("events"));
    }

    [Fact]
    public void Runqlat_counts_how_long_a_thread_waited()
    {
        BpfMachineObject bpf = Load("runqlat");
        KernelObject idle = _machine.Kernel.New("task_struct", t => t["__state"] = 1);
        KernelObject task = _machine.Kernel.New("task_struct", t => t["pid"] = 77);
        bpf.Program("woken").RunTracing(task.Address);
        _machine.Advance(TimeSpan.FromMicroseconds(300));
        bpf.Program("switched").RunTracing(0, idle.Address, task.Address);
        Assert.Equal(1ul, bpf.Map<uint, ulong>("microseconds")[8]); // 256 to 511
        Assert.Equal(1ul, bpf.Map<uint, ulong>("microseconds").Aggregate(0ul, static (sum, each) => sum + each.Value));
        Assert.Equal(0, bpf.Map("waiting_since").Count);
    }

    [Fact]
    public void Biolatency_counts_by_device()
    {
        BpfMachineObject bpf = Load("biolatency");
        void Set(TracepointContext e)
        {
            e["dev"] = (8 << 20) | 1;
            e["sector"] = 1024;
        }

        bpf.Program("request_issued").RunTracepoint("block", "block_rq_issue", Set);
        _machine.Advance(TimeSpan.FromMilliseconds(1));
        bpf.Program("request_completed").RunTracepoint("block", "block_rq_complete", Set);
        byte[] histogram = new byte[32 * sizeof(ulong)];
        Assert.True(bpf.Map("microseconds_by_device").TryGet(BitConverter.GetBytes((8 << 20) | 1), histogram));
        Assert.Equal(1ul, MemoryMarshal.Cast<byte, ulong>(histogram)[9]); // 512 to 1023 is slot 9
    }

    [Theory]
    [InlineData("connect_fentry")]
    [InlineData("connect_kprobe")]
    [InlineData("connect_tracepoint")]
    public void Tcpconnect_tells_who_connects_where(string program)
    {
        BpfMachineObject bpf = Load("tcpconnect");
        KernelObject socket = _machine.Kernel.New("sock", s =>
        {
            s["__sk_common.skc_family"] = 2;
            s["__sk_common.skc_dport"] = 0xbb01; // 443, in network order
            s["__sk_common.skc_daddr"] = 0x0200000a;
        });
        BpfMachineProgram connect = bpf.Program(program);
        _ = program switch
        {
            "connect_fentry" => connect.RunTracing(socket.Address),
            "connect_kprobe" => connect.RunProbe(socket.Address),
            _ => connect.RunTracepoint("sock", "inet_sock_set_state", e =>
            {
                e["newstate"] = 2;
                e["skaddr"] = socket;
            }),
        };
        ReadOnlySpan<byte> record = bpf.Ring<ulong>("events").GetBytes(0);
        Assert.Equal((42u, 1000u, (ushort)2, (ushort)443), (MemoryMarshal.Read<uint>(record), MemoryMarshal.Read<uint>(record[4..]), MemoryMarshal.Read<ushort>(record[8..]), MemoryMarshal.Read<ushort>(record[10..])));
        Assert.Equal("0A000002", Convert.ToHexString(record.Slice(44, 4)));
    }

    [Fact]
    public void Profile_counts_equal_stacks_together()
    {
        BpfMachineObject bpf = Load("profile");
        _machine.KernelStack = [0xffffffff81000010, 0xffffffff81000020];
        bpf.Program("sample").RunPerfEvent();
        bpf.Program("sample").RunPerfEvent();
        _machine.UserStack = [0x401000];
        bpf.Program("sample").RunPerfEvent();
        byte[][] keys = [.. bpf.Map("counts").Keys];
        Assert.Equal(2, keys.Length);
        Assert.Equal([1ul, 2], keys.Select(key => Count(bpf.Map("counts"), key)).Order().ToArray());
        byte[] trace = new byte[bpf.Map("stacks").ValueSize];
        Assert.True(bpf.Map("stacks").TryGet(keys[0].AsSpan(4, 4), trace));
        Assert.Equal(0xffffffff81000010, MemoryMarshal.Read<ulong>(trace));
    }

    [Fact]
    public void Usdt_trace_tells_the_arguments_and_texts()
    {
        BpfObjectFile file = OpenFile("usdt-trace");
        file.Globals["text_arguments"].Set(0b10u);
        BpfMachineObject bpf = _machine.Load(file);
        bpf.Program("probe_fired").RunUsdt(-5, (long)_machine.User.Add("a text"));
        ReadOnlySpan<byte> record = bpf.Ring<ulong>("events").GetBytes(0);
        Assert.Equal((42u, 43u, 2), (MemoryMarshal.Read<uint>(record), MemoryMarshal.Read<uint>(record[4..]), MemoryMarshal.Read<int>(record[32..])));
        Assert.Equal(-5L, MemoryMarshal.Read<long>(record[40..]));
        int texts = (record.Length - 40) / 72; // 8 bytes of argument and 64 of text each
        Assert.Equal("a text", BpfText.Read(record.Slice(40 + (texts * 8) + 64, 64)));
    }

    private static ulong Count(BpfMachineMap map, byte[] key)
    {
        byte[] value = new byte[8];
        Assert.True(map.TryGet(key, value));
        return BitConverter.ToUInt64(value);
    }

    private static BpfObjectFile OpenFile(string sample) => BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples", sample, sample + ".bpf.o"));

    private BpfMachineObject Load(string sample) => _machine.Load(OpenFile(sample));
}
