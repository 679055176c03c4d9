using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>
/// Translates the structures of struct_ops maps into what this kernel has under that name: members are matched by name, and what
/// the kernel lacks must be zero.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class StructOpsResolver
{
    /// <summary>Prepares all struct_ops maps and decides which of their programs are loaded.</summary>
    /// <exception cref="BpfException">A map does not fit the kernel.</exception>
    public static void Resolve(LoadContext context)
    {
        bool isUsed = false;
        foreach (BpfMapDefinition map in context.File.Maps)
        {
            if (map.StructOps is null) continue;
            isUsed = true;
            if (map.AutoCreate) context.StructOps.Add(map, new MapTranslation(context, map).Translate());
        }

        if (isUsed) AdjustAutoLoad(context.File);
    }

    /// <summary>Programs of struct_ops maps are loaded when, and only when, one of their maps is created.</summary>
    private static void AdjustAutoLoad(BpfObjectFile file)
    {
        var users = new Dictionary<BpfProgramDefinition, bool>();
        foreach (BpfMapDefinition map in file.Maps)
        {
            if (map.StructOps is null) continue;
            foreach (StructOpsMember member in map.StructOps.Members)
            {
                if (member.Program is BpfProgramDefinition program) users[program] = users.GetValueOrDefault(program) || map.AutoCreate;
            }
        }

        foreach ((BpfProgramDefinition program, bool isCreated) in users)
        {
            if (program.Type == BpfProgramType.StructOps) program.AutoLoad = isCreated;
        }
    }

    /// <summary>The translation of one map.</summary>
    private readonly ref struct MapTranslation(LoadContext context, BpfMapDefinition map)
    {
        private readonly BtfReader _local = context.File.Btf!;

        public StructOpsImage Translate()
        {
            string name = Encoding.UTF8.GetString(BtfReader.EssentialName(Encoding.UTF8.GetBytes(map.StructOps!.TypeName)));
            BtfReader kernel = FindKernelTypes(name, out BtfReader? module, out BtfType type, out BtfType wrapper, out uint dataOffset);
            var image = new StructOpsImage { ValueTypeId = wrapper.Id, Module = module, Value = new byte[wrapper.Size] };
            map.ValueSize = wrapper.Size;

            BtfMemberCollection members = _local[map.StructOps.TypeId].Members;
            foreach (StructOpsMember member in map.StructOps.Members)
                TranslateMember(member, members[member.Index], kernel, type, dataOffset, image);
            return image;
        }

        private BtfReader FindKernelTypes(string name, out BtfReader? module, out BtfType type, out BtfType wrapper, out uint dataOffset)
        {
            byte[] typeName = Encoding.UTF8.GetBytes(name);
            BtfReader kernel = context.Kernel.Kernel;
            module = null;
            bool isFound = kernel.TryFind(typeName, BtfKind.Struct, out BtfTypeId id);
            if (!isFound)
            {
                foreach (BtfReader candidate in context.Kernel.Modules)
                {
                    if (!candidate.TryFindOwn(typeName, BtfKind.Struct, out id)) continue;
                    kernel = module = candidate;
                    isFound = true;
                    break;
                }
            }

            if (!isFound || !kernel.TryFind("bpf_struct_ops_" + name, BtfKind.Struct, out BtfTypeId wrapperId))
                throw Fail($"this kernel has no struct_ops '{name}'");
            type = kernel[id];
            wrapper = kernel[wrapperId];
            foreach (BtfMember member in wrapper.Members)
            {
                if (member.TypeId != id) continue;
                dataOffset = member.BitOffset / 8;
                return kernel;
            }

            throw Fail($"the kernel's '{wrapper.Name}' holds no '{name}'");
        }

        private void TranslateMember(StructOpsMember member, BtfMember local, BtfReader kernel, BtfType kernelType, uint dataOffset, StructOpsImage image)
        {
            uint size = _local.SizeOf(local.TypeId);
            ReadOnlySpan<byte> value = map.InitialValue.Span.Slice((int)(local.BitOffset / 8), (int)size);
            if (!TryFindMember(kernelType, local.NameUtf8, out BtfMember target, out int targetIndex))
            {
                if (member.Program is null && value.IndexOfAnyExcept((byte)0) >= 0)
                    throw Fail($"it sets the member '{member.Name}', which this kernel does not have");

                // The kernel never asks for a callback that it does not know: the program is not needed here.
                if (member.Program is not null) member.Program.AutoLoad = false;
                member.Program = null;
                return;
            }

            if (local.BitFieldSize != 0 || target.BitFieldSize != 0) throw Fail($"its member '{member.Name}' is a bit-field");
            BtfType localType = _local.StripModifiers(local.TypeId), targetType = kernel.StripModifiers(target.TypeId);
            if (localType.Kind != targetType.Kind) throw Fail($"its member '{member.Name}' is a {localType.Kind}, and the kernel's is a {targetType.Kind}");
            int offset = (int)(dataOffset + (target.BitOffset / 8));
            if (localType.Kind == BtfKind.Pointer)
            {
                SetCallback(member, kernel, kernelType, targetType, targetIndex, offset, image);
                return;
            }

            if (!kernel.TryGetSize(targetType.Id, out uint targetSize) || targetSize != size)
                throw Fail($"its member '{member.Name}' has {size} bytes, and the kernel's has {targetSize}");
            value.CopyTo(image.Value.AsSpan(offset));
        }

        private void SetCallback(StructOpsMember member, BtfReader kernel, BtfType kernelType, BtfType pointer, int index, int offset, StructOpsImage image)
        {
            if (member.DeclaredProgram is not null && member.DeclaredProgram != member.Program) member.DeclaredProgram.AutoLoad = false;
            if (member.Program is not BpfProgramDefinition program) return;
            if (program.Type != BpfProgramType.StructOps) throw Fail($"its member '{member.Name}' is set to the program '{program.Name}', which is not a struct_ops program");
            if (kernel.StripModifiers(pointer.TypeId).Kind != BtfKind.FunctionPrototype) throw Fail($"the kernel's member '{member.Name}' is not a pointer to a function");

            var wanted = new AttachTarget((uint)kernelType.Id.Value, null);
            if (!context.Targets.TryGetValue(program, out AttachTarget known))
            {
                if (image.Module is not null) wanted = wanted with { Object = context.Kernel.GetModuleHandle(image.Module).Duplicate() };
                context.Targets.Add(program, wanted);
                program.ExpectedAttachType = (BpfAttachType)index;
            }
            else if (known.TypeId != wanted.TypeId || program.ExpectedAttachType != (BpfAttachType)index)
            {
                throw Fail($"the program '{program.Name}' is used for two different callbacks, of which '{member.Name}' is the second");
            }

            image.Callbacks.Add((offset, program));
        }

        private static bool TryFindMember(BtfType type, ReadOnlySpan<byte> name, out BtfMember member, out int index)
        {
            BtfMemberCollection members = type.Members;
            for (index = 0; index < members.Count; index++)
            {
                member = members[index];
                if (member.NameUtf8.SequenceEqual(name)) return true;
            }

            member = default;
            return false;
        }

        private BpfException Fail(string why) => new(
            BpfCommand.MapCreate, Errno.EOPNOTSUPP, $"struct_ops map '{map.Name}'", $"{why}.", BpfDiagnosticId.StructOpsMismatch);
    }
}
