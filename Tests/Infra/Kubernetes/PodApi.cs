using System.Collections.Concurrent;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>As much of Kubernetes' API as a silo asks for: the pods of one namespace. Writes down what was asked.</summary>
internal sealed class PodApi : IAsyncDisposable
{
    private readonly Channel<string> gone = Channel.CreateUnbounded<string>();
    private readonly WebApplication server;

    private PodApi(WebApplication server) => this.server = server;

    /// <summary>Of a role's rule: get, list, watch, …</summary>
    public ConcurrentDictionary<string, bool> Verbs { get; } = new();

    public KubernetesClientConfiguration Client => new() { Host = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() };

    /// <param name="labels">Of every pod.</param>
    public static async Task<PodApi> Start(IDictionary<string, string> labels)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new PodApi(builder.Build());
        const string Pods = "/api/v1/namespaces/{space}/pods";
        api.server.MapGet(Pods + "/{name}", (string name) => api.Answer("get", Pod(name, labels)));
        api.server.MapGet(Pods, async (HttpContext context, bool? watch) =>
        {
            if (watch != true) return api.Answer("list", new V1PodList { ApiVersion = "v1", Kind = "PodList", Metadata = new V1ListMeta(), Items = [] });
            api.Verbs["watch"] = true;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await foreach (var name in api.gone.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($$"""{"type":"DELETED","object":{{KubernetesJson.Serialize(Pod(name, labels))}}}""" + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            return Results.Empty;
        });
        api.server.MapFallback(context =>
        {
            api.Verbs[$"{context.Request.Method} {context.Request.Path}"] = true;
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        await api.server.StartAsync();
        return api;
    }

    /// <summary>Tells whoever watches that the pod is gone.</summary>
    public void Delete(string name) => gone.Writer.TryWrite(name);

    public async ValueTask DisposeAsync()
    {
        gone.Writer.Complete();
        await server.DisposeAsync();
    }

    private IResult Answer(string verb, object thing)
    {
        Verbs[verb] = true;
        return Results.Text(KubernetesJson.Serialize(thing), "application/json");
    }

    private static V1Pod Pod(string name, IDictionary<string, string> labels) => new() { ApiVersion = "v1", Kind = "Pod", Metadata = new V1ObjectMeta { Name = name, Labels = labels } };
}
