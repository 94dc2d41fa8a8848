namespace Basgd.Infra.Tests.Azure;

/// <summary>Infra/azure/apply.sh with an az that answers like a deployment, and a kubectl that applies into a file.</summary>
public sealed class ApplyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("basgd-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task FillsInWhatTheDeploymentPutOutAndKeepsSecretsOffTheCommandLine()
    {
        await Apply();
        var tokens = await File.ReadAllLinesAsync(Path.Combine(folder, "tokens"));
        var yaml = await Applied();
        yaml.ShouldContain("password=the-key,ssl=true");
        yaml.ShouldContain("Basgd__Storage__AzureBlob__ServiceUri: https://basgdabc.blob.core.windows.net\n");
        yaml.ShouldContain("client-id: 11111111-2222-3333-4444-555555555555");
        foreach (var placeholder in new[] { "STORAGE-ACCOUNT", "REGISTRY", "00000000-0000" }) yaml.ShouldNotContain(placeholder);
        tokens.Distinct().Count().ShouldBe(3);
        tokens.ShouldAllBe(static token => token.Length == 64);
        var commands = await Commands();
        foreach (var secret in tokens.Append("the-key")) commands.ShouldNotContain(secret);

        // Tokens stay when it is repeated.
        await Apply();
        (await File.ReadAllLinesAsync(Path.Combine(folder, "tokens"))).ShouldBe(tokens);
    }

    [Fact]
    public async Task Images_are_pinned_to_the_digests_of_the_registry()
    {
        await Apply();
        var yaml = await Applied();
        yaml.ShouldContain("image: basgdabc.azurecr.io/basgd-silo:v1@sha256:silo\n");
        yaml.ShouldContain("image: basgdabc.azurecr.io/basgd-silo-cuda:v1@sha256:cuda\n");
    }

    [Fact]
    public async Task Worker_silos_are_as_many_as_the_deployment_has_GPU_nodes()
    {
        await Apply();
        (await Applied()).ShouldContain("maxReplicaCount: 7\n");
    }

    [Fact]
    public async Task It_waits_for_servers_and_for_workers()
    {
        await Apply();
        var commands = await Commands();
        foreach (var waited in new[] { "statefulset/basgd-server", "deployment/prometheus", "deployment/basgd-worker" })
            commands.ShouldContain($"rollout status {waited}");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("daemonset.apps/nvidia-device-plugin", true)]
    [InlineData("daemonset.apps/nvidia-device-plugin-daemonset", false)]
    public async Task The_device_plugin_is_applied_unless_somebody_else_did(string there, bool applied)
    {
        await Apply(new() { ["DAEMONSETS"] = there });
        (await Commands()).Contains("device-plugin.yaml", StringComparison.Ordinal).ShouldBe(applied);
    }

    [Theory]
    [InlineData("NO_IMAGE", "basgd-silo-cuda", "missing: the image basgdabc.azurecr.io/basgd-silo-cuda:v1")]
    [InlineData("NO_KEDA", "1", "missing: KEDA")]
    [InlineData("NO_WORKER", "", "missing: a GPU node")]
    [InlineData("NO_WORKER", "aks-gpu-1 ", "missing: NVIDIA's device plugin on the GPU nodes")]
    [InlineData("NO_WORKER", "aks-gpu-1 1", "worker silos do not get ready")]
    public async Task What_is_missing_is_said(string variable, string value, string said)
    {
        var failure = await Should.ThrowAsync<ToolException>(() => Apply(new() { [variable] = value }));
        failure.Message.ShouldContain(said);
    }

    private async Task Apply(Dictionary<string, string>? variables = null)
    {
        Script("az", """
            case "$*" in
              *"--image $NO_IMAGE:"*) exit 3 ;;
              *outputs.storage*) echo https://basgdabc.blob.core.windows.net/ ;;
              *outputs.registry*) echo basgdabc.azurecr.io ;;
              *outputs.identity*) echo 11111111-2222-3333-4444-555555555555 ;;
              *outputs.cacheAddress*) echo basgdabc.redis.azure.net:10000 ;;
              *outputs.maxWorkers*) echo 7 ;;
              *"-n basgdabc --image basgd-silo:v1"*) echo sha256:silo ;;
              *"-n basgdabc --image basgd-silo-cuda:v1"*) echo sha256:cuda ;;
              *list-keys*) echo the-key ;;
              *) echo basgdabc ;;
            esac
            """);
        Script("kubectl", $$"""
            echo "$*" >> '{{folder}}/commands'
            case "$*" in
              "apply -f -") cat >> '{{folder}}/applied'; echo --- >> '{{folder}}/applied' ;;
              "get crd"*) [ -z "${NO_KEDA:-}" ] ;;
              "get daemonsets"*) echo "${DAEMONSETS:-}" ;;
              "get nodes"*) echo "${NO_WORKER:-}" ;;
              "-n basgd rollout status deployment/basgd-worker"*) [ -z "${NO_WORKER+set}" ] ;;
              "-n basgd get secret"*) [ -e '{{folder}}/tokens' ] ;;
              "-n basgd create"*) for argument; do cat "$(echo "$argument" | grep ^--from-file= | cut -d= -f3)"; done >> '{{folder}}/tokens' 2> /dev/null ;;
              kustomize*) exec '{{await Which("kubectl")}}' "$@" ;;
            esac
            """);
        Script("kubelogin", "exit 0");
        var given = (variables ?? []).Select(static variable => $"{variable.Key}={variable.Value}");
        var environment = given.Append($"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}");
        await Tool.Run("env", [.. environment, "bash", Repository.PathOf("Infra/azure/apply.sh"), "group", "v1"]);
    }

    private Task<string> Applied() => File.ReadAllTextAsync(Path.Combine(folder, "applied"));

    private Task<string> Commands() => File.ReadAllTextAsync(Path.Combine(folder, "commands"));

    private static async Task<string> Which(string program) => (await Tool.Run("which", program)).Output.Trim();

    private void Script(string name, string body)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
