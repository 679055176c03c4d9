using System;
using System.Collections.Generic;
using System.IO;

namespace Bpf.Tool.Commands.Programs;

/// <summary>The pins that a command has made so far, with the folders on the way: all or nothing.</summary>
internal sealed class NewPins
{
    private readonly Stack<Action> _undo = [];

    /// <summary>Pins something.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pin">Pins it there, and makes the folders that are missing.</param>
    public void Add(string path, Action<string> pin)
    {
        Action[] folders = [.. MissingFolders(path)];
        pin(path);
        foreach (Action folder in folders) _undo.Push(folder);
        _undo.Push(() => File.Delete(path));
    }

    /// <summary>Removes the pins, and those folders that hold nothing else.</summary>
    public void TakeBack()
    {
        while (_undo.TryPop(out Action? undo))
        {
            try
            {
                undo();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else uses it by now, or has removed it.
                continue;
            }
        }
    }

    private static Stack<Action> MissingFolders(string path)
    {
        var missing = new Stack<Action>();
        for (string? folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            string made = folder;
            missing.Push(() => Directory.Delete(made));
        }

        return missing;
    }
}
