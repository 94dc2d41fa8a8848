namespace Basgd.Learning.Data;

/// <summary>The files of a data set and where they are to be had.</summary>
/// <param name="Name">Of the data set, and of the folder its files live in.</param>
/// <param name="Files">All are needed.</param>
/// <param name="Sources">Official places to download each file or the archive from, tried in turn.</param>
/// <param name="Archive">What the sources have in place of the files themselves, if they do.</param>
/// <param name="Package">The distribution's package that has the files, if there is one.</param>
internal sealed record FileSet(
    string Name,
    IReadOnlyList<DataFile> Files,
    IReadOnlyList<Uri> Sources,
    DataArchive? Archive = null,
    DebianPackage? Package = null);

/// <param name="Name">With .gz where it is published so; an unpacked file without the suffix is taken too.</param>
/// <param name="Sha256">Of the published file, in lower-case hexadecimal; null where it comes in an archive or a package, which have sums of their own.</param>
internal sealed record DataFile(string Name, string? Sha256 = null);

/// <param name="Name">Of the published .tar.gz or .zip.</param>
/// <param name="Sha256">Of the archive, in lower-case hexadecimal.</param>
/// <param name="Folder">The folder inside that has the files.</param>
internal sealed record DataArchive(string Name, string Sha256, string Folder);

/// <param name="Name">Of the package.</param>
/// <param name="Folder">Where it puts the files, under /usr/share.</param>
internal sealed record DebianPackage(string Name, string Folder);
