using Spectre.Console.Rendering;

namespace Basgd.Client.Watching;

/// <summary>Takes the blanks off the end of each line, which wrapping leaves there.</summary>
internal sealed class Unpadded(IRenderable inner) : Renderable
{
    protected override Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in Segment.SplitLines(inner.Render(options, maxWidth)))
        {
            var length = line.FindLastIndex(static segment => !string.IsNullOrWhiteSpace(segment.Text)) + 1;
            foreach (var (index, segment) in line.Take(length).Index())
                yield return index == length - 1 ? new Segment(segment.Text.TrimEnd(), segment.Style) : segment;
            yield return Segment.LineBreak;
        }
    }
}
