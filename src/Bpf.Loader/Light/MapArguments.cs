namespace Bpf.Loader.Light;

/// <summary>Where the arguments of the calls that make a map stand in the loader's data; 0 for calls that are not made.</summary>
/// <param name="Inner">Of its inner map, as a pattern.</param>
/// <param name="Create">Of the map.</param>
/// <param name="Update">Of putting its value in.</param>
/// <param name="Freeze">Of freezing it.</param>
/// <param name="Key">The key of the value.</param>
internal readonly record struct MapArguments(int Inner, int Create, int Update, int Freeze, int Key);
