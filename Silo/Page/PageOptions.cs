using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Page;

/// <summary>The live page; section <c>Basgd:Page</c>.</summary>
public sealed class PageOptions
{
    /// <summary>Port that serves the page over HTTP, on the silo's address; 0 for no page. Default: 0.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Whether any free port will do where <see cref="Port"/> is taken. Default: false.</summary>
    public bool OrAnyPort { get; set; }

    /// <summary>Whoever gives this on the page may pause, resume, stop and evaluate jobs; at least 16 characters. Without one everybody may look and nobody may act. Default: none.</summary>
    [MinLength(16, ErrorMessage = "must have at least 16 characters"), PasswordPropertyText(true)]
    public string? Token
    {
        get;
        set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); // Of a file there is a line's end.
    }
}
