using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>Walks over the entries of a map: by batches where the kernel has them, else key by key.</summary>
/// <remarks>
/// A batch goes on from a bucket number, so no concurrent change can throw it back. Key by key, the kernel goes on from a key, and
/// begins again with the first when that key is gone. The walk is therefore one key ahead of what it has given out, so that removing
/// the entry in hand does no harm; when the key ahead is removed by somebody else, it goes on from the one in hand; only when
/// both are gone does it start again. It says so, and gives up after <see cref="RestartLimit"/> times.
/// Mutable structure: copying it means returning its buffer twice.
/// </remarks>
[SupportedOSPlatform("linux")]
internal struct MapWalker : IDisposable
{
    /// <summary>How often a walk may start again.</summary>
    public const int RestartLimit = 16;

    private const int BatchBytes = 65536;
    private const int BatchEntries = 512;

    private readonly BpfMap _map;
    private readonly int _keySize;
    private readonly int _valueSize;
    private readonly int _tokenSize;

    // By batch: the token to go on from, the next token, keys, values. By key: three slots for keys, the first key, the value.
    private byte[]? _buffer;
    private int _capacity;
    private int _index;
    private int _count;
    private Mode _mode;
    private long _steps;
    private bool _hasGiven;

    // By key: where the key is that was given, the one at hand, and the one ahead. They change places, so that no key is copied.
    private int _given;
    private int _current;
    private int _ahead;

    public MapWalker(BpfMap map, bool byKey = false)
    {
        if (map.KeySize == 0)
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}, which has no keys to walk over.");
        _map = map;
        _keySize = map.KeySize;
        _valueSize = map.ValueBufferSize;
        // A hash table's token is a bucket number of 4 bytes, any other map's a key (generic_map_lookup_batch()).
        _tokenSize = Math.Max(_keySize, sizeof(uint));
        // Before 6.14 a batch over an array of maps stumbled over its empty slots.
        _mode = byKey || map.Type == BpfMapType.ArrayOfMaps ? Mode.FirstKey : Mode.FirstBatch;
        _index = -1;
        _current = _keySize;
        _ahead = 2 * _keySize;
    }

    private enum Mode
    {
        FirstBatch,
        Batch,
        LastBatch,
        FirstKey,
        Key,
        LastKey,
        Done,
    }

    /// <summary>How often the walk started again, so that entries were given out twice.</summary>
    public int Restarts { get; private set; }

    public readonly ReadOnlySpan<byte> Key => ByBatch
        ? _buffer.AsSpan((2 * _tokenSize) + (_index * _keySize), _keySize)
        : _buffer.AsSpan(_given, _keySize);

    public readonly ReadOnlySpan<byte> Value => ByBatch
        ? _buffer.AsSpan((2 * _tokenSize) + (_capacity * _keySize) + (_index * _valueSize), _valueSize)
        : _buffer.AsSpan(4 * _keySize, _valueSize);

    private readonly Span<byte> FirstKeyOfAll => _buffer.AsSpan(3 * _keySize, _keySize);

    private readonly bool ByBatch => _mode is Mode.Batch or Mode.LastBatch;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="InvalidOperationException">The map changes so fast that the walk would never end.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            switch (_mode)
            {
                case Mode.Batch or Mode.LastBatch when ++_index < _count:
                    return true;
                case Mode.FirstBatch or Mode.Batch:
                    NextBatch();
                    break;
                case Mode.FirstKey:
                    if (FirstKey())
                        break;
                    return false;
                case Mode.Key:
                    if (NextKey())
                        return true;
                    break;
                default:
                    _mode = Mode.Done;
                    return false;
            }
        }
    }

    public void Dispose()
    {
        _mode = Mode.Done;
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private void NextBatch()
    {
        bool first = _mode == Mode.FirstBatch;
        if (first)
            Rent(Math.Clamp(BatchBytes / (_keySize + _valueSize), 1, BatchEntries), 0);
        Span<byte> token = _buffer.AsSpan(0, _tokenSize);

        for (int retries = 0; ; retries++)
        {
            Span<byte> next = _buffer.AsSpan(_tokenSize, _tokenSize);
            Span<byte> keys = _buffer.AsSpan(2 * _tokenSize);
            uint count = (uint)_capacity;
            Errno errno = BpfSyscall.MapLookupBatch(
                _map.Handle,
                in MemoryMarshal.GetReference(first ? default : token),
                ref MemoryMarshal.GetReference(next),
                ref MemoryMarshal.GetReference(keys),
                ref MemoryMarshal.GetReference(keys[(_capacity * _keySize)..]),
                ref count,
                0);

            switch (errno)
            {
                case Errno.None or Errno.ENOENT:
                case Errno.EINTR when count > 0:
                    next.CopyTo(token);
                    _index = -1;
                    _count = (int)Math.Min(count, (uint)_capacity);
                    _mode = errno == Errno.ENOENT ? Mode.LastBatch : Mode.Batch;
                    return;
                // A bucket of a hash table holds more entries than fit.
                case Errno.ENOSPC when _capacity < _map.MaxEntries:
                    Rent((int)Math.Min(_capacity * 2L, _map.MaxEntries), _tokenSize);
                    token = _buffer.AsSpan(0, _tokenSize);
                    break;
                // 5.6 has batches for some maps, later kernels for more; before, the command is EINVAL.
                case Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP when first:
                    _mode = Mode.FirstKey;
                    return;
                // generic_map_lookup_batch() gives up when entries are removed before it three times in a row.
                case Errno.EINTR when retries < RestartLimit:
                    break;
                default:
                    MapRefusal.Throw(_map, BpfCommand.MapLookupBatch, errno);
                    break;
            }
        }
    }

    private bool FirstKey()
    {
        Rent(1, 0);
        Span<byte> ahead = _buffer.AsSpan(_ahead, _keySize);
        bool found = _map.TryGetNextKey(default, ahead);
        ahead.CopyTo(FirstKeyOfAll);
        _mode = found ? Mode.Key : Mode.Done;
        return found;
    }

    private bool NextKey()
    {
        (_current, _ahead) = (_ahead, _current);
        bool exists = Lookup(_current);
        // The indices of an array are all keys, whether there is something in the slot or not.
        bool vanished = !exists && !_map.Type.HasIndexKeys();
        bool canResume = vanished && _hasGiven && Lookup(_given);
        bool more = FindKeyBehind(canResume ? _given : _current);

        _steps++;
        Span<byte> ahead = _buffer.AsSpan(_ahead, _keySize);
        // A walk that is longer than the map has started again without our noticing: the key vanished between the two calls.
        bool restarted = (vanished && !canResume) || (more && ahead.SequenceEqual(FirstKeyOfAll)) || _steps > _map.MaxEntries + 1L;
        if (restarted && more)
        {
            if (++Restarts > RestartLimit)
                throw new InvalidOperationException($"{MapRefusal.Describe(_map)} changed during each of {RestartLimit} walks over its keys.");
            ahead.CopyTo(FirstKeyOfAll);
            _steps = 0;
        }

        if (!more)
            _mode = Mode.LastKey;
        if (!exists)
            return false;
        (_given, _current) = (_current, _given);
        _hasGiven = true;
        return true;
    }

    // Of the sizes that a map's own methods check, these are sure.
    private readonly bool Lookup(int key)
    {
        Span<byte> value = _buffer.AsSpan(4 * _keySize, _valueSize);
        return _map.FoundOrThrow(
            BpfCommand.MapLookupElement, BpfSyscall.MapLookup(_map.Handle, in _buffer![key], ref MemoryMarshal.GetReference(value), 0));
    }

    private readonly bool FindKeyBehind(int key)
        => _map.FoundOrThrow(BpfCommand.MapGetNextKey, BpfSyscall.MapNextKey(_map.Handle, in _buffer![key], ref _buffer[_ahead]));

    private void Rent(int capacity, int keep)
    {
        int size = Math.Max(checked((2 * _tokenSize) + (capacity * (_keySize + _valueSize))), (4 * _keySize) + _valueSize);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        if (_buffer is not null)
        {
            _buffer.AsSpan(0, keep).CopyTo(buffer);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = buffer;
        _capacity = capacity;
    }
}
