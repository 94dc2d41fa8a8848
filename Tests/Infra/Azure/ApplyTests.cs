namespace Basgd.Infra.Tests.Azure;

/// <summary>Infra/azure/apply.sh with an az that answers like a deployment, and a kubectl that applies into a file.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task FillsInWhatTheDeploymentPutOutAndKeepsSecretsOffTheCommandLine()
    {
        var folder = Directory.CreateTempSubdirectory("basgd-").FullName;
        try
        {
            var applied = Path.Combine(folder, "applied");
            Script(Path.Combine(folder, "az"), """
                case "$*" in
                  *outputs.storage*) echo https://basgdabc.blob.core.windows.net/ ;;
                  *outputs.registry*) echo basgdabc.azurecr.io ;;
                  *outputs.identity*) echo 11111111-2222-3333-4444-555555555555 ;;
                  *outputs.cacheAddress*) echo basgdabc.redis.azure.net:10000 ;;
                  *list-keys*) echo the-key ;;
                  *) echo basgdabc ;;
                esac
                """);
            Script(Path.Combine(folder, "kubectl"), $"""
                echo "$*" >> '{folder}/commands'
                case "$1 $2 $3" in
                  "apply -f -") cat >> '{applied}'; echo --- >> '{applied}' ;;
                  "-n basgd get") [ -e '{folder}/tokens' ] ;;
                  "-n basgd create") for argument; do cat "$(echo "$argument" | grep ^--from-file= | cut -d= -f3)"; done >> '{folder}/tokens' 2> /dev/null ;;
                  kustomize*) exec '{await Which("kubectl")}' "$@" ;;
                esac
                """);

            await Apply(folder);
            var tokens = await File.ReadAllLinesAsync(Path.Combine(folder, "tokens"));
            var yaml = await File.ReadAllTextAsync(applied);
            yaml.ShouldContain("password=the-key,ssl=true");
            yaml.ShouldContain("Basgd__Storage__AzureBlob__ServiceUri: https://basgdabc.blob.core.windows.net\n");
            yaml.ShouldContain("image: basgdabc.azurecr.io/basgd-silo:v1\n");
            yaml.ShouldContain("image: basgdabc.azurecr.io/basgd-silo:v1-cuda\n");
            yaml.ShouldContain("client-id: 11111111-2222-3333-4444-555555555555");
            foreach (var placeholder in new[] { "STORAGE-ACCOUNT", "REGISTRY", "00000000-0000" }) yaml.ShouldNotContain(placeholder);
            tokens.Distinct().Count().ShouldBe(3);
            tokens.ShouldAllBe(static token => token.Length == 64);
            var commands = await File.ReadAllTextAsync(Path.Combine(folder, "commands"));
            foreach (var secret in tokens.Append("the-key")) commands.ShouldNotContain(secret);

            // Tokens stay when it is repeated.
            await Apply(folder);
            (await File.ReadAllLinesAsync(Path.Combine(folder, "tokens"))).ShouldBe(tokens);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Apply(string folder) =>
        await Tool.Run("env", $"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", "bash", Repository.PathOf("Infra/azure/apply.sh"), "group", "v1");

    private static async Task<string> Which(string program) => (await Tool.Run("which", program)).Output.Trim();

    private static void Script(string path, string body)
    {
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
