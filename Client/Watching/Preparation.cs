using System.Globalization;
using Basgd.Client.Clusters;
using Spectre.Console;

namespace Basgd.Client.Watching;

/// <summary>Shows what a silo does before a job can run, such as fetching its data.</summary>
internal static class Preparation
{
    private const int BarWidth = 24;

    /// <param name="what">Said first.</param>
    public static async Task Show(IAnsiConsole console, ICluster cluster, string what, Func<Task> work)
    {
        if (Terminal.IsLive(console))
        {
            await console.Status().StartAsync(Markup.Escape(what), async live =>
            {
                cluster.Progress = progress => live.Status(Markup.Escape(Text(progress)));
                await work();
            });
        }
        else
        {
            console.WriteLine(what);
            var last = "";
            cluster.Progress = progress =>
            {
                if (progress.Message != last) console.WriteLine(last = progress.Message);
            };
            await work();
        }

        cluster.Progress = null;
    }

    /// <summary>The message, with a bar where the end is known.</summary>
    public static string Text(SiloProgress progress)
    {
        if (progress.Received is not { } received) return progress.Message;
        if (progress.Total is not > 0) return $"{progress.Message}  {Megabytes(received)} MB";
        var total = progress.Total.Value;
        var done = (int)(BarWidth * Math.Clamp((double)received / total, 0, 1));
        return $"{progress.Message}  {new string('━', done)}{new string('─', BarWidth - done)}  {Megabytes(received)} of {Megabytes(total)} MB";
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
