using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>Writes the section <c>.BTF.ext</c>. Records of a section stand together, sections in the order in which they were begun.</summary>
public sealed class BtfExtBuilder
{
    private const int HeaderLength = 32;

    private readonly Table _functions = new(BtfFuncInfo.KnownSize);
    private readonly Table _lines = new(BtfLineInfo.KnownSize);
    private readonly Table _coRe = new(BtfCoReRecord.KnownSize);

    /// <summary>True when nothing was added.</summary>
    public bool IsEmpty => _functions.IsEmpty && _lines.IsEmpty && _coRe.IsEmpty;

    /// <summary>Adds a function.</summary>
    /// <param name="sectionName">The name of the ELF section, as an offset in the strings of the BTF.</param>
    /// <param name="record">The record.</param>
    public void Add(uint sectionName, BtfFuncInfo record) => _functions.Add(sectionName, record.InstructionOffset, (uint)record.TypeId.Value);

    /// <summary>Adds a source line.</summary>
    /// <param name="sectionName">The name of the ELF section, as an offset in the strings of the BTF.</param>
    /// <param name="record">The record.</param>
    public void Add(uint sectionName, BtfLineInfo record) =>
        _lines.Add(sectionName, record.InstructionOffset, record.FileNameOffset, record.LineOffset, record.LineColumn);

    /// <summary>Adds a CO-RE relocation.</summary>
    /// <param name="sectionName">The name of the ELF section, as an offset in the strings of the BTF.</param>
    /// <param name="record">The record.</param>
    public void Add(uint sectionName, BtfCoReRecord record) =>
        _coRe.Add(sectionName, record.InstructionOffset, (uint)record.TypeId.Value, record.AccessStringOffset, (uint)record.Kind);

    /// <summary>The section as bytes, in the byte order of this machine.</summary>
    public byte[] ToArray() => ToArray(!BitConverter.IsLittleEndian);

    /// <summary>The section as bytes in a byte order.</summary>
    public byte[] ToArray(bool isBigEndian)
    {
        var words = new List<uint>();
        uint functions = _functions.Length, lines = _lines.Length;
        words.AddRange([0, HeaderLength, 0, functions, functions, lines, functions + lines, _coRe.Length]);
        _functions.Write(words);
        _lines.Write(words);
        _coRe.Write(words);
        byte[] raw = new byte[words.Count * 4];
        for (int i = 0; i < words.Count; i++)
        {
            if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(i * 4), words[i]);
            else BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(i * 4), words[i]);
        }

        if (isBigEndian) BinaryPrimitives.WriteUInt16BigEndian(raw, BtfReader.Magic);
        else BinaryPrimitives.WriteUInt16LittleEndian(raw, BtfReader.Magic);
        raw[2] = 1;
        return raw;
    }

    /// <summary>One of the tables, its records as words by section.</summary>
    private sealed class Table(int recordSize)
    {
        private readonly Dictionary<uint, List<uint>> _sections = [];
        private readonly List<uint> _order = [];

        public bool IsEmpty => _order.Count == 0;

        /// <summary>The length in bytes; 0 when there are no records.</summary>
        public uint Length
        {
            get
            {
                uint length = IsEmpty ? 0u : 4;
                foreach (List<uint> records in _sections.Values) length = checked(length + 8 + ((uint)records.Count * 4));
                return length;
            }
        }

        public void Add(uint section, params ReadOnlySpan<uint> record)
        {
            if (!_sections.TryGetValue(section, out List<uint>? records))
            {
                _sections.Add(section, records = []);
                _order.Add(section);
            }

            records.AddRange(record);
        }

        public void Write(List<uint> words)
        {
            if (IsEmpty) return;
            words.Add((uint)recordSize);
            foreach (uint section in _order)
            {
                List<uint> records = _sections[section];
                words.Add(section);
                words.Add((uint)(records.Count * 4 / recordSize));
                words.AddRange(records);
            }
        }
    }
}
