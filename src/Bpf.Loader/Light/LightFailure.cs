using System;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>Says what a light object was refused for.</summary>
[SupportedOSPlatform("linux")]
internal static class LightFailure
{
    /// <summary>The first kernel that checks signatures, and hashes what is in a map.</summary>
    public static readonly KernelVersion FirstWithSignatures = new(6, 18, 0);

    // What the kernel makes of an instruction whose relocation found nothing: a call of helper 0xbad2310.
    private const string Poison = "invalid func unknown#195896080";

    private static readonly KernelVersion FirstWithLoaders = new(5, 14, 0);

    /// <summary>The kernel refused the loader program itself.</summary>
    public static BpfException NotLoaded(BpfLightFile light, BpfObjectFile file, LoaderForm form, in ProgramLoadRequest request, BpfKeyring keyring, Errno errno)
    {
        string name = $"the loader of '{light.Name}'";
        if (KernelVersion.Current.CompareTo(FirstWithLoaders) < 0) return new BpfNotSupportedException("programs that load others", "5.14", BpfCommand.ProgLoad, errno, name, "Load the object in the usual way.");
        if (!form.Signature.IsEmpty && Describe(light, form, keyring, errno) is string hint) return new BpfException(BpfCommand.ProgLoad, errno, name, hint, BpfDiagnosticId.SignatureRefused);
        if (!form.Signature.IsEmpty && KernelVersion.Current.CompareTo(FirstWithSignatures) < 0) return new BpfNotSupportedException("signed programs", "6.18", BpfCommand.ProgLoad, errno, name);
        if (errno == Errno.EPERM) return Refusal.OfProgram(BpfCommand.ProgLoad, BpfProgramType.Syscall, errno, name, Refusal.HintFor(BpfCommand.ProgLoad, errno, Needed(file)));

        using var log = new VerifierLogBuffer();
        ProgramLoadRequest again = request;
        again.Log = log.Memory;
        again.LogLevel = log.Memory.IsEmpty ? 0u : 1u;
        using FileDescriptorHandle? late = BpfSyscall.ProgramLoad(again, out _);
        string words = log.Read();
        return words.Length > 0 ? new BpfVerifierException(errno, $"loader of {light.Name}", words) : Refusal.OfProgram(BpfCommand.ProgLoad, BpfProgramType.Syscall, errno, name);
    }

    /// <summary>The kernel did not let it run.</summary>
    public static BpfException NotRun(BpfLightFile light, Errno errno) =>
        Refusal.Of(BpfCommand.ProgTestRun, errno, $"the loader of '{light.Name}'", errno == Errno.EPERM ? "To run a loader needs CAP_BPF and CAP_PERFMON." : null);

    /// <summary>The loader stopped at a step.</summary>
    public static BpfException Explain(BpfLightFile light, BpfObjectFile file, LoaderStep step, Errno errno, string words)
    {
        switch (step.Command)
        {
            case BpfCommand.ProgLoad when step.Program >= 0:
                BpfProgramDefinition program = file.Programs[step.Program];
                string? hint = Refusal.HintFor(step.Command, errno, Needed(file)) ?? Refusal.HintForProgram(program.Type, errno);
                if (VerifierLog.Reason(words) is null) return Refusal.OfProgram(step.Command, program.Type, errno, step.What, hint);
                return words.Contains(Poison, StringComparison.Ordinal)
                    ? new BpfVerifierException(errno, program.Name, words, ExplainCoRe(words), hint)
                    : new BpfVerifierException(errno, program.Name, words, hint);
            case BpfCommand.BtfLoad:
                string line = words.TrimEnd();
                line = line[(line.LastIndexOf('\n') + 1)..];
                return Refusal.Of(step.Command, errno, step.What, line.Length > 0 ? "The kernel says: " + line : Refusal.HintFor(step.Command, errno, Needed(file)));
            case BpfCommand.BtfGetFdById when errno == Errno.ENOENT && step.Program >= 0:
                return new BpfException(
                    BpfCommand.ProgLoad, errno, $"program '{file.Programs[step.Program].Name}'", $"It attaches to '{step.What}', which neither the kernel's types have nor those of its modules.", BpfDiagnosticId.NoAttachTarget);
            case BpfCommand.BtfGetFdById when errno == Errno.ENOENT:
                return new BpfNotSupportedException(
                    BpfDiagnosticId.MissingExtern, $"the {step.What}", null, BpfCommand.ProgLoad, errno, $"'{light.Name}'", "Names come and go with kernels: declare it __weak and test it before its use, if the programs can do without it.");
            case BpfCommand.BtfGetFdById:
                return Refusal.Of(BpfCommand.ProgLoad, errno, $"'{light.Name}'", $"Looking for the {step.What} failed; addresses need CAP_SYSLOG and kernel.kptr_restrict of at most 1.");
            case BpfCommand.ProgTestRun:
                return new BpfException(BpfCommand.ProgTestRun, errno, $"the loader of '{light.Name}'", "Its data are not those that it was made with.", BpfDiagnosticId.SignatureRefused);
            default:
                return Refusal.Of(step.Command, errno, step.What, Refusal.HintFor(step.Command, errno, Needed(file)));
        }
    }

    // The kernel has written what it found of each relocation into the log: "prog '': relo #0: no matching targets found".
    private static BpfFinding ExplainCoRe(string words) => new()
    {
        Id = BpfDiagnosticId.CoReTargetMissing,
        What = "A CO-RE relocation finds nothing on this kernel, and the program does not ask before it uses it.",
        Cure = "Ask before the access whether it is there (bpf_core_field_exists and the like).",
        KernelWords = words.Split('\n').FirstOrDefault(static line => line.Contains("no matching targets", StringComparison.Ordinal)),
    };

    private static string? Describe(BpfLightFile light, LoaderForm form, BpfKeyring keyring, Errno errno) => errno switch
    {
        Errno.EACCES when !form.CoversData && light.SignatureWithData.IsEmpty && KernelVersion.Current.CompareTo(LoaderForm.FirstThatCoversData) >= 0 =>
            $"Its signature is over the program alone, and kernels from 7.3 on want one over the program and its data: sign {nameof(BpfLightFile)}.{nameof(BpfLightFile.InstructionsWithData)} too.",
        Errno.EKEYREJECTED when form.CoversData && light.Signature.IsEmpty && KernelVersion.Current.CompareTo(LoaderForm.FirstThatCoversData) < 0 =>
            $"Its signature is over the program and its data, and kernels up to 7.2 want one over the program alone: sign {nameof(BpfLightFile)}.{nameof(BpfLightFile.Instructions)} too.",
        Errno.ENOKEY => $"Its signature is by a key that is not in the ring {keyring}, or there is no such ring: add the certificate to it (add_key of type asymmetric), or name another in BpfLightLoadOptions.Keyring.",
        Errno.EKEYREJECTED => "Its signature is not over this program: one of them was changed, or it was made with another key.",
        Errno.EBADMSG => "Its signature cannot be read: it must be PKCS#7, without contents.",
        Errno.EKEYEXPIRED => $"The key of the ring {keyring} that signed it has expired.",
        Errno.EKEYREVOKED => $"The key of the ring {keyring} that signed it was revoked.",
        Errno.EOPNOTSUPP => "This kernel is built without what checks signatures (CONFIG_SYSTEM_DATA_VERIFICATION).",
        Errno.ENOPKG => "This kernel lacks the algorithm of its signature.",
        _ => null,
    };

    private static Capability[] Needed(BpfObjectFile file) =>
        NeededCapabilities.Of(file.Programs.Select(static program => program.Type), file.Maps.Where(static map => map.AutoCreate).Select(static map => map.Type));
}
