using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Contracts.Connections;
using Basgd.Contracts.Programs;

namespace Basgd.Client.Verbs;

/// <summary>What a cluster that does not answer everybody asks for: a token, a certificate.</summary>
internal sealed class CredentialOptions
{
    /// <summary>The token itself. There is no option for it: everybody on a machine can read command lines.</summary>
    private const string TokenVariable = EnvironmentVariables.Token;

    private readonly Option<string?> token = new("--token-file") { Description = $"File with the token of a cluster that asks for one. Default: the token in {TokenVariable}.", HelpName = "FILE" };
    private readonly Option<string?> certificate = File("--tls-certificate", EnvironmentVariables.TlsCertificate, "PEM file of this client's certificate, for a cluster with TLS");
    private readonly Option<string?> key = File("--tls-key", EnvironmentVariables.TlsKey, "PEM file of its private key");
    private readonly Option<string?> authority = File("--tls-authority", EnvironmentVariables.TlsAuthority, "PEM file of the authority that signs the certificates of the silos");

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[token, certificate, key, authority]) verb.Add(option);
    }

    /// <exception cref="UsageException">A file cannot be read or is not what it must be.</exception>
    public Credentials Read(ParseResult parse) => new(Token(parse), Tls(parse));

    private string? Token(ParseResult parse)
    {
        var (source, value) = parse.GetValue(token) is { } path ? ($"{token.Name} = {path}", ReadToken(path)) : (TokenVariable, EnvironmentVariables.Value(TokenVariable)?.Trim());
        if (string.IsNullOrEmpty(value)) return null;
        if (value.Length < Contracts.Access.Token.LeastLength || value.Any(char.IsWhiteSpace)) throw new UsageException($"{source}: must be one token, of at least {Contracts.Access.Token.LeastLength} characters");
        return value;
    }

    private string ReadToken(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{token.Name} = {path}: must be a file that can be read ({failure.Message})");
        }
    }

    private TlsFiles? Tls(ParseResult parse)
    {
        (string Name, Option<string?> Option)[] options = [(nameof(TlsFiles.Certificate), certificate), (nameof(TlsFiles.Key), key), (nameof(TlsFiles.Authority), authority)];
        var given = options.ToDictionary(static option => option.Name, option => parse.GetValue(option.Option));
        if (given.Values.All(string.IsNullOrEmpty)) return null;
        foreach (var (name, option) in options)
            if (string.IsNullOrEmpty(given[name])) throw new UsageException($"{option.Name}: must be given where another file of TLS is");

        var files = new TlsFiles(given[nameof(TlsFiles.Certificate)]!, given[nameof(TlsFiles.Key)]!, given[nameof(TlsFiles.Authority)]!);
        try
        {
            TlsIdentity.Read(files, isSilo: false, TimeProvider.System.GetUtcNow());
            return files;
        }
        catch (TlsFileException wrong)
        {
            throw new UsageException($"{Name(wrong.File)} = {given[wrong.File]}: {wrong.Rule(Name)}");
        }

        string Name(string file) => options.Single(option => option.Name == file).Option.Name;
    }

    private static Option<string?> File(string name, string variable, string description) =>
        new(name) { Description = $"{description}. Default: {variable}.", HelpName = "FILE", DefaultValueFactory = _ => EnvironmentVariables.Value(variable) };
}
