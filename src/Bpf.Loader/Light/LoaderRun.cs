using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>One run of a loader program, and the descriptors that came of it: what is not taken is closed at the end.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoaderRun(BpfLightFile light, BpfObjectFile file, BpfKeyring keyring) : IDisposable
{
    private const uint FirstLogLevel = 1;

    private readonly LightContents _contents = light.Contents;
    private readonly byte[] _context = new byte[light.Contents.Context.Size];
    private readonly Dictionary<int, FileDescriptorHandle> _made = [];

    /// <summary>Loads the loader program and runs it.</summary>
    /// <exception cref="BpfException">The kernel refuses the loader, or the loader something of the object.</exception>
    public unsafe void Run()
    {
        using FileDescriptorHandle program = LoaderImage.Load(light, file, keyring);
        Errno errno = RunOnce(program, default, out LoaderStep step);
        if (errno == Errno.EAGAIN)
        {
            // A signal came while a program was verified; the runtime's own count.
            using SignalBlock quiet = SignalBlock.Begin();
            errno = RunOnce(program, default, out step);
        }

        if (errno == Errno.None) return;
        string words = "";
        if (step.Command is BpfCommand.ProgLoad or BpfCommand.BtfLoad)
        {
            // A log slows the verifier down several times: it is asked for only when there is something to explain.
            using var log = new VerifierLogBuffer();
            Errno first = errno;
            fixed (byte* memory = log.Memory)
                errno = RunOnce(program, log.Memory, out step);
            if (errno == Errno.None) return;
            if (errno is Errno.ENOSPC or Errno.EFAULT) errno = first;
            words = log.Read();
        }

        throw LightFailure.Explain(light, file, step, errno, words);
    }

    /// <summary>Hands a descriptor over.</summary>
    public FileDescriptorHandle Take(int field)
    {
        _made.Remove(field, out FileDescriptorHandle? handle);
        return handle ?? throw new InvalidOperationException($"The loader of '{light.Name}' gave no descriptor at {field}.");
    }

    public void Dispose()
    {
        foreach (FileDescriptorHandle handle in _made.Values) handle.Dispose();
    }

    private unsafe Errno RunOnce(FileDescriptorHandle program, Span<byte> log, out LoaderStep step)
    {
        _context.AsSpan().Clear();
        List<MemoryHandle> pins = [];
        try
        {
            if (!_contents.IsBound) pins = Fill();
            fixed (byte* memory = log)
            {
                if (!log.IsEmpty)
                {
                    Write(LoaderContext.LogLevel, FirstLogLevel);
                    Write(LoaderContext.LogSize, (uint)log.Length);
                    Write(LoaderContext.LogBuffer, (ulong)memory);
                }

                Errno errno = BpfSyscall.ProgramRun(program, new ProgramRunRequest { ContextIn = _context }, out ProgTestRunAttr answer);
                if (errno != Errno.None) throw LightFailure.NotRun(light, errno);
                step = _contents.Steps[(int)Math.Min(MemoryMarshal.Read<uint>(_context.AsSpan(LoaderContext.Step)), (uint)_contents.Steps.Count - 1)];
                if ((int)answer.ReturnValue < 0) return (Errno)(-(int)answer.ReturnValue);
            }
        }
        finally
        {
            foreach (MemoryHandle pin in pins) pin.Dispose();
        }

        Adopt();
        return Errno.None;
    }

    // What the caller sets: how many entries, and constants that are not those that came along.
    private unsafe List<MemoryHandle> Fill()
    {
        var pins = new List<MemoryHandle>();
        for (int i = 0; i < file.Maps.Count; i++)
        {
            BpfMapDefinition map = file.Maps[i];
            Write(LoaderContext.MaxEntries(i), map.MaxEntries);
            Write(LoaderContext.InnerMaxEntries(i), map.InnerMap?.MaxEntries ?? 0);
            if (!LoaderProgram.IsFrozen(map) || !map.AutoCreate || !LightLoader.IsChanged(map, _contents, i)) continue;
            MemoryHandle pin = map.InitialValue.Pin();
            pins.Add(pin);
            Write(LoaderContext.InitialValue(i), (ulong)pin.Pointer);
        }

        return pins;
    }

    private void Adopt()
    {
        LoaderContext context = _contents.Context;
        IEnumerable<int> maps = Enumerable.Range(0, file.Maps.Count).Where(i => file.Maps[i].AutoCreate).Select(context.Map);
        foreach (int field in maps.Concat(Enumerable.Range(0, file.Programs.Count).Select(context.Program)))
            _made.Add(field, FileDescriptorHandle.Adopt(MemoryMarshal.Read<int>(_context.AsSpan(field))));
    }

    private void Write<T>(int field, T value)
        where T : unmanaged => MemoryMarshal.Write(_context.AsSpan(field), in value);
}
