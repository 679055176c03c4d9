// Lets nobody open the given files, as long as it runs. Needs a kernel with the BPF security module: CONFIG_BPF_LSM, and
// "bpf" among the names in /sys/kernel/security/lsm.
using System.CommandLine;
using Bpf.Samples;
using Microsoft.Win32.SafeHandles;
using static Bpf.Samples.LsmDeny;

Argument<FileInfo[]> paths = new("file") { Description = "The files.", Arity = ArgumentArity.OneOrMore };
var command = new RootCommand("Lets nobody open the given files, until Ctrl-C, and prints who tried.") { paths };
command.Does(async (arguments, cancellation) =>
{
    LsmDeny.Description file = LsmDeny.Open();
    file.Rodata.OwnPid = (uint)Environment.ProcessId;
    using LsmDeny bpf = file.Load();

    // A mark lives as long as the kernel remembers the inode: an open descriptor keeps it.
    List<SafeFileHandle> marked = [];
    try
    {
        foreach (FileInfo path in arguments.GetRequiredValue(paths))
        {
            SafeFileHandle handle = File.OpenHandle(path.FullName);
            marked.Add(handle);
            bpf.Maps.Denied.Set(handle, 1);
        }

        using LsmDeny.Attached links = bpf.AttachAll();
        Console.WriteLine($"{"PID",7} {"UID",6} {"COMM",-16} INODE");
        await foreach (Denial denial in bpf.Maps.Denials.ReadAllAsync(cancellation))
            Console.WriteLine($"{denial.Pid,7} {denial.Uid,6} {denial.Comm,-16} {denial.Inode}");
    }
    finally
    {
        marked.ForEach(handle => handle.Dispose());
    }
});
return await command.RunAsync(args);
