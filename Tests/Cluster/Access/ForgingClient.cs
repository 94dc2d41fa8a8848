using System.Net;
using System.Reflection;
using Basgd.Contracts.Access;
using Basgd.Contracts.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.CodeGeneration;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Basgd.Cluster.Tests.Access;

/// <summary>A client that can say its calls come from somebody else, as a program of a hostile client's own can: by what Orleans keeps to itself.</summary>
internal sealed class ForgingClient : IAsyncDisposable
{
    private readonly IHost host;

    private ForgingClient(IHost host) => this.host = host;

    public IGrainFactory Grains => host.Services.GetRequiredService<IClusterClient>();

    /// <param name="token">For the connection; no ticket goes with calls by it.</param>
    public static async Task<ForgingClient> Connect(int gateway, string token)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gateway));
            client.Configure<ClusterOptions>(static options => options.ClusterId = options.ServiceId = "basgd");
            client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(connection => connection.Use(next => context => TokenHandshake.Connect(context, next, token, TimeProvider.System))));
            client.Services.AddSingleton<Forger>();
            client.Services.AddSingleton<IOutgoingGrainCallFilter>(static services => services.GetRequiredService<Forger>());
        });
        var host = builder.Build();
        await host.StartAsync();
        return new ForgingClient(host);
    }

    /// <summary>Sends the call that is made inside as if it came from a grain, with a ticket, and waits for no answer: that goes to the grain.</summary>
    public Task Forge(GrainId sender, string ticket, Func<Task> call) => host.Services.GetRequiredService<Forger>().Send(sender, ticket, call);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private sealed class Forger(IServiceProvider services) : IOutgoingGrainCallFilter
    {
        private readonly AsyncLocal<GrainId?> forged = new();

        public async Task Send(GrainId sender, string ticket, Func<Task> call)
        {
            // Both last as long as this method.
            forged.Value = sender;
            RequestContext.Set(Token.TicketName, ticket);
            await call();
        }

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            if (forged.Value is not { } sender) return context.Invoke();
            var message = Call(Own("Orleans.Runtime.MessageFactory"), "CreateMessage", context.Request, InvokeMethodOptions.None)!;
            Set(message, "SendingGrain", sender);
            Set(message, "TargetGrain", context.TargetId);
            Set(message, "InterfaceType", context.InterfaceType);
            Set(message, "InterfaceVersion", ((GrainReference)context.Grain!).InterfaceVersion);
            Call(Own("Orleans.Messaging.ClientMessageCenter"), "SendMessage", message);
            context.Response = Response.Completed;
            return Task.CompletedTask;
        }

        private object Own(string type) => services.GetRequiredService(typeof(IClusterClient).Assembly.GetType(type) ?? typeof(ClientConnectionOptions).Assembly.GetType(type, throwOnError: true)!);

        private static object? Call(object target, string method, params object?[] arguments) =>
            target.GetType().GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Single(found => found.Name == method && found.GetParameters().Length == arguments.Length).Invoke(target, arguments);

        private static void Set(object target, string property, object value) => target.GetType().GetProperty(property)!.SetValue(target, value);
    }
}
