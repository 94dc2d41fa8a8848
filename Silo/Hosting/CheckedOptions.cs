using Basgd.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting;

/// <summary>Reads options from a configuration and collects what is wrong with them, so that all of it is told at once.</summary>
/// <param name="wrong">What is known to be wrong already.</param>
internal sealed class CheckedOptions(IConfiguration configuration, params IEnumerable<string> wrong)
{
    private readonly List<string> problems = [.. wrong];

    /// <summary>The options of a section, by their defaults where they cannot be read.</summary>
    public T Get<T>(string section)
        where T : class, new()
    {
        try
        {
            var options = configuration.GetSection(section).Get<T>() ?? new T();
            problems.AddRange(OptionsRules.Check(options, section));
            return options;
        }
        catch (InvalidOperationException wrong)
        {
            problems.Add(wrong.Message);
            return new T();
        }
    }

    /// <summary>Whether the configuration has a value of this name that is not empty.</summary>
    public bool Has(string name) => !string.IsNullOrEmpty(configuration[name]);

    /// <summary>Adds a broken rule.</summary>
    public void Refuse(object options, string section, string name, string rule) => problems.Add(OptionsRules.Problem(options, section, name, rule));

    /// <summary>Runs what reads an option's value; its <see cref="FormatException"/> is a broken rule.</summary>
    public void Try(object options, string section, string name, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException wrong)
        {
            Refuse(options, section, name, wrong.Message);
        }
    }

    /// <exception cref="OptionsValidationException">Some rule is broken; the message has a line for each.</exception>
    public void ThrowIfWrong()
    {
        if (problems.Count > 0) throw new OptionsValidationException("Basgd", typeof(CheckedOptions), problems.Distinct());
    }
}
