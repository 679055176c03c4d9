using System.Globalization;
using System.Text.RegularExpressions;
using Bpf.Loader;

namespace Bpf.Tool.Compilation;

/// <summary>Finds clang.</summary>
internal static partial class ClangLocator
{
    // The first that records all kinds of CO-RE relocations: those of enums came with LLVM 12.
    private const int MinimumVersion = 12;

    // Debian and its kin name each version apart.
    private const int NewestKnown = 25;

    /// <summary>Finds the compiler that was told, or <c>clang</c> on the path, or the newest <c>clang-NN</c> there.</summary>
    /// <exception cref="CompileException">There is none, or only old ones.</exception>
    public static Clang Find(string? told)
    {
        if (!string.IsNullOrWhiteSpace(told))
        {
            return Probe(told) switch
            {
                null => throw new CompileException(BpfDiagnosticId.ClangNotFound, $"The compiler '{told}' (property BpfClang, option --clang) cannot be run, or is no clang."),
                { Version: < MinimumVersion } old => throw new CompileException(BpfDiagnosticId.ClangTooOld, $"The compiler '{told}' is clang {old.Version}; BPF objects need clang {MinimumVersion} or newer."),
                Clang found => found,
            };
        }

        Clang? newest = Probe("clang");
        for (int version = NewestKnown; version >= MinimumVersion && newest is null or { Version: < MinimumVersion }; version--)
            newest = Probe($"clang-{version.ToString(CultureInfo.InvariantCulture)}") ?? newest;
        return newest switch
        {
            null => throw new CompileException(
                BpfDiagnosticId.ClangNotFound,
                "clang was not found, neither as 'clang' nor as 'clang-NN'.",
                "Install it (Debian, Ubuntu: apt install clang; Fedora: dnf install clang), name it by the property BpfClang, "
                + "or use an object that was compiled elsewhere: <BpfObject Include=\"NAME.bpf.o\" />."),
            { Version: < MinimumVersion } => throw new CompileException(
                BpfDiagnosticId.ClangTooOld, $"Only clang {newest.Version} was found; BPF objects need clang {MinimumVersion} or newer.", "Name another by the property BpfClang."),
            _ => newest,
        };
    }

    private static Clang? Probe(string path)
    {
        if (ChildProcess.Run(path, ["--version"]) is not { ExitCode: 0 } result) return null;
        Match match = Version().Match(result.Output);
        return match.Success ? new Clang(path, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex(@"clang version (\d+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
