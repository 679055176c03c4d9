namespace Bpf.Loader.Links.Usdt;

/// <summary>A place of a USDT probe in a binary, as its note describes it.</summary>
/// <param name="Provider">Who offers the probe.</param>
/// <param name="Name">The probe's name.</param>
/// <param name="Arguments">Where its arguments are, in the assembler's words.</param>
/// <param name="Location">The address of the probe.</param>
/// <param name="Base">Where <c>.stapsdt.base</c> was when the note was written; prelinking moves it.</param>
/// <param name="Semaphore">The address of the counter that tells the program that somebody listens; 0 for none.</param>
internal readonly record struct UsdtNote(
    string Provider, string Name, string Arguments, ulong Location, ulong Base, ulong Semaphore);
