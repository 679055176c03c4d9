using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Docs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>
/// The agent that the documentation upgrades, in its versions: it counts what leaves a cgroup, that of the test, in pinned maps and by a
/// pinned link.
/// </summary>
internal sealed class Agent : IDisposable
{
    private readonly TestCgroup _cgroup = new();
    private readonly TestFileSystem _pins = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-agent-").FullName;

    public string Link => _pins["links/leaving"];

    public string Map => _pins["maps/bytes"];

    public LogLines Log { get; } = new();

    /// <summary>The bytes of a packet that was sent, as the program counts them: with the headers of UDP and IPv4.</summary>
    public static ulong PacketSize => 20 + 8 + 20;

    /// <summary>A version of it, not started yet.</summary>
    public IHost Build(string version, Action<BpfHostOptions>? configure = null, Action<BpfBuilder>? add = null)
    {
        string path = Path.Combine(_folder, version);
        File.WriteAllBytes(path, DocObjects.All[version]);
        return TestHost.Build(
            services =>
            {
                services.AddHealthChecks().AddBpf();
                BpfBuilder builder = services.AddBpf(path, options =>
                {
                    options.Open = new BpfOpenOptions { PinRootPath = _pins["maps"] };
                    options.PinLinks(_pins["links"]);
                    configure?.Invoke(options);
                }).Attach("leaving", leaving => leaving.AttachCgroup(_cgroup.Path));
                add?.Invoke(builder);
            },
            Log);
    }

    /// <summary>Attaches a program as the agent's is, without it.</summary>
    public BpfLink Attach(BpfProgram program) => program.AttachCgroup(_cgroup.Path);

    public void Send(int packets)
    {
        for (int i = 0; i < packets; i++) _socket.SendTo(new byte[20], new IPEndPoint(IPAddress.Loopback, 9));
    }

    /// <summary>The number of the program that runs by the pinned link.</summary>
    public uint Running()
    {
        using BpfLink link = BpfLink.OpenPinned(Link);
        return link.GetInfo().ProgramId;
    }

    /// <summary>What the pinned map holds.</summary>
    public T Read<T>()
        where T : unmanaged
    {
        using BpfMap map = BpfMap.OpenPinned(Map);
        return map.As<uint, T>()[0];
    }

    public void Dispose()
    {
        _socket.Dispose();
        _pins.Dispose();
        _cgroup.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
