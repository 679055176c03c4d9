using System.Net;
using System.Net.Sockets;

namespace Bpf.Loader.Testing;

/// <summary>Finds a socket for a program.</summary>
/// <param name="protocol">TCP or UDP.</param>
/// <param name="source">Where the packet comes from.</param>
/// <param name="destination">Where it goes.</param>
/// <returns>The socket; null when there is none.</returns>
public delegate SocketObject? BpfSocketLookup(ProtocolType protocol, IPEndPoint source, IPEndPoint destination);
