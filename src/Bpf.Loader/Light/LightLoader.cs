using System;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Light;

/// <summary>Loads a light object: has its loader program run, and makes of what came of it a loaded object.</summary>
[SupportedOSPlatform("linux")]
internal static class LightLoader
{
    public static BpfObject Load(BpfLightFile light, BpfLightLoadOptions options)
    {
        LightContents contents = light.Contents;
        BpfObjectFile file = contents.File.Clone();
        using var context = new LoadContext(file, new BpfLoadOptions { TokenPath = "", KernelConfig = options.KernelConfig, OnDiagnostic = options.OnDiagnostic });
        if (contents.IsBound) CheckUnchanged(light);
        else Complete(context);

        using var run = new LoaderRun(light, file, options.Keyring);
        run.Run();
        TakeOver(context, contents, run);
        PutVariables(context, contents);
        var loaded = new BpfObject(context);
        context.HandOver();
        return loaded;
    }

    // What a signature stands for is what comes along: a change would be lost in silence.
    private static void CheckUnchanged(BpfLightFile light)
    {
        LightContents contents = light.Contents;
        for (int i = 0; i < contents.Made.Count; i++)
        {
            BpfMapDefinition map = contents.File.Maps[i];
            if (map.MaxEntries != contents.Made[i].Entries)
                throw new InvalidOperationException($"The number of entries of the map '{map.Name}' was changed, and '{light.Name}' is bound to what it was made with: change it in the object before.");
            if (LoaderProgram.IsFrozen(map) && IsChanged(map, contents, i))
                throw new InvalidOperationException($"Constants of '{map.SectionName}' were changed, and '{light.Name}' is bound to those it was made with: change them in the object before, or make them variables.");
        }
    }

    private static void Complete(LoadContext context)
    {
        foreach (BpfMapDefinition map in context.File.Maps) BpfMapRules.Complete(map, static () => PossibleCpus.Count);
        if (context.File.Externs.Count == 0) return;
        foreach (ResolvedExtern value in ExternResolver.Resolve(context.File, context.Kernel, out _).Values)
        {
            if (value.Failure is not null) throw value.Failure;
        }
    }

    private static void TakeOver(LoadContext context, LightContents contents, LoaderRun run)
    {
        for (int i = 0; i < context.File.Maps.Count; i++)
        {
            BpfMapDefinition definition = context.File.Maps[i];
            if (!definition.AutoCreate) continue;
            FileDescriptorHandle handle = run.Take(contents.Context.Map(i));
            try
            {
                context.Maps.Add(definition, new BpfMap(handle, definition.Name, BpfMap.GetInfo(handle, definition.Name)));
            }
            catch
            {
                handle.Dispose();
                throw;
            }

            // Which programs refer to it is not known any more.
            context.UsedMaps.Add(definition);
        }

        for (int i = 0; i < context.File.Programs.Count; i++)
            context.Programs.Add(context.File.Programs[i], new BpfProgram(run.Take(contents.Context.Program(i)), context.File.Programs[i]));
    }

    // Nothing is attached yet: nobody has seen the values that they were made with.
    private static void PutVariables(LoadContext context, LightContents contents)
    {
        for (int i = 0; i < context.File.Maps.Count; i++)
        {
            BpfMapDefinition definition = context.File.Maps[i];
            if (definition.IsInternal && !LoaderProgram.IsFrozen(definition) && definition.AutoCreate && IsChanged(definition, contents, i))
                MapContents.Fill(context, definition, context.Maps[definition]);
        }
    }

    /// <summary>Whether the variables of a map are not as the loader puts them in.</summary>
    public static bool IsChanged(BpfMapDefinition map, LightContents contents, int index)
    {
        if (!map.HasInitialValue) return false;
        ReadOnlySpan<byte> value = map.InitialValue.Span;
        int at = contents.Made[index].Value;
        return at == LightFormat.NoValue ? value.ContainsAnyExcept((byte)0) : !value.SequenceEqual(contents.Data.Span.Slice(at, value.Length));
    }
}
