using System;
using System.Diagnostics;
using System.IO;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>The C compiler, where there is one.</summary>
internal static class Clang
{
    private const string Compiler = "clang-19";

    /// <summary>Compiles C for BPF and reads the BTF of the object; skips the test where there is no compiler.</summary>
    public static BtfReader Compile(string source) => BtfReader.ReadRawOrElf(CompileObject(source));

    /// <summary>Compiles C for BPF and reads the types and the records of the object; skips the test where there is no compiler.</summary>
    public static BtfReader Compile(string source, out BtfExtReader ext)
    {
        byte[] compiled = CompileObject(source);
        Assert.True(ElfFile.Read(compiled).Sections.TryFind(".BTF.ext"u8, out ElfSection section));
        ext = BtfExtReader.Read(section.Data);
        return BtfReader.ReadRawOrElf(compiled);
    }

    /// <summary>Lets the compiler check C, without making code.</summary>
    public static void Check(string source) => Run(source, ["-fsyntax-only"], _ => 0);

    private static byte[] CompileObject(string source) => Run(source, ["-g", "-O2", "-c", "-o", "types.o"], folder => File.ReadAllBytes(Path.Combine(folder, "types.o")));

    private static T Run<T>(string source, string[] arguments, Func<string, T> result)
    {
        string folder = Directory.CreateTempSubdirectory("bpf-loader-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "types.c"), source);
            Process process;
            try
            {
                var start = new ProcessStartInfo(Compiler, ["-target", "bpf", "-Werror", "-Wno-missing-declarations", .. arguments, "types.c"])
                {
                    RedirectStandardError = true,
                    WorkingDirectory = folder,
                };
                process = Process.Start(start)!;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Assert.Skip($"There is no {Compiler}.");
                throw;
            }

            using (process)
            {
                string errors = process.StandardError.ReadToEnd();
                process.WaitForExit();
                Assert.True(process.ExitCode == 0, errors.Length > 4000 ? errors[..4000] : errors);
            }

            return result(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
