using System;
using System.IO;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class LsmDenyTests
{
    [Fact]
    public void Nobody_opens_the_file_while_it_runs()
    {
        Requires.SecurityHooks();
        string file = Path.GetTempFileName(), link = file + ".link";
        File.WriteAllText(file, "secret\n");
        Shell.Run($"ln {file} {link}");
        using (Sample deny = Sample.Start("lsm-deny", file))
        {
            deny.ReadLine();
            foreach (string name in (string[])[file, link])
            {
                (int code, _, string errors) = Shell.Try($"cat {name}");
                Assert.Equal(1, code);
                Assert.Contains("Operation not permitted", errors, StringComparison.Ordinal);
                string[] words = deny.ReadLine().Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(["0", "cat", Shell.Run($"stat -c %i {file}").Trim()], words[1..]);
            }

            deny.Stop();
        }

        Assert.Equal("secret\n", Shell.Run($"cat {link}"));
        File.Delete(file);
        File.Delete(link);
    }
}
