// What native-shims/bench-agent.c does: opens, loads and attaches testdata/bench_agent.bpf.o, makes a thousand events, reads them, and
// ends. build/bench-tool.sh measures both as whole processes.
using System;
using System.Runtime.InteropServices;
using Bpf.Loader;
using Bpf.Loader.Buffers;

const int Events = 1000;
const int GetPriorityX64 = 140, GetPriorityArm64 = 141;

BpfObjectFile file = BpfObjectFile.Open(args[0]);
file.Globals["target"].Set(Environment.ProcessId);
file.Globals["number"].Set(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (long)GetPriorityArm64 : GetPriorityX64);
using BpfObject bpf = file.Load();
using BpfLinkCollection links = bpf.AttachAll();
using RingBuffer events = bpf.Maps["events"].OpenRingBuffer();

for (int i = 0; i < Events; i++)
    _ = Calls.GetPriority(0, 0);

int count = 0, parent = Calls.GetParent();
while (count < Events && events.Poll(TimeSpan.FromSeconds(1), Count) > 0)
{
}

Console.WriteLine(count);
return count == Events ? 0 : 1;

void Count(ReadOnlySpan<byte> record)
{
    ReadOnlySpan<int> call = MemoryMarshal.Cast<byte, int>(record);
    if (call[0] == Environment.ProcessId && call[1] == parent) count++;
}

internal static partial class Calls
{
    [LibraryImport("libc", EntryPoint = "getpriority")]
    public static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int GetParent();
}
