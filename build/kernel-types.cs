#:project ../src/Bpf.Loader/Bpf.Loader.csproj
#:property RunAnalyzersDuringBuild=false
// Makes src/Bpf.Loader.Testing/Kernel/linux-6.12.btf of a kernel's whole BTF: `build/kernel-types.sh` runs it.
// Structures that programs commonly read are there in full, with all that they hold; what they only point to is declared.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;

BtfReader kernel = BtfReader.ReadRawOrElf(File.ReadAllBytes(args[0]));
string[] wanted = File.ReadAllLines(args[1]).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToArray();

// The first pass finds what is kept, in full or declared; ids keep their order.
var full = new SortedSet<int>();
var declared = new HashSet<int>();
var pending = new Stack<(BtfTypeId Id, bool ByPointer)>();
var roots = new HashSet<int>();
bool[] found = new bool[wanted.Length];
foreach (int id in Enumerable.Range(kernel.FirstId, kernel.TypeCount - kernel.FirstId))
{
    BtfType type = kernel[new BtfTypeId(id)];
    if (type.Kind is not (BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Typedef or BtfKind.Variable)) continue;
    string name = type.Name;
    for (int i = 0; i < wanted.Length; i++)
    {
        bool matches = wanted[i].EndsWith('*') ? name.StartsWith(wanted[i][..^1], StringComparison.Ordinal) : name == wanted[i];
        if (!matches) continue;
        found[i] = true;
        roots.Add(id);
    }
}

for (int i = 0; i < wanted.Length; i++)
{
    if (!found[i]) Console.Error.WriteLine($"no type {wanted[i]}");
}

foreach (int id in roots) pending.Push((new BtfTypeId(id), false));
while (pending.TryPop(out (BtfTypeId Id, bool ByPointer) next))
{
    if (next.Id.IsVoid) continue;
    BtfType type = kernel[next.Id];
    if (next.ByPointer && type.IsComposite && type.Name.Length > 0 && !roots.Contains(next.Id.Value))
    {
        declared.Add(next.Id.Value);
        if (!full.Contains(next.Id.Value)) continue;
    }

    if (!full.Add(next.Id.Value)) continue;
    switch (type.Kind)
    {
        case BtfKind.Struct or BtfKind.Union:
            foreach (BtfMember member in type.Members) pending.Push((member.TypeId, false));
            break;
        case BtfKind.Array:
            pending.Push((type.Array.ElementTypeId, false));
            pending.Push((type.Array.IndexTypeId, false));
            break;
        case BtfKind.FunctionPrototype:
            pending.Push((type.TypeId, true));
            foreach (BtfParameter parameter in type.Parameters) pending.Push((parameter.TypeId, true));
            break;
        case BtfKind.Pointer:
            pending.Push((type.TypeId, true));
            break;
        case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
            pending.Push((type.TypeId, next.ByPointer));
            break;
        case BtfKind.Typedef or BtfKind.Variable:
            pending.Push((type.TypeId, false));
            break;
    }
}

declared.ExceptWith(full);
int[] kept = [.. full.Union(declared).Order()];
var ids = new Dictionary<int, BtfTypeId> { [0] = BtfTypeId.Void };
for (int i = 0; i < kept.Length; i++) ids[kept[i]] = new BtfTypeId(i + 1);
BtfTypeId Of(BtfTypeId id) => ids[id.Value];

var builder = new BtfBuilder();
foreach (int id in kept)
{
    BtfType type = kernel[new BtfTypeId(id)];
    string name = type.Name;
    if (declared.Contains(id))
    {
        builder.AddForward(name, type.Kind == BtfKind.Union);
        continue;
    }

    switch (type.Kind)
    {
        case BtfKind.Int: builder.AddInt(name, type.Size, type.IntEncoding); break;
        case BtfKind.Float: builder.AddFloat(name, type.Size); break;
        case BtfKind.Pointer: builder.AddPointer(Of(type.TypeId)); break;
        case BtfKind.Const: builder.AddConst(Of(type.TypeId)); break;
        case BtfKind.Volatile: builder.AddVolatile(Of(type.TypeId)); break;
        case BtfKind.Restrict: builder.AddRestrict(Of(type.TypeId)); break;
        case BtfKind.TypeTag: builder.AddTypeTag(name, Of(type.TypeId)); break;
        case BtfKind.Typedef: builder.AddTypedef(name, Of(type.TypeId)); break;
        case BtfKind.Forward: builder.AddForward(name, type.KindFlag); break;
        case BtfKind.Variable: builder.AddVariable(name, type.Linkage, Of(type.TypeId)); break;
        case BtfKind.Array: builder.AddArray(Of(type.Array.ElementTypeId), Of(type.Array.IndexTypeId), type.Array.Count); break;
        case BtfKind.FunctionPrototype:
            builder.AddFunctionPrototype(Of(type.TypeId));
            foreach (BtfParameter parameter in type.Parameters) builder.AddParameter(parameter.Name, Of(parameter.TypeId));
            break;
        case BtfKind.Enum or BtfKind.Enum64:
            if (type.Kind == BtfKind.Enum) builder.AddEnum(name, type.Size, type.KindFlag);
            else builder.AddEnum64(name, type.Size, type.KindFlag);
            foreach (BtfEnumerator value in type.Enumerators) builder.AddEnumerator(value.Name, value.Value);
            break;
        case BtfKind.Struct or BtfKind.Union:
            if (type.Kind == BtfKind.Struct) builder.AddStruct(name, type.Size);
            else builder.AddUnion(name, type.Size);
            foreach (BtfMember member in type.Members) builder.AddMember(member.Name, Of(member.TypeId), member.BitOffset, member.BitFieldSize);
            break;
        default: throw new InvalidOperationException($"{type.Kind} {name}");
    }
}

byte[] small = BtfDeduplication.Run(builder.ToReader()).Types.Raw.ToArray();
File.WriteAllBytes(args[2], small);
Console.WriteLine($"{kept.Length} of {kernel.TypeCount} types, {small.Length} of {kernel.Raw.Length} bytes");
