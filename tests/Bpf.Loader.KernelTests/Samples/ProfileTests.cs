using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class ProfileTests
{
    private const string HotMethod = "Bpf.Samples.Worker::CountPrimes(int32)";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_hot_method_of_NET_is_in_the_flame_graph()
    {
        Sample.SkipOnEmulatedCpu();
        string picture = Path.GetTempFileName();
        using Sample app = Sample.StartWith(new() { ["DOTNET_PerfMapEnabled"] = "1" }, "usdt-app", "--pause", "0");
        app.ReadLine();
        string folded = Sample.Run("profile", "--pid", Text(app.Id), "--duration", "1", "--svg", picture);
        app.Stop();

        // main;...;method count, with the method innermost in most of the samples
        string[] stacks = folded.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(stacks, stack => Assert.True(Count(stack) > 0, stack));
        long all = stacks.Sum(Count), hot = stacks.Where(stack => stack.Contains(HotMethod, StringComparison.Ordinal)).Sum(Count);
        Assert.True(hot > all / 2, folded);

        XElement svg = XDocument.Load(picture).Root!;
        Assert.Equal(Svg + "svg", svg.Name);
        string[] titles = [.. svg.Descendants(Svg + "title").Select(title => title.Value)];
        Assert.Contains(titles, title => title.Contains(HotMethod, StringComparison.Ordinal));
        Assert.Contains(titles, title => title.StartsWith($"all ({all} samples, 100.0 %)", StringComparison.Ordinal));
        AssertBoxesRestOnTheirCallers(svg);
        File.Delete(picture);
        File.Delete($"/tmp/perf-{app.Id}.map");
        File.Delete($"/tmp/perfinfo-{app.Id}.map");
    }

    [Fact]
    public void Functions_of_the_kernel_and_of_libraries_have_names()
    {
        Sample.SkipOnEmulatedCpu();
        using var dd = System.Diagnostics.Process.Start("dd", "if=/dev/zero of=/dev/null bs=64k status=none");
        string folded = Sample.Run("profile", "--pid", Text(dd.Id), "--duration", "0.5", "--frequency", "499");
        dd.Kill();
        dd.WaitForExit();
        Assert.All(folded.Split('\n', StringSplitOptions.RemoveEmptyEntries), stack => Assert.StartsWith("dd;", stack, StringComparison.Ordinal));
        string[] frames = folded.Split(';', '\n');
        Assert.Contains("ksys_read_[k]", frames);
        Assert.Contains(frames, frame => frame is "read" or "__read");
    }

    // Each box but the lowest stands on one that is at least as wide.
    private static void AssertBoxesRestOnTheirCallers(XElement svg)
    {
        (double Left, double Top, double Right)[] boxes =
        [
            .. svg.Descendants(Svg + "rect").Select(rect => (Number(rect, "x"), Number(rect, "y"), Number(rect, "x") + Number(rect, "width"))),
        ];
        double ground = boxes.Max(box => box.Top);
        Assert.Single(boxes, box => box.Top == ground);
        Assert.All(boxes.Where(box => box.Top < ground), box => Assert.Contains(
            boxes, below => Math.Abs(below.Top - box.Top - 17) < 0.01 && below.Left <= box.Left + 0.02 && below.Right >= box.Right - 0.02));
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static long Count(string stack) => long.Parse(stack.AsSpan(stack.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
