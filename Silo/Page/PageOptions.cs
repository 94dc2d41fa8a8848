using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Page;

/// <summary>The live page; section <c>Basgd:Page</c>.</summary>
[OptionsSection("Basgd:Page")]
public sealed class PageOptions
{
    [Description("Port that serves the live page and its `/api` over HTTP, on the silo's address; 0 for no page. Any silo can serve it.")]
    [Range(0, 65_535)]
    public int Port { get; set; }

    [Description("Takes any free port if that one is taken; the line `ready` says which.")]
    public bool OrAnyPort { get; set; }

    [Description(
        "A visitor who gives it on the page may pause, resume, stop and evaluate jobs; at least 16 characters. Without one everybody who reaches "
        + "the port may look, and export weights, and nobody may act. There is no TLS: put a proxy before it if the network is not your own.")]
    [MinLength(16, ErrorMessage = "must have at least 16 characters"), PasswordPropertyText(true)]
    public string? Token
    {
        get;
        set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); // Of a file there is a line's end.
    }
}
