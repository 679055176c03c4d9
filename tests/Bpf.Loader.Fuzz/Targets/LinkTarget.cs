using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Linking;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>One to three objects, sound and damaged, linked into one: what comes out is read again, and is the same every time.</summary>
internal sealed class LinkTarget() : FuzzTarget("link")
{
    private const int Maximum = 3;

    public override long AllocationPerByte => 1500;

    public override byte[] Make(FuzzRandom random)
    {
        var objects = new List<byte[]>();
        bool isBigEndian = random.Once(4);
        Layout[] fitting = [.. Seeds.Objects.Where(layout => layout.IsBigEndian == isBigEndian)];
        for (int count = 1 + random.Next(Maximum); count > 0; count--)
        {
            Layout layout = random.Pick(fitting);
            objects.Add(random.Once(3) ? layout.Image
                : random.Once(6) ? ElfSurgery.Replace(layout.Image, layout, ".BTF", Seeds.MutatedTypes(random))
                : Mutator.Mutate(layout, random, random.Pick(fitting).Image));
        }

        return Parcel.Pack(objects);
    }

    public override void Run(byte[] input)
    {
        byte[][] objects = [.. Parcel.Unpack(input, Maximum).Where(static part => part.Length > 0)];
        if (objects.Length == 0) return;
        byte[] linked = Link(objects);
        Oracle.Same(linked, Link(objects), "the linked object is another the second time");
        ElfFile elf = Sound(linked);
        bool areSound = objects.All(static image => IsSeed(image) && IsSound(image));
        try
        {
            BpfObjectFile.Read(linked, "linked.bpf.o");
        }
        catch (BpfFormatException e) when (areSound)
        {
            throw new OracleException($"objects that are read by themselves are not read when they are linked: {e.Message}");
        }

        Oracle.Require(elf.Sections.Count > 0, "the linked object has no sections");
    }

    private static ElfFile Sound(byte[] linked)
    {
        try
        {
            ElfFile elf = ElfFile.Read(linked);
            foreach (ElfSection section in elf.Sections)
            {
                _ = section.Name;
                _ = section.Data;
            }

            if (elf.Sections.TryFind(".BTF"u8, out ElfSection types)) BtfReader.Read(types.Data);
            if (elf.Sections.TryFind(".BTF.ext"u8, out ElfSection ext)) BtfExtReader.Read(ext.Data);
            return elf;
        }
        catch (BpfFormatException e)
        {
            throw new OracleException($"the linked object is not sound: {e.Message}");
        }
    }

    // What was damaged may be sound by itself and contradict the others: a variable is static here, and not there.
    private static bool IsSeed(byte[] image) => Seeds.Objects.Any(layout => layout.Image.AsSpan().SequenceEqual(image));

    private static bool IsSound(byte[] image)
    {
        try
        {
            BpfObjectFile.Read(image, "input.bpf.o");
            return true;
        }
        catch (BpfFormatException)
        {
            return false;
        }
    }

    private static byte[] Link(byte[][] objects)
    {
        var linker = new BpfLinker();
        for (int i = 0; i < objects.Length; i++) linker.Add(objects[i], $"object {i}");
        return linker.ToArray();
    }
}
