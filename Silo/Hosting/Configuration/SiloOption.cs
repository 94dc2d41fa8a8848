namespace Basgd.Silo.Hosting.Configuration;

/// <summary>An option of the silo.</summary>
/// <param name="Name">Such as <c>Basgd:Worker:Slots</c>.</param>
/// <param name="ShortName">Such as <c>--slots</c>; null if it has none.</param>
/// <param name="Default">As it is written in a configuration; null for none.</param>
/// <param name="Meaning">What it does, with Markdown's quotes around code.</param>
internal sealed record SiloOption(string Name, string? ShortName, string? Default, string Meaning, OptionForm Form, bool IsSecret);

/// <summary>How the value of an option is written.</summary>
internal enum OptionForm
{
    /// <summary>One value.</summary>
    Value,

    /// <summary>true or false; on the command line the name alone means true.</summary>
    Switch,

    /// <summary>Values with numbers for names, such as <c>NAME:0</c>, or values by name.</summary>
    Several,
}
