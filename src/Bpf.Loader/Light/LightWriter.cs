using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>Writes a light object: the description of its maps and programs, the loader program and its data.</summary>
internal sealed class LightWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Write(BpfObjectFile file, LoaderProgram loader, bool isBound)
    {
        var writer = new LightWriter();
        writer._bytes.AddRange(LightFormat.Magic);
        writer.Number(LightFormat.Version);
        writer.Number(LightFormat.ByteOrder);
        writer.Text(file.Name);
        writer.Text(file.License);
        writer.Number(isBound);
        writer.Number(loader.ExclusiveCheck);
        writer.Number(loader.ExternCount);
        BpfProgramDefinition[] programs = [.. loader.Programs];
        writer.List(file.Maps, map => writer.Map(map, loader, file, programs));
        writer.List(file.Globals, global => writer.Global(global, file));
        writer.List([.. file.Externs.Where(static value => value.Kind == BpfExternKind.KernelConfig)], writer.Config);
        writer.List(programs, writer.Program);
        writer.List(loader.Steps, writer.Step);
        writer.Block(MemoryMarshal.AsBytes(loader.Instructions.AsSpan()));
        writer.Block(loader.Data);
        return [.. writer._bytes];
    }

    private void Map(BpfMapDefinition map, LoaderProgram loader, BpfObjectFile file, BpfProgramDefinition[] programs)
    {
        Text(map.Name);
        Text(map.KernelName);
        Text(map.SectionName);
        Number((uint)map.Kind);
        Number((uint)map.Type);
        Number(map.KeySize);
        Number(map.ValueSize);
        Number(map.MaxEntries);
        Number((uint)map.Flags);
        Number((uint)map.MapExtra);
        Number((uint)(map.MapExtra >> 32));
        Number(map.NumaNode);
        Number(map.InterfaceIndex);
        Number(map.AutoCreate);
        Number((uint)(map.InnerMap?.Type ?? 0));
        Number(map.InnerMap?.MaxEntries ?? 0);
        Number(map.InitialValue.Length);
        Number(loader.FindValue(map));
        List(map.InitialSlots, slot =>
        {
            Number(slot.Index);
            Number(slot.Map is null ? -1 : IndexOf(file.Maps, slot.Map));
            Number(slot.Program is null ? -1 : Array.IndexOf(programs, slot.Program));
        });
    }

    private void Global(BpfGlobal global, BpfObjectFile file)
    {
        Text(global.Name);
        Number(IndexOf(file.Maps, global.Map));
        Number(global.Offset);
        Number(global.Size);
        Number(global.IsStatic);
    }

    private void Config(BpfExternDefinition value)
    {
        Text(value.Name);
        Number(value.IsWeak);
        Number((uint)value.ConfigType);
        Number(value.IsSigned);
        Number(value.Size);
        Number(value.Offset);
    }

    private void Program(BpfProgramDefinition program)
    {
        Text(program.Name);
        Text(program.SectionName);
        Number((uint)program.Type);
        Number((uint)LoaderProgram.AttachTypeOf(program));
        Number((uint)program.Flags);
        Number(program.InterfaceIndex);
        Number(program.AutoAttach);
        Number(program.AttachTarget is not null);
        Text(program.AttachTarget ?? "");
    }

    private void Step(LoaderStep step)
    {
        Number((uint)step.Command);
        Number(step.Program);
        Text(step.What);
    }

    private void List<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Number(items.Count);
        foreach (T item in items) write(item);
    }

    private void Text(string text) => Block(Encoding.UTF8.GetBytes(text));

    private void Block(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        _bytes.AddRange(bytes);
    }

    private void Number(bool value) => Number(value ? 1u : 0u);

    private void Number(int value) => Number((uint)value);

    private void Number(uint value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private static int IndexOf(BpfDefinitionCollection<BpfMapDefinition> maps, BpfMapDefinition map)
    {
        for (int i = 0; i < maps.Count; i++)
        {
            if (maps[i] == map) return i;
        }

        return -1;
    }
}
