using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>Recognizes whose registers a struct holds: an object that was compiled with the header of another machine asks for those.</summary>
internal static class RegisterHeaders
{
    /// <summary>What to do about it.</summary>
    public const string Cure = "Compile for the target's machine: with its vmlinux.h and -D__TARGET_ARCH_... of it, into an object of its own.";

    // A member that only the registers of one machine have, in struct pt_regs, user_pt_regs or user_regs_struct of each.
    private static readonly (string Machine, string Member)[] Marks =
    [
        ("x86", "di"), ("x86", "rdi"), ("x86", "ax"), ("x86", "orig_ax"), ("x86", "ip"), ("arm64", "pstate"), ("arm64", "user_regs"), ("arm64", "syscallno"), ("s390", "psw"), ("s390", "gprs"),
        ("powerpc", "nip"), ("powerpc", "gpr"), ("riscv", "epc"), ("riscv", "badaddr"), ("loongarch", "csr_era"), ("mips", "cp0_epc"), ("arm", "uregs"), ("arc", "ecr"), ("riscv", "a0"),
    ];

    /// <summary>That the object asks for registers of another machine than the target's, a sentence; null when it does not, or that cannot be told.</summary>
    /// <param name="root">The type that the object asks for.</param>
    /// <param name="target">The types of the target.</param>
    public static string? Explain(BtfType root, BtfReader target)
    {
        string name = System.Text.Encoding.UTF8.GetString(BtfReader.EssentialName(root.NameUtf8));
        if (name is not ("pt_regs" or "user_pt_regs" or "user_regs_struct") || Machine(root) is not string ours) return null;
        if (!target.TryFind("pt_regs", BtfKind.Struct, out BtfTypeId id) || Machine(target[id]) is not string theirs || ours == theirs) return null;
        return $"The object was compiled with the registers of {ours} ({root.Kind.ToLogName()} {name}), and the target is {theirs}.";
    }

    private static string? Machine(BtfType registers)
    {
        if (!registers.IsComposite) return null;
        foreach (BtfMember member in registers.Members)
        {
            string? found = member.IsAnonymous ? Machine(registers.Reader.StripModifiers(member.TypeId)) : Array.Find(Marks, mark => mark.Member == member.Name).Machine;
            if (found is not null) return found;
        }

        return null;
    }
}
