using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Kernel;

namespace Bpf.Loader.Testing;

/// <summary>
/// An event of a tracepoint, as its program gets it: after 8 bytes of the kernel's own, the fields of its format. The kernel's types
/// describe it as <c>struct trace_event_raw_…</c>.
/// </summary>
public sealed class TracepointContext : BytesContext
{
    private readonly BtfReader? _types;
    private readonly BtfType _type;
    private readonly IReadOnlyDictionary<string, (int Offset, int Size)>? _fields;

    /// <summary>Makes an event of the fields that the machine's kernel types describe.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="category">The category, such as <c>sched</c>; for <c>syscalls</c> every tracepoint has the same fields.</param>
    /// <param name="name">The tracepoint.</param>
    /// <exception cref="ArgumentException">The types do not describe it.</exception>
    public TracepointContext(BpfMachine machine, string category, string name)
        : this(Check(machine).Types.Kernel, Find(machine, category, name))
    {
    }

    /// <summary>Makes an event of given fields, as <c>format</c> in tracefs shows them.</summary>
    /// <param name="size">The size of all of it in bytes.</param>
    /// <param name="fields">The fields, with their offsets and sizes in bytes.</param>
    public TracepointContext(int size, params ReadOnlySpan<(string Name, int Offset, int Size)> fields)
        : base(new byte[size], isWritable: false)
    {
        var found = new Dictionary<string, (int Offset, int Size)>();
        foreach ((string name, int offset, int length) in fields) found.Add(name, (offset, length));
        _fields = found;
    }

    private TracepointContext(BtfReader types, BtfType type)
        : base(new byte[types.SizeOf(type.Id) + MaximumData], isWritable: false)
    {
        _types = types;
        _type = type;
    }

    // What fields of dynamic length (__data_loc) may hold altogether.
    private const int MaximumData = 1024;

    /// <summary>
    /// Sets a field to a number, or to a text: for arrays of characters, and for fields of dynamic length, whose text goes to the end of
    /// the event.
    /// </summary>
    /// <exception cref="ArgumentException">The tracepoint has no such field, or it takes no such value.</exception>
    public object this[string field]
    {
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (int offset, int size, bool isDynamic) = Locate(field);
            if (value is string text)
            {
                if (isDynamic) AppendText(offset, text);
                else if (!BpfText.Write(text, Bytes.Slice(offset, size))) throw new ArgumentException($"\"{text}\" does not fit into {field}, which has {size} bytes.");
                return;
            }

            ulong number = value switch
            {
                ulong unsigned => unsigned,
                KernelObject other => other.Address,
                IConvertible convertible => unchecked((ulong)convertible.ToInt64(null)),
                _ => throw new ArgumentException($"The field '{field}' takes numbers and texts, and no {value.GetType().Name}."),
            };
            BpfBits.Write(Bytes, offset * 8, size * 8, number);
        }
    }

    internal override string Name => "the event of a tracepoint";

    private int _dataEnd;

    private (int Offset, int Size, bool IsDynamic) Locate(string field)
    {
        if (_fields is not null)
        {
            return _fields.TryGetValue(field, out (int Offset, int Size) given)
                ? (given.Offset, given.Size, false)
                : throw new ArgumentException($"The event has no field '{field}'; it has {string.Join(", ", _fields.Keys)}.");
        }

        // In C the place of a dynamic field is __data_loc_NAME.
        string dynamic = "__data_loc_" + field;
        bool isDynamic = _type.Members.Any(member => member.Name == dynamic);
        MemberPath member = MemberPath.Find(_types!, _type, isDynamic ? dynamic : field);
        return (member.Offset, (int)_types!.SizeOf(member.Type.Id), isDynamic);
    }

    // __data_loc: the offset in the event, and above it the length with the NUL.
    private void AppendText(int offset, string text)
    {
        int start = Math.Max((int)_types!.SizeOf(_type.Id), _dataEnd);
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        bytes.CopyTo(Bytes[start..]);
        _dataEnd = start + bytes.Length;
        BpfBits.Write(Bytes, offset * 8, 32, (uint)start | ((uint)bytes.Length << 16));
    }

    private static BpfMachine Check(BpfMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine;
    }

    private static BtfType Find(BpfMachine machine, string category, string name)
    {
        string[] candidates = category switch
        {
            "syscalls" when name.StartsWith("sys_enter_", StringComparison.Ordinal) => ["trace_event_raw_sys_enter"],
            "syscalls" when name.StartsWith("sys_exit_", StringComparison.Ordinal) => ["trace_event_raw_sys_exit"],
            _ => ["trace_event_raw_" + name, .. ClassesOf(name)],
        };
        BtfReader types = machine.Types.Kernel;
        foreach (string candidate in candidates)
        {
            if (types.TryFind(candidate, BtfKind.Struct, out BtfTypeId id)) return types[id];
        }

        throw new ArgumentException($"The machine's kernel types do not describe the tracepoint {category}:{name} (no struct {candidates[0]}): run with a TracepointContext of given fields.", nameof(name));
    }

    // Tracepoints of one class share a structure that has the name of the class (include/trace/events/).
    private static string[] ClassesOf(string name) => name switch
    {
        "sched_wakeup" or "sched_wakeup_new" or "sched_waking" => ["trace_event_raw_sched_wakeup_template"],
        "sched_process_exit" or "sched_process_free" or "sched_wait_task" => ["trace_event_raw_sched_process_template"],
        "block_rq_issue" or "block_rq_insert" or "block_rq_merge" or "block_io_start" or "block_io_done" => ["trace_event_raw_block_rq"],
        "block_rq_complete" or "block_rq_error" => ["trace_event_raw_block_rq_completion"],
        _ => [],
    };

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.Tracepoint;
}
