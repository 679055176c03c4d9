namespace Bpf.Loader.Buffers;

/// <summary>What <see cref="RecordPump{TChunk}"/> drains: a buffer that is entered by one reader at a time.</summary>
internal interface IRecordSource
{
    /// <summary>For the pump's thread.</summary>
    string Name { get; }

    /// <summary>Whether the source was disposed.</summary>
    bool IsClosed { get; }

    /// <summary>Becomes the only reader, until <see cref="Exit"/>.</summary>
    void Enter();

    /// <summary>Stops being the reader.</summary>
    void Exit();

    /// <summary>Takes what is there, without waiting. Only between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    /// <returns>How many records were taken.</returns>
    int Drain<TVisitor>(ref TVisitor visitor)
        where TVisitor : IRecordVisitor, allows ref struct;

    /// <summary>Whether there is something to take. Only between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    bool HasRecords();

    /// <summary>Waits for records. Only between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    WaitResult Wait(int milliseconds);

    /// <summary>Ends the reader's wait.</summary>
    void Wake();
}
