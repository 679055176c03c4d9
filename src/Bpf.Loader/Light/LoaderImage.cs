using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Light;

/// <summary>Gives the kernel a loader program and its data.</summary>
[SupportedOSPlatform("linux")]
internal static class LoaderImage
{
    private static ReadOnlySpan<byte> MapName => "__loader.map"u8;

    private static ReadOnlySpan<byte> ProgramName => "__loader.prog"u8;

    // The helpers of a loader are for programs under the GPL.
    private static ReadOnlySpan<byte> License => "Dual BSD/GPL\0"u8;

    /// <summary>Loads the program, which holds its data.</summary>
    /// <exception cref="BpfException">The kernel refuses one of them.</exception>
    public static FileDescriptorHandle Load(BpfLightFile light, BpfObjectFile file, BpfKeyring keyring)
    {
        IReadOnlyList<LoaderForm> forms = LoaderForm.Of(light);
        try
        {
            return Load(light, file, forms[0], keyring);
        }
        catch (BpfException refusal) when (forms.Count > 1 && refusal is { Command: BpfCommand.ProgLoad, Errno: Errno.EACCES or Errno.EKEYREJECTED or Errno.EINVAL })
        {
            // It may have the rules of other versions.
            try
            {
                return Load(light, file, forms[1], keyring);
            }
            catch (BpfException)
            {
                throw refusal;
            }
        }
    }

    private static FileDescriptorHandle Load(BpfLightFile light, BpfObjectFile file, LoaderForm form, BpfKeyring keyring)
    {
        using FileDescriptorHandle data = CreateData(light, form);
        return CreateProgram(light, file, form, data, keyring);
    }

    // The map of the data; of a bound loader it is for that program only, and frozen.
    private static FileDescriptorHandle CreateData(BpfLightFile light, LoaderForm form)
    {
        ReadOnlySpan<byte> data = light.Contents.Data.Span;
        var request = new MapCreateRequest
        {
            Type = BpfMapType.Array,
            KeySize = sizeof(int),
            ValueSize = (uint)data.Length,
            MaxEntries = 1,
            Name = MapName,
            ExclusiveProgramHash = light.IsBound ? SHA256.HashData(form.Instructions.Span) : default,
        };
        FileDescriptorHandle map = BpfSyscall.MapCreate(request, out Errno errno) ?? throw Refuse(light, BpfCommand.MapCreate, errno, "the loader's data");
        try
        {
            int key = 0;
            errno = BpfSyscall.MapUpdate(map, in MemoryMarshal.AsBytes(new Span<int>(ref key))[0], in data[0], 0);
            if (errno != Errno.None) throw Refuse(light, BpfCommand.MapUpdateElement, errno, "the loader's data");
            if (!light.IsBound) return map;

            // Only of what nobody can change the kernel computes a hash, which the loader compares with its own.
            errno = BpfSyscall.MapFreeze(map);
            if (errno != Errno.None) throw Refuse(light, BpfCommand.MapFreeze, errno, "the loader's data");
            errno = BpfSyscall.HashMap(map);
            return errno == Errno.None ? map : throw Refuse(light, BpfCommand.ObjGetInfoByFd, errno, "the hash of the loader's data");
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private static FileDescriptorHandle CreateProgram(BpfLightFile light, BpfObjectFile file, LoaderForm form, FileDescriptorHandle data, BpfKeyring keyring)
    {
        using HandleUse use = data.Use();
        ReadOnlySpan<int> descriptors = [use.Descriptor];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.Syscall,
            Flags = BpfProgramFlags.Sleepable,
            Name = ProgramName,
            Instructions = form.Instructions.Span,
            License = License,
            FdArray = descriptors,
            CountFdArray = form is { CoversData: true, Signature.IsEmpty: false },
            Signature = form.Signature.Span,
            Keyring = form.Signature.IsEmpty ? 0 : (int)keyring,
        };
        return BpfSyscall.ProgramLoad(request, out Errno errno) ?? throw LightFailure.NotLoaded(light, file, form, request, keyring, errno);
    }

    private static BpfException Refuse(BpfLightFile light, BpfCommand command, Errno errno, string what)
    {
        string name = $"{what} of '{light.Name}'";
        return light.IsBound && errno is Errno.EINVAL or Errno.E2BIG && KernelVersion.Current.CompareTo(LightFailure.FirstWithSignatures) < 0
            ? new BpfNotSupportedException("signed loaders", "6.18", command, errno, name)
            : Refusal.Of(command, errno, name, Refusal.HintFor(command, errno, [Capability.Bpf]));
    }
}
