using System;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz;

/// <summary>A part of the library with the inputs that it is given.</summary>
/// <param name="name">Its name on the command line.</param>
internal abstract class FuzzTarget(string name)
{
    /// <summary>Its name on the command line, by which inputs are chosen too.</summary>
    public string Name { get; } = name;

    /// <summary>Bytes that may be allocated whatever the size of the input.</summary>
    public virtual long AllocationBase => 2 << 20;

    /// <summary>Bytes that may be allocated for each byte of the input.</summary>
    public virtual long AllocationPerByte => 400;

    /// <summary>How often its turn comes: heavy targets get fewer of the inputs than light ones.</summary>
    public virtual int Share => 4;

    /// <summary>Makes an input.</summary>
    public abstract byte[] Make(FuzzRandom random);

    /// <summary>Does with an input what users do, and checks what came of it.</summary>
    /// <exception cref="OracleException">It came out wrong.</exception>
    public abstract void Run(byte[] input);

    /// <summary>Whether an exception is what the documentation says of input that is no good.</summary>
    public virtual bool IsRefusal(Exception exception) => exception is BpfLoaderException;
}
