using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Diagnostics.Verifier;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;

namespace Bpf.Loader.Loading;

/// <summary>Gives the kernel a program that comes without an object: code, maps, and nothing to relocate.</summary>
[SupportedOSPlatform("linux")]
internal static class SingleProgram
{
    public static FileDescriptorHandle Load(BpfProgramLoadOptions options)
    {
        if (options.Instructions.IsEmpty) throw new ArgumentException("A program has at least one instruction, which ends it.", nameof(options));
        LockedMemory.RaiseOnce(KernelFeatures.Current);
        BpfInstruction[] code = options.Instructions.ToArray();
        var used = new List<FileDescriptorHandle>();
        try
        {
            Patch(code, options.Maps, used);
            return Load(options, code);
        }
        finally
        {
            foreach (FileDescriptorHandle map in used) map.DangerousRelease();
        }
    }

    // By descriptor, not by index, which kernels before 5.14 do not know.
    private static void Patch(BpfInstruction[] code, IReadOnlyList<BpfMap> maps, List<FileDescriptorHandle> used)
    {
        for (int i = 0; i + 1 < code.Length; i++)
        {
            if (!code[i].IsLoadImmediate64) continue;
            if (code[i].Source is BpfPseudo.MapIndex or BpfPseudo.MapIndexValue)
            {
                int map = code[i].Immediate;
                if ((uint)map >= (uint)maps.Count)
                    throw new ArgumentException($"Instruction {i} refers to map {map}, and {(maps.Count == 0 ? "none is given" : $"the last one given is {maps.Count - 1}")}.", nameof(maps));
                FileDescriptorHandle handle = maps[map].Handle;
                bool isCounted = false;
                handle.DangerousAddRef(ref isCounted);
                used.Add(handle);
                code[i].Source = code[i].Source == BpfPseudo.MapIndex ? BpfPseudo.MapDescriptor : BpfPseudo.MapValue;
                code[i].Immediate = handle.Number;
            }

            i++; // the second half
        }
    }

    private static FileDescriptorHandle Load(BpfProgramLoadOptions options, BpfInstruction[] code)
    {
        var request = new ProgramLoadRequest
        {
            Type = options.Type,
            ExpectedAttachType = options.ExpectedAttachType,
            Flags = options.Flags,
            Name = KernelFeatures.Current.Expects(KernelFeature.ProgramName) ? KernelObjectName.Encode(options.Name) : default,
            Instructions = MemoryMarshal.AsBytes(code.AsSpan()),
            License = [.. Encoding.UTF8.GetBytes(options.License), 0],
            KernelVersion = KernelVersion.Current.Code,
            IfIndex = options.InterfaceIndex,
            AttachBtfId = (uint)options.AttachTypeId.Value,
            AttachTarget = options.AttachProgram?.Handle,
        };

        return ExplainedLoad.Load(request, 0, out Errno errno, out string log) ?? throw Explain(options, code, errno, log);
    }

    private static BpfException Explain(BpfProgramLoadOptions options, BpfInstruction[] code, Errno errno, string log)
    {
        string? hint = Refusal.HintFor(BpfCommand.ProgLoad, errno, NeededCapabilities.Of([options.Type], [])) ?? Refusal.HintForProgram(options.Type, errno);
        if (VerifierLog.Reason(log) is not null || VerifierTrace.Parse(log).Last is not null)
        {
            var program = new VerifiedProgram { Name = options.Name, Type = options.Type, License = options.License, Instructions = code };
            return new BpfVerifierException(errno, options.Name, log, VerifierExplainer.Explain(program, log, errno), hint);
        }

        string name = $"program '{options.Name}'";
        if (hint is null && errno is not (Errno.EPERM or Errno.EACCES))
        {
            var question = new ProgramQuestion(options.Type, options.ExpectedAttachType, options.Flags)
            {
                TargetType = (uint)options.AttachTypeId.Value,
                Target = options.AttachProgram?.Handle,
                Instructions = code.Length,
                CallsKernelFunctions = Array.Exists(code, static one => one.Code == BpfOpCode.Call && one.Source == BpfPseudo.KernelFunctionCall),
            };
            if (ProgramAbilities.FindLack(question, errno) is KernelLack lack) return lack.ToException(BpfCommand.ProgLoad, errno, name);
            if (errno is Errno.EINVAL or Errno.E2BIG or Errno.EOPNOTSUPP or Errno.ENOTSUPP) hint = ProgramAbilities.Describe(question, errno);
        }

        return Refusal.OfProgram(BpfCommand.ProgLoad, options.Type, errno, name, hint);
    }
}
